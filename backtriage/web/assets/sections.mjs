// Assessment -> what is told of it, in sections.

import { Facts } from './conditions.mjs';
import {
  capitalizeFirst, describeBecause, describeDay, describeLabelledAnswer, fill, isPlainNo,
} from './words.mjs';
import {
  chooseDates, chooseSteps, describeEmergencyNumber, describeResult, isAdviceGiven, isTold,
  nameEmergencyNumber,
} from './advice.mjs';
import { buildLines, groupEvents, listEvents } from './safety_net.mjs';
import { describeWhatToSay, listDecisive } from './say.mjs';

/** A section of a kind, which is the name of its heading; null for a part of the advice. */
const section = (kind, heading, parts) =>
  ({ heading, paragraphs: [], items: [], numbered: false, for_doctor: false, kind, ...parts });

const build = (kind, { wording }, parts) => section(kind, wording[kind], parts);

/** Title and sections of the report, in the order of reading. */
export function buildReport(result, context) {
  return { title: describeResult(result, context), sections: [...listSections(result, context)] };
}

function* listSections(result, context) {
  const { ruleSet } = context;
  const isGiven = isAdviceGiven(result);
  yield buildToDo(result, context);
  const said = isGiven ? describeWhatToSay(result, context) : null;
  if (said !== null) yield build('TO_SAY', ruleSet, { paragraphs: [said] });
  yield* listWhy(result, ruleSet);
  yield* listSafetyNet(result, context);
  yield* listDates(result, context);
  if (isGiven) yield* listParts(result, context);
  yield* listStillOpen(result, ruleSet);
  yield build('LIMITS', ruleSet, { items: ruleSet.limits });
  yield buildAnswers(result, ruleSet);
  yield* listSuspicions(result, ruleSet);
  yield* listSources(result, context);
  yield buildRecord(result, context);
}

function buildToDo(result, context) {
  const { wording, advice } = context.ruleSet;
  if (!isAdviceGiven(result)) {
    return build('TO_DO', context.ruleSet, { paragraphs: [wording.NOTHING_TO_DO] });
  }
  const text = advice[result.at_least.advice];
  const lead = result.complete ? text.lead : `${text.lead} ${wording.MAY_BE_MORE_URGENT}`;
  const note = context.country ? [describeEmergencyNumber(context)] : [];
  const items = chooseSteps(text.steps, result.answers, context);
  return build('TO_DO', context.ruleSet, { paragraphs: [lead, ...note], items, numbered: true });
}

function* listParts(result, context) {
  const facts = new Facts(context.ruleSet, result.answers);
  for (const part of context.ruleSet.advice[result.at_least.advice].parts) {
    const items = chooseSteps(part.steps, result.answers, context);
    if (items.length && isTold(part, facts)) yield section(null, part.title, { items });
  }
}

function* listWhy(result, ruleSet) {
  if (!result.findings.length && !result.complete) {
    const { TOO_LITTLE } = ruleSet.wording;
    yield build('REASONS', ruleSet, { paragraphs: [TOO_LITTLE], for_doctor: true });
  }
  const decisive = listDecisive(result);
  const told = new Set(decisive.flatMap((finding) => [...finding.answers.keys()]));
  const others = result.findings.filter((finding) => !isAlreadyTold(finding, told, ruleSet));
  for (const [kind, findings] of [['REASONS', decisive], ['OTHER_REASONS', others]]) {
    const items = findings.map((finding) => describeReason(finding, result, ruleSet));
    if (items.length) yield build(kind, ruleSet, { items, for_doctor: true });
  }
}

/** Whether it rests on what is told already, more urgently: the same answers, or the same signs. */
function isAlreadyTold(finding, told, ruleSet) {
  const ids = [...finding.answers.keys()];
  const signs = ids.filter((id) => !ruleSet.questions.get(id).background);
  return (signs.length ? signs : ids).every((id) => told.has(id));
}

function describeReason(finding, result, ruleSet) {
  const answers = describeAnswers(finding.answers, ruleSet);
  const because = describeBecause(finding, result, ruleSet);
  return fill(ruleSet.wording.REASON, { because, answers });
}

const describeAnswers = (answers, ruleSet) =>
  [...answers].map(([id, answer]) => describeLabelledAnswer(id, answer, ruleSet)).join('; ');

