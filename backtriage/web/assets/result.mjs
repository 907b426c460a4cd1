// Assessment -> the JSON of a result, as `backtriage assess` has it.

import { NOT_SURE, writeOut } from './rules.mjs';
import { Facts } from './conditions.mjs';
import { Interview } from './interview.mjs';
import { addDays, fill } from './words.mjs';
import { chooseDates, describeResult, isAdviceGiven, isTold, withNumber } from './advice.mjs';
import { groupEvents, listEvents } from './safety_net.mjs';
import { describeWhatToSay } from './say.mjs';

/** The assessment and what is told of it, as `backtriage assess` has it. */
export function buildResult(result, context) {
  const { ruleSet } = context;
  const name = (ids, find) => Object.fromEntries([...new Set(ids)].map((id) => [id, find(id)]));
  const flags = [...result.findings, ...result.unresolved];
  return {
    ...result,
    answers: Object.fromEntries(result.answers),
    findings: result.findings.map(
      (finding) => ({ ...finding, answers: Object.fromEntries(finding.answers) }),
    ),
    headline: describeResult(result, context),
    steps: [...listSteps(result, context)],
    say: describeWhatToSay(result, context),
    watch_for: groupEvents(listEvents(result, ruleSet)).map(([how, days, events]) => ({
      how, within_days: days, events: events.map(({ text }) => text),
    })),
    look_again: result.complete ? chooseDates(result, context) : [],
    suspicions: name(flags.map(({ suspect }) => suspect), (id) => ruleSet.suspicions[id]),
    labels: name(listNamed(result), (id) => ruleSet.questions.get(id).label),
    next: findNext(result, ruleSet),
    warnings: [...listWarnings(result.answers, ruleSet)],
    ...(ruleSet.translated ? { translation: ruleSet.translated } : {}),
  };
}

function* listSteps(result, context) {
  if (!isAdviceGiven(result)) return;
  const { ruleSet, today } = context;
  const { advice, within_days: days } = result.at_least;
  const facts = new Facts(ruleSet, result.answers);
  const by = days === null ? null : addDays(today, days);
  for (const [place, step] of ruleSet.advice[advice].steps.entries()) {
    if (isTold(step, facts)) {
      yield { id: `${advice}.${place + 1}`, text: withNumber(step.text, context), by };
    }
  }
}

/** The questions that the assessment names. */
const listNamed = (result) => [
  ...result.answers.keys(),
  ...result.findings.flatMap((finding) => [...finding.answers.keys()]),
  ...result.unresolved.flatMap((flag) => flag.questions),
  ...result.what_would_change_it.map((change) => change.question),
];

/** What the interview would ask after these answers, in whatever order they came. */
function findNext(result, ruleSet) {
  if (result.complete && ![...result.answers.values()].includes(NOT_SURE)) return null;
  const interview = Interview.resumed(ruleSet, result.answers);
  const { step } = interview;
  if (!step) return null;
  return {
    area: step.area.id,
    area_title: step.area.title,
    ask: step.ask,
    again: step.again,
    questions: step.questions.map((question) => buildRow(question, ruleSet)),
    at_most_more: interview.atMostMore,
  };
}

/** What a form needs of one question. */
function buildRow(question, ruleSet) {
  const row = {
    id: question.id,
    area: question.area,
    area_title: ruleSet.areas.get(question.area).title,
    label: question.label,
    ask: question.ask,
    why: question.why,
    kind: question.kind,
    not_sure: question.not_sure ?? null,
    background: Boolean(question.background),
    ask_if: writeOut(question.ask_if_data, ruleSet),
  };
  if (question.kind === 'number') {
    return { ...row, unit: question.unit, minimum: question.minimum, maximum: question.maximum };
  }
  if (question.kind === 'choice') {
    return { ...row, options: question.options.map(({ id, label }) => ({ id, label })) };
  }
  const list = question.list ?? null;
  return {
    ...row,
    list,
    list_ask: list && ruleSet.lists[list].ask,
    item: question.item ?? null,
    check: question.check ?? null,
  };
}

/** Answers to questions that would not have been asked; they count as they were given. */
function* listWarnings(answers, ruleSet) {
  const facts = new Facts(ruleSet, answers);
  for (const id of answers.keys()) {
    if (facts.checkApplies(id) === false) {
      yield fill(ruleSet.wording.NOT_ASKED, { id, label: ruleSet.questions.get(id).label });
    }
  }
}
