// Answers <-> a file that the person keeps: the same that `backtriage --save` writes.

import { addDays, fill, isAnswer } from './words.mjs';

/** A saved interview, as text. */
export function writeRecord(ruleSet, answers, today) {
  const { id, version, hash } = ruleSet;
  const record = {
    saved_on: today, rule_set: { id, version, hash }, answers: Object.fromEntries(answers),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

const isObject = (value) => value?.constructor === Object;

/**
 * A saved interview -> {answers, day}; throws an Error that says why it cannot be used.
 * `day` is null where the file tells none.
 */
export function readRecord(text, ruleSet, today) {
  const { words } = ruleSet;
  const record = parse(text);
  const madeBy = record?.rule_set;
  if (!isObject(madeBy) || !isObject(record.answers)) throw new Error(words.NO_RECORD);
  if (['id', 'version', 'hash'].some((key) => madeBy[key] !== ruleSet[key])) {
    const name = ({ id, version, hash }) => `${id} ${version}, ${String(hash).slice(0, 12)}`;
    throw new Error(fill(words.OTHER_RULES, { theirs: name(madeBy), ours: name(ruleSet) }));
  }
  const answers = new Map(Object.entries(record.answers).filter(([, value]) => value !== null));
  for (const [id, value] of answers) {
    const question = ruleSet.questions.get(id);
    if (!question || !isAnswer(question, value)) throw new Error(fill(words.BAD_ANSWER, { id }));
  }
  const day = record.saved_on ?? null;
  if (day !== null && !isPast(day, today)) throw new Error(words.BAD_DAY);
  return { answers, day };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether a text is a real day up to today; elsewhere it may be tomorrow already. */
function isPast(text, today) {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  // the 31st of April would be read as the 1st of May
  return isDay && addDays(text, 0) === text && text <= addDays(today, 1);
}

/** Give the person a file; nothing leaves the device. */
export function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
