// Answers, days, deadlines -> a few words. The sentences come with the rule set.

import { NOT_SURE } from './rules.mjs';
import { Facts, isTwice, takeLast } from './conditions.mjs';

/** A sentence with its places filled in; what is filled in is never looked at again. */
export function fill(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

export const capitalizeFirst = (text) =>
  text.replace(/^[¿¡]?./u, (begin) => begin.toUpperCase());

/** A title as it stands inside of a sentence; a noun may keep its capital there. */
export const uncapitalizeFirst = (text, ruleSet) =>
  (ruleSet.keeps_capitals ? text : text[0].toLowerCase() + text.slice(1));

/** The text for so many things, of those that there are for each plural form. */
export function chooseForm(number, forms, ruleSet) {
  if (!Number.isInteger(number)) return forms.at(-1);
  const known = ruleSet.forms.length;
  return forms[ruleSet.forms[number < known ? number : known - 100 + (number % 100)]];
}

/** What is said of so many things, by the name of the sentence for several. */
export const fillCount = (name, count, ruleSet) =>
  fill(chooseForm(count, ruleSet.plurals[name], ruleSet), { count });

/** A day (an ISO date) so many days later, as an ISO date. */
export function addDays(day, count) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** A day as people write it: "Wednesday 25 November 2026". */
export function describeDay(day, ruleSet) {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = ruleSet.weekdays[(date.getUTCDay() + 6) % 7];
  const month = ruleSet.months[date.getUTCMonth()];
  return fill(ruleSet.day, { weekday, day: date.getUTCDate(), month, year: date.getUTCFullYear() });
}

/** A number with its unit in words: "1 day", "6 weeks" (for 42 days). */
export function describeQuantity(value, unit, ruleSet) {
  if (unit === 'day' && value) {
    const longer = ruleSet.longer.find(([, days]) => value % days === 0);
    if (longer) return nameQuantity(value / longer[1], longer[0], ruleSet);
  }
  return nameQuantity(value, unit, ruleSet);
}

function nameQuantity(value, unit, ruleSet) {
  const number = String(Number(value.toPrecision(15))).replace('.', ruleSet.decimal);
  return fill(chooseForm(value, ruleSet.quantities[unit], ruleSet), { number });
}

/** An answer in the words of the question: "yes", "6 weeks", an option's label, "not sure". */
export function describeAnswer(question, answer, ruleSet) {
  if (question.kind === 'number' && typeof answer === 'number') {
    if (question.unit === 'day' && answer < 1) return ruleSet.no_days;
    return describeQuantity(answer, question.unit, ruleSet);
  }
  const option = question.options?.find(({ id }) => id === answer);
  return option ? option.label : ruleSet.answers[answer] ?? String(answer);
}

/** An answer behind the label of its question: "Fever: not sure (counted as yes)". */
export function describeLabelledAnswer(id, answer, ruleSet) {
  const question = ruleSet.questions.get(id);
  const { COUNTED, LABELLED } = ruleSet.wording;
  return fill(takeLast(answer) === NOT_SURE ? COUNTED : LABELLED, {
    label: question.label,
    answer: describeAnswer(question, answer, ruleSet),
    counted: question.counted,
  });
}

/** An answer as a person tells it, without a full stop; null where there is no sentence for it. */
export function sayAnswer(question, answer, ruleSet) {
  const last = takeLast(answer);
  if (question.kind === 'yes_no') return (last === 'yes' && question.say) || null;
  if (question.kind === 'choice') {
    return question.options.find(({ id }) => id === last)?.say ?? null;
  }
  if (!question.say || last === NOT_SURE) return null;
  return question.say.replaceAll('{answer}', () => describeAnswer(question, last, ruleSet));
}

/** Why a red flag counts; who was not sure has never said that it is so. */
export function describeBecause(finding, result, ruleSet) {
  const { because } = finding;
  const doubtful = findDoubtful([...finding.answers.keys()], result, ruleSet);
  if (!finding.counted_from_not_sure.length && !doubtful.size) return because;
  return fill(ruleSet.wording.SAFE_SIDE, { because });
}

/** Those questions that were put only because "not sure" counted as yes to the one in front. */
export function findDoubtful(ids, { answers }, ruleSet) {
  const sure = [...answers].filter(([, given]) => takeLast(given) !== NOT_SURE);
  const [facts, ofSure] = [new Facts(ruleSet, answers), new Facts(ruleSet, new Map(sure))];
  return new Set(ids.filter((id) => facts.checkApplies(id) && !ofSure.checkApplies(id)));
}

/** Whether an answer is a no that worries nobody; many of these are shown together. */
export function isPlainNo(question, answer) {
  return question.kind === 'yes_no' && answer === 'no' && question.worse !== 'no';
}

/** Whether a value, such as one in a file, can be an answer to the question. */
export function isAnswer(question, value) {
  if (value === NOT_SURE) return question.not_sure !== undefined;
  if (question.kind === 'number') {
    return typeof value === 'number' && value >= question.minimum && value <= question.maximum;
  }
  if (question.kind === 'choice') return question.options.some(({ id }) => id === value);
  return value === 'yes' || value === 'no' || (isTwice(value) && Boolean(question.check));
}

/** Numbers, each with one of the units of the question -> their sum in its own unit. */
export function convert(parts, question, ruleSet) {
  const [[number, { unit, per, plus }]] = parts;
  if (parts.length === 1 && unit === question.unit) return Number(number.toFixed(6));
  const sum = parts.reduce((most, [one, { minus, times }]) => most + (one - minus) * times, 0);
  const total = sum / per + plus;
  return Number((question.whole ? Math.floor(total + ruleSet.dust) : total).toFixed(6));
}
