// What is typed for a number -> the number in the unit of the question, or what to write instead.
// It takes less than the terminal does, and what it takes means the same there.

import { convert, fill } from './words.mjs';

// "1,000" and "1.500" are thousands to some and decimals to others
const TWO_MEANINGS = /^-?(?!0)\d{1,3}[.,]\d{3}$/;
const PART = /\s*(?:(?:and\b|[,&])\s*)?(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(°?\p{L}+|%)?/uy;

/** {number}, or {message}; `chosen` is the unit that was chosen beside the field, or null. */
export function readNumber(text, chosen, question, ruleSet) {
  const { words } = ruleSet;
  const parts = listParts(text, ruleSet);
  if (parts.some(([figures]) => TWO_MEANINGS.test(figures))) return { message: words.NO_THOUSANDS };
  const known = [...question.typed, ...question.understood ?? []];
  const units = question.typed.map(({ label }) => label).join(', ');
  const written = parts.map(([, name]) => name && known.find(({ names }) => names.includes(name)));
  const place = written.indexOf(undefined);
  if (place >= 0) {
    const name = findTyped(parts[place][1], text, ruleSet);
    return { message: fill(words.UNKNOWN_UNIT, { name, units }) };
  }
  if (!parts.length || (parts.length > 1 && !isSum(parts, written))) {
    return { message: fill(words.NO_NUMBER_TYPED, { example: question.example }) };
  }
  if (chosen && written[0] && !written.includes(chosen)) {
    const clash = { written: written[0].label, chosen: chosen.label };
    return { message: fill(words.TWO_UNITS, clash) };
  }
  if (!written[0] && !chosen) return { message: fill(words.NO_UNIT, { units }) };
  return checkRange(parts.map(([figures], at) => [
    Number(figures.replace(',', '.')), written[at] || chosen,
  ]), question, ruleSet);
}

/** The numbers of a text, each with the name of its unit or ""; none if it is anything else. */
function listParts(text, { affixes: { before, behind }, joining }) {
  const typed = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const plain = putIntoEnglish(typed, joining).replace(new RegExp(behind), '');
  const core = plain.replace(new RegExp(`^${before}`), '').trim();
  const parts = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < core.length) {
    const found = PART.exec(core);
    if (!found || (!parts.length && found[0].search(/[-\d]/) > 0)) return [];
    parts.push([found[1], found[2] ?? '']);
  }
  // "since 3" is three o'clock, or a third of the month
  return plain.startsWith('since ') && parts.some(([, name]) => !name) ? [] : parts;
}

/** A text with the words around its numbers in English, as "seit etwa" is "for". */
const putIntoEnglish = (text, joining) =>
  text.replace(findJoining(joining), (_, space, word) => space + joining[word]);

/** What finds the words of `joining`, the longest first, with what stands before each. */
function findJoining(joining) {
  const words = Object.keys(joining).sort((one, other) => other.length - one.length);
  const any = words.map((word) => word.replaceAll('.', '\\.')).join('|');
  return words.length ? new RegExp(`(^|\\P{L})(${any})(?!\\p{L})`, 'gu') : /(?!)/gu;
}

/** How a word stands in a text that was typed: as `putIntoEnglish` found it, with its capitals. */
function findTyped(word, text, { joining }) {
  const found = [...text.toLowerCase().matchAll(findJoining(joining))].map(([, , one]) => one);
  const own = found.find((one) => joining[one].split(' ').includes(word)) ?? word;
  return text.split(/\s+/).find((one) => one.toLowerCase() === own) ?? own;
}

/** Whether numbers are of ever smaller units, as in "3 weeks and 2 days". */
const isSum = (parts, written) => parts.every(([figures], at) =>
  written[at] && !figures.startsWith('-')
  && written[at].per === written[0].per
  && (at === 0 || written[at].times < written[at - 1].times));

function checkRange(parts, question, ruleSet) {
  const number = convert(parts, question, ruleSet);
  if (number >= question.minimum && number <= question.maximum) return { number };
  const [least, most] = question.range;
  return { message: fill(ruleSet.words.OUT_OF_RANGE, { least, most }) };
}
