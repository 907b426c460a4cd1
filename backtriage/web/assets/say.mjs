// Assessment -> what to say on the telephone or at the desk.

import { NOT_SURE, findDependencies, rank } from './rules.mjs';
import { takeLast } from './conditions.mjs';
import { describeAnswer, fill, findDoubtful, sayAnswer } from './words.mjs';

/** The findings that alone make it as urgent as it is. */
export const listDecisive = (result) =>
  result.findings.filter((finding) => rank(finding) === rank(result.at_least));

/** The sentences to say on the telephone or at the desk; null where there is nothing to say. */
export function describeWhatToSay(result, { ruleSet }) {
  const { advice, within_days: days } = result.at_least;
  const { say } = ruleSet.advice[advice];
  if (!say || !result.findings.length) return null;
  const hasDeadline = days !== null && advice !== 'seek_care_now';
  const opening = hasDeadline
    ? fill(ruleSet.wording.TO_SAY_BY, { opening: say, deadline: ruleSet.deadlines[days] }) : say;
  return [opening, ...listSentences(result, ruleSet)].map((said) => `${said}.`).join(' ');
}

/** What has a sentence of its own, then labels, then doubts; none whose follow-up says more. */
function* listSentences(result, ruleSet) {
  const rows = listSaid(result, ruleSet).map((question) => {
    const answer = takeLast(result.answers.get(question.id));
    return { question, answer, said: sayAnswer(question, answer, ruleSet) };
  });
  const withSentence = rows.filter(({ said }) => said !== null);
  const doubtful = findDoubtful(rows.map(({ question }) => question.id), result, ruleSet);
  for (const { question, said } of withSentence) {
    yield doubtful.has(question.id) ? fill(ruleSet.wording.UNSURE, { said }) : said;
  }
  const reasons = findReasonsToAsk(withSentence.map(({ question }) => question), ruleSet);
  const told = findNameless(reasons, ruleSet);
  const others = rows.filter(({ question, said }) => said === null && !told.has(question.id));
  const doubts = others.filter(({ answer }) => answer === NOT_SURE);
  const named = others.filter(({ answer }) => answer !== NOT_SURE);
  const labels = named.map(({ question, answer }) => nameAnswer(question, answer, ruleSet));
  if (labels.length) yield fill(ruleSet.wording.FOUND, { labels: labels.join('; ') });
  const unsure = doubts.map(({ question }) => question.label);
  if (unsure.length) yield fill(ruleSet.wording.DOUBTS, { labels: unsure.join('; ') });
}

/** The questions because of whose answers these were asked. */
function findReasonsToAsk(questions, ruleSet) {
  const asksIf = questions.map((question) => question.ask_if).filter(Boolean);
  return new Set(asksIf.flatMap((askIf) => [...findDependencies(askIf, ruleSet)]));
}

/** Those questions whose yes has no sentence of its own: what is asked then says it. */
function findNameless(ids, ruleSet) {
  const isNameless = (id) => sayAnswer(ruleSet.questions.get(id), 'yes', ruleSet) === null;
  return new Set([...ids].filter(isNameless));
}

function nameAnswer(question, answer, ruleSet) {
  if (answer === 'yes' && question.kind === 'yes_no') return question.label;
  const values = { label: question.label, answer: describeAnswer(question, answer, ruleSet) };
  return fill(ruleSet.wording.LABELLED, values);
}

/**
 * What is said first, and then what decided, each once and only where it was answered.
 *
 * With what decided comes what was asked because of it and has a sentence of its own.
 */
function listSaid(result, ruleSet) {
  const { questions } = ruleSet;
  const first = ruleSet.say_first.filter((id) => takeLast(result.answers.get(id) ?? 'no') !== 'no');
  const decided = listDecisive(result).flatMap((finding) => [...finding.answers.keys()]);
  const nameless = findNameless(decided, ruleSet);
  const isSaid = (question) => result.answers.has(question.id)
    && sayAnswer(question, result.answers.get(question.id), ruleSet) !== null
    && [...findReasonsToAsk([question], ruleSet)].some((id) => nameless.has(id));
  const asked = [...questions.values()].filter(isSaid).map(({ id }) => id);
  return [...new Set([...first, ...decided, ...asked])].map((id) => questions.get(id));
}
