// What of a result is printed on the person's sheet: as much as there is room for.

/**
 * The sections that are read on a screen alone, as one sheet has no room for it.
 *
 * What to do, and when, is always printed; of how to get better, and of what is still open, as
 * much as there is room for.
 */
export function chooseLeftOut(card, told, { paper }) {
  const count = (texts) => texts.reduce((sum, text) => sum + [...text].length + paper.rest, 0);
  const countIn = ({ heading, paragraphs, items }) => count([heading, ...paragraphs, ...items]);
  const isOptional = ({ kind }) => kind === null || kind === 'STILL_OPEN';
  let letters = count([card.title, card.by_when ?? '', ...card.steps, ...card.why]);
  for (const section of told) if (!isOptional(section)) letters += countIn(section);
  const leftOut = new Set();
  for (const section of told.filter(isOptional)) {
    const size = countIn(section);
    if (letters + size > paper.letters) leftOut.add(section);
    else letters += size;
  }
  return leftOut;
}