/** One section for each thing to do if something happens, the worst first. */
function* listSafetyNet(result, context) {
  const { ruleSet } = context;
  const events = listEvents(result, ruleSet);
  const lines = new Map();
  for (const [how, days, found] of groupEvents(events)) {
    const [kind, sentence] = describeAction(how, days, ruleSet);
    const items = buildLines(found, days, ruleSet).map((event) => fill(sentence, { event }));
    lines.set(kind, [...(lines.get(kind) ?? []), ...items]);
  }
  for (const [kind, items] of lines) {
    const number = nameEmergencyNumber(context);
    yield section(kind, fill(ruleSet.wording[kind], { number }), { items });
  }
  if (events.length > 1 && events.some(({ urgency }) => urgency.advice !== 'seek_care_now')) {
    yield build('TOGETHER', ruleSet, { paragraphs: [ruleSet.wording.TOGETHER_HOW] });
  }
}

/** What to do if something happens, as a kind of section, and a line with the event in it. */
function describeAction(how, days, { wording, deadlines }) {
  if (how === 'ambulance') return ['CALL_IF', '{event}'];
  if (how === 'emergency_department') return ['GO_IF', '{event}'];
  if (days === 0) return ['DOCTOR_TODAY_IF', '{event}'];
  return ['DOCTOR', fill(wording.DOCTOR_IF, { deadline: deadlines[days] })];
}

function* listDates(result, context) {
  const { ruleSet } = context;
  const { ON_THAT_DAY } = ruleSet.wording;
  const items = result.complete ? chooseDates(result, context).map(
    ({ on, text }) => fill(ON_THAT_DAY, { day: capitalizeFirst(describeDay(on, ruleSet)), text }),
  ) : [];
  if (items.length) yield build('DATES', ruleSet, { items });
}

function* listStillOpen(result, ruleSet) {
  if (result.complete) return;
  const questions = new Set(result.unresolved.flatMap((flag) => flag.questions));
  const items = [...questions].map((id) => ruleSet.questions.get(id).ask);
  yield build('STILL_OPEN', ruleSet, { items, numbered: true });
}

/** All answers; the many plain "no" together, so that the others can be found. */
function buildAnswers(result, ruleSet) {
  const { NO_ANSWERS, PLAIN_NO } = ruleSet.wording;
  if (!result.answers.size) {
    return build('ANSWERS', ruleSet, { paragraphs: [NO_ANSWERS], for_doctor: true });
  }
  const items = [];
  const absent = [];
  for (const [id, answer] of result.answers) {
    const question = ruleSet.questions.get(id);
    if (isPlainNo(question, answer)) absent.push(question.label);
    else items.push(describeLabelledAnswer(id, answer, ruleSet));
  }
  if (absent.length) items.push(fill(PLAIN_NO, { labels: absent.join('; ') }));
  return build('ANSWERS', ruleSet, { items, for_doctor: true });
}

function* listSuspicions(result, ruleSet) {
  const raisedBy = new Map();
  for (const { suspect, answers } of result.findings) {
    raisedBy.set(suspect, new Map([...(raisedBy.get(suspect) ?? []), ...answers]));
  }
  if (!raisedBy.size) return;
  const { FOR_DOCTOR, SUSPICION } = ruleSet.wording;
  const items = [...raisedBy].map(([name, answers]) => fill(SUSPICION, {
    suspicion: capitalizeFirst(ruleSet.suspicions[name]),
    answers: describeAnswers(answers, ruleSet),
  }));
  yield build('TO_CHECK', ruleSet, { paragraphs: [FOR_DOCTOR], items, for_doctor: true });
}

function* listSources(result, { ruleSet, country }) {
  const used = new Set([
    ...result.findings.flatMap((finding) => finding.sources),
    ...(country ? ruleSet.country_sources : []),
  ]);
  const items = [...used].map((source) => ruleSet.sources[source]);
  if (items.length) yield build('SOURCES', ruleSet, { items, for_doctor: true });
}

function buildRecord(result, { ruleSet, today }) {
  const { id, version, hash } = result.rule_set;
  const madeBy = fill(ruleSet.wording.MADE_BY, {
    day: capitalizeFirst(describeDay(today, ruleSet)), id, version, hash: hash.slice(0, 12),
    engine: result.engine_version,
  });
  const flags = result.findings.map((finding) => finding.id).join(', ');
  const told = flags ? fill(ruleSet.wording.RED_FLAGS, { red_flags: flags }) : '';
  const paragraphs = [madeBy, ruleSet.translation, told].filter(Boolean);
  return build('RECORD', ruleSet, { paragraphs, for_doctor: true });
}
