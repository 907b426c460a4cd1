// Assessment -> what is told of it: headline, card, sections, and the JSON of `backtriage assess`.
// `context` is {ruleSet, today (an ISO date), country ({name, call} or null)}.

import { NOT_SURE, findDependencies, rank, writeOut } from './rules.mjs';
import { Facts, countAs, evaluate, takeLast } from './conditions.mjs';
import { chooseHow } from './engine.mjs';
import { Interview } from './interview.mjs';
import {
  addDays, capitalizeFirst, describeAnswer, describeBecause, describeDay, describeLabelledAnswer,
  describeQuantity, fill, isPlainNo, sayAnswer, uncapitalizeFirst,
} from './words.mjs';

const MOST_STEPS = 3;
const MOST_REASONS = 2;
const MOST_LETTERS = 150; // so long may all warnings of a card be together
const MOST_WORDS = 30; // a line of events is not made longer than that

// Advice ------------------------------------------------------------------------------------------

/** Whether there is an advice: home care is none while a question that matters is open. */
const isAdviceGiven = (result) => result.complete || result.at_least.advice !== 'home_care';

/** Whether to tell a step or part: not if its `when` is not known to hold, or `unless` is. */
function isTold(told, facts) {
  const wanted = !told.when || evaluate(told.when, facts) === true;
  return wanted && !(told.unless && evaluate(told.unless, facts) === true);
}

const nameEmergencyNumber = ({ ruleSet, country }) =>
  (country ? country.call : ruleSet.wording.NO_NUMBER);

/** A text with the number to call in the country. */
export const withNumber = (text, context) =>
  text.replaceAll('{emergency_number}', () => nameEmergencyNumber(context));

/** The texts of the steps to tell this person. */
export function chooseSteps(steps, answers, context) {
  const facts = new Facts(context.ruleSet, answers);
  return steps.filter((step) => isTold(step, facts)).map(({ text }) => withNumber(text, context));
}

/** Where the number holds. */
export const describeEmergencyNumber = ({ ruleSet, country }) =>
  fill(ruleSet.wording.WHERE_IT_HOLDS, { call: country.call, country: country.name });

/** The headline of an assessment, which says also whether it is settled. */
export function describeResult(result, context) {
  const { advice, wording } = context.ruleSet;
  const headline = describeHeadline(result.at_least, context);
  if (result.complete) return headline;
  if (result.at_least.advice !== 'home_care') return fill(wording.HEADLINE_OR_SOONER, { headline });
  return fill(wording.FROM_TO, {
    least: uncapitalizeFirst(advice[result.at_least.advice].title),
    most: uncapitalizeFirst(advice[result.at_most.advice].title),
  });
}

/** An advice with its deadline. */
export function describeHeadline(urgency, { ruleSet, today }) {
  const { title } = ruleSet.advice[urgency.advice];
  if (urgency.advice !== 'see_doctor_soon' || urgency.within_days === null) return title;
  return fill(urgency.within_days ? ruleSet.wording.BY_DAY : ruleSet.wording.ON_DAY, {
    title,
    deadline: ruleSet.deadlines[urgency.within_days],
    day: describeDay(addDays(today, urgency.within_days), ruleSet),
  });
}

/** The days to look again that this person is told, each with what to do then. */
function chooseDates(result, { ruleSet, today }) {
  const facts = new Facts(ruleSet, result.answers);
  return ruleSet.advice[result.at_least.advice].safety_net
    .filter(({ step }) => isTold(step, facts))
    .map(({ within_days, step }) => ({ on: addDays(today, within_days), text: step.text }));
}

// What would make it more urgent ------------------------------------------------------------------

/** All that would make it more urgent, as events, the most urgent first. */
function listEvents(result, ruleSet) {
  const events = [...listAsked(result, ruleSet), ...listUnasked(result, ruleSet)];
  const key = (event) => [Number(event.how === 'ambulance'), rank(event.urgency)];
  return events.sort((one, other) => {
    const [[called, urgency], [otherCalled, otherUrgency]] = [key(one), key(other)];
    return otherCalled - called || otherUrgency - urgency;
  });
}

function* listAsked(result, ruleSet) {
  const told = new Set();
  for (const change of result.what_would_change_it) {
    const question = ruleSet.questions.get(change.question);
    const before = result.answers.get(question.id);
    const text = describeEvent(question, change.answer, before, ruleSet);
    // of two answers to one question that lead to the same, the milder is told
    const key = JSON.stringify([question.id, change.at_most, change.how]);
    if (text === null || told.has(key)) continue;
    told.add(key);
    yield { text, area: question.area, urgency: change.at_most, how: change.how };
  }
}

/** An answer as something that happens, or null where it is no event, as nothing gets worse. */
function describeEvent(question, answer, before, ruleSet) {
  if (question.kind === 'choice') {
    return question.options.find(({ id }) => id === answer).event ?? null;
  }
  if (question.kind === 'yes_no') return answer === question.worse ? question.event ?? null : null;
  return describeNumber(question, answer, countAs(question, before), ruleSet);
}

function describeNumber(question, answer, before, ruleSet) {
  const isMore = before === null || answer > before;
  if (!question.event || question.worse !== (isMore ? 'higher' : 'lower')) return null;
  const { OR_MORE, OR_LESS } = ruleSet.wording;
  const quantity = describeQuantity(answer, question.unit, ruleSet);
  return fill(isMore ? OR_MORE : OR_LESS, { event: question.event, quantity });
}

function* listUnasked(result, ruleSet) {
  const facts = new Facts(ruleSet, result.answers);
  for (const step of ruleSet.also_watch_for) {
    if (rank(step.then) > rank(result.at_least) && isTold(step, facts)) {
      const how = chooseHow(step.then.advice, false);
      yield { text: step.text, area: null, urgency: step.then, how };
    }
  }
}

/** The events by what to do if they happen, the worst first: [[how, within_days, events]]. */
function groupEvents(events) {
  const groups = new Map();
  for (const event of events) {
    const days = event.urgency.within_days ?? 0;
    const key = `${event.how} ${days}`;
    if (!groups.has(key)) groups.set(key, [event.how, days, []]);
    groups.get(key)[2].push(event);
  }
  return [...groups.values()];
}

/** Events of one area stay together, and neighbours join them while the line stays short. */
function buildLines(events, withinDays, ruleSet) {
  const join = (texts) => [...new Set(texts)].join(ruleSet.wording.OR_EVENT);
  const lines = [];
  for (const ofArea of groupNeighbours(events)) {
    const line = join(ofArea.map(({ text }) => text));
    const joined = join([...lines.slice(-1), line]);
    if (lines.length && (withinDays || joined.split(/\s+/).length <= MOST_WORDS)) {
      lines[lines.length - 1] = joined;
    } else {
      lines.push(line);
    }
  }
  return lines;
}

function groupNeighbours(events) {
  const groups = [];
  for (const event of events) {
    if (groups.length && groups.at(-1)[0].area === event.area) groups.at(-1).push(event);
    else groups.push([event]);
  }
  return groups;
}

// What to say -------------------------------------------------------------------------------------

/** The findings that alone make it as urgent as it is. */
export const listDecisive = (result) =>
  result.findings.filter((finding) => rank(finding) === rank(result.at_least));

/** The sentences to say on the telephone or at the desk; null where there is nothing to say. */
function describeWhatToSay(result, { ruleSet }) {
  const { advice, within_days: days } = result.at_least;
  const { say } = ruleSet.advice[advice];
  if (!say || !result.findings.length) return null;
  const hasDeadline = days !== null && advice !== 'seek_care_now';
  const opening = hasDeadline ? `${say} ${ruleSet.deadlines[days]}` : say;
  return [opening, ...listSentences(result, ruleSet)].map((said) => `${said}.`).join(' ');
}

/** What has a sentence of its own, then labels, then doubts; no label whose follow-up says more. */
function* listSentences(result, ruleSet) {
  const rows = listSaid(result, ruleSet).map((question) => {
    const answer = takeLast(result.answers.get(question.id));
    return { question, answer, said: sayAnswer(question, answer, ruleSet) };
  });
  const withSentence = rows.filter(({ said }) => said !== null);
  yield* withSentence.map(({ said }) => said);
  const told = findReasonsToAsk(withSentence.map(({ question }) => question), ruleSet);
  const others = rows.filter(({ said }) => said === null);
  const doubts = others.filter(({ answer }) => answer === NOT_SURE);
  const named = others.filter(({ question, answer }) => answer !== NOT_SURE && !told.has(question.id));
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

function nameAnswer(question, answer, ruleSet) {
  if (answer === 'yes' && question.kind === 'yes_no') return question.label;
  const values = { label: question.label, answer: describeAnswer(question, answer, ruleSet) };
  return fill(ruleSet.wording.LABELLED, values);
}

/** What is said first, and then what decided, each once and only where it was answered. */
function listSaid(result, ruleSet) {
  const first = ruleSet.say_first.filter((id) => takeLast(result.answers.get(id) ?? 'no') !== 'no');
  const decided = listDecisive(result).flatMap((finding) => [...finding.answers.keys()]);
  return [...new Set([...first, ...decided])].map((id) => ruleSet.questions.get(id));
}

// The care card -----------------------------------------------------------------------------------

/** The care card: what to do, by when and why, in a few lines; all steps with mostSteps null. */
export function buildCard(result, context, mostSteps = MOST_STEPS) {
  const { ruleSet, country } = context;
  const { wording } = ruleSet;
  const number = country
    ? fill(wording.CARD_NUMBER, { call: country.call, country: country.name }) : null;
  if (!isAdviceGiven(result)) {
    const most = uncapitalizeFirst(ruleSet.advice[result.at_most.advice].title);
    return {
      advice: null, title: wording.NO_ADVICE, by_when: null, steps: [wording.GO_ON],
      why: [fill(wording.MAY_BE, { most })], warnings: [], has_more: false, number,
    };
  }
  const text = ruleSet.advice[result.at_least.advice];
  const reasons = [...listReasons(result, ruleSet)];
  return {
    advice: result.at_least.advice,
    title: text.title,
    by_when: describeByWhen(result, context),
    steps: chooseSteps(text.steps, result.answers, context).slice(0, mostSteps ?? undefined),
    why: reasons.length ? reasons : [text.lead],
    ...chooseWarnings(result, ruleSet),
    number,
  };
}

/** By when to be seen, or the first day to look again. */
function describeByWhen(result, context) {
  const { ruleSet, today } = context;
  const { wording } = ruleSet;
  const { advice, within_days: days } = result.at_least;
  if (advice === 'seek_care_now') return null;
  if (advice === 'home_care') {
    const [first] = chooseDates(result, context);
    return first ? fill(wording.LOOK_AGAIN, { day: describeDay(first.on, ruleSet) }) : null;
  }
  const day = describeDay(addDays(today, days), ruleSet);
  const deadline = ruleSet.deadlines[days];
  const when = fill(days ? wording.CARD_BY_DAY : wording.CARD_TODAY, { day, deadline });
  return result.complete ? when : fill(wording.CARD_OR_SOONER, { when });
}

/** The reasons of the red flags that decide, and how many more there are. */
function* listReasons(result, ruleSet) {
  const reasons = listDecisive(result).map((finding) => describeBecause(finding, ruleSet));
  yield* reasons.slice(0, MOST_REASONS);
  const count = reasons.length - MOST_REASONS;
  const { MORE, ONE_MORE } = ruleSet.wording;
  if (count > 0) yield fill(count > 1 ? MORE : ONE_MORE, { count });
}

/** Events for which to go to hospital, as many as a card has room for, and if there are more. */
function chooseWarnings(result, ruleSet) {
  if (result.at_least.advice === 'seek_care_now') return { warnings: [], has_more: false };
  const texts = listEvents(result, ruleSet)
    .filter(({ urgency }) => urgency.advice === 'seek_care_now')
    .sort((one, other) => Number(one.how === 'ambulance') - Number(other.how === 'ambulance'))
    .map(({ text }) => text);
  let letters = 0;
  const warnings = texts.filter((text) => {
    letters += [...text].length;
    return letters <= MOST_LETTERS;
  });
  return { warnings, has_more: warnings.length < texts.length };
}

/** The events of a card as a sentence. */
export function describeWarnings(card, { wording }) {
  const events = fill(wording.EVENTS, { events: card.warnings.join(wording.OR_EVENT) });
  return card.has_more ? `${events} ${wording.MORE_EVENTS}` : events;
}

// Sections ----------------------------------------------------------------------------------------

const section = (heading, parts) =>
  ({ heading, paragraphs: [], items: [], numbered: false, for_doctor: false, ...parts });

/** Title and sections of the report, in the order of reading. */
export function buildReport(result, context) {
  return { title: describeResult(result, context), sections: [...listSections(result, context)] };
}

function* listSections(result, context) {
  const { ruleSet } = context;
  const isGiven = isAdviceGiven(result);
  yield buildToDo(result, context);
  const said = isGiven ? describeWhatToSay(result, context) : null;
  if (said !== null) yield section(ruleSet.wording.TO_SAY, { paragraphs: [said] });
  yield* listWhy(result, ruleSet);
  yield* listSafetyNet(result, context);
  yield* listDates(result, context);
  if (isGiven) yield* listParts(result, context);
  yield* listStillOpen(result, ruleSet);
  yield section(ruleSet.wording.LIMITS, { items: ruleSet.limits });
  yield buildAnswers(result, ruleSet);
  yield* listSuspicions(result, ruleSet);
  yield* listSources(result, context);
  yield buildRecord(result, context);
}

function buildToDo(result, context) {
  const { wording, advice } = context.ruleSet;
  if (!isAdviceGiven(result)) {
    return section(wording.TO_DO, { paragraphs: [wording.NOTHING_TO_DO] });
  }
  const text = advice[result.at_least.advice];
  const lead = result.complete ? text.lead : `${text.lead} ${wording.MAY_BE_MORE_URGENT}`;
  const note = context.country ? [describeEmergencyNumber(context)] : [];
  const items = chooseSteps(text.steps, result.answers, context);
  return section(wording.TO_DO, { paragraphs: [lead, ...note], items, numbered: true });
}

function* listParts(result, context) {
  const facts = new Facts(context.ruleSet, result.answers);
  for (const part of context.ruleSet.advice[result.at_least.advice].parts) {
    const items = chooseSteps(part.steps, result.answers, context);
    if (items.length && isTold(part, facts)) yield section(part.title, { items });
  }
}

function* listWhy(result, ruleSet) {
  const { REASONS, TOO_LITTLE, OTHER_REASONS } = ruleSet.wording;
  if (!result.findings.length && !result.complete) {
    yield section(REASONS, { paragraphs: [TOO_LITTLE], for_doctor: true });
  }
  const decisive = listDecisive(result);
  const told = new Set(decisive.flatMap((finding) => [...finding.answers.keys()]));
  // what rests on the same answers is less urgent than they are already
  const others = result.findings.filter(
    (finding) => ![...finding.answers.keys()].every((id) => told.has(id)),
  );
  for (const [heading, findings] of [[REASONS, decisive], [OTHER_REASONS, others]]) {
    const items = findings.map((finding) => describeReason(finding, ruleSet));
    if (items.length) yield section(heading, { items, for_doctor: true });
  }
}

function describeReason(finding, ruleSet) {
  const answers = [...finding.answers]
    .map(([id, answer]) => describeLabelledAnswer(id, answer, ruleSet)).join('; ');
  return fill(ruleSet.wording.REASON, { because: describeBecause(finding, ruleSet), answers });
}

/** One section for each thing to do if something happens, the worst first. */
function* listSafetyNet(result, context) {
  const { ruleSet } = context;
  const lines = new Map();
  for (const [how, days, events] of groupEvents(listEvents(result, ruleSet))) {
    const [heading, sentence] = describeAction(how, days, context);
    const items = buildLines(events, days, ruleSet).map((event) => fill(sentence, { event }));
    lines.set(heading, [...(lines.get(heading) ?? []), ...items]);
  }
  for (const [heading, items] of lines) yield section(heading, { items });
}

/** What to do if something happens, as a heading, and a line with the event in it. */
function describeAction(how, days, context) {
  const { wording, deadlines } = context.ruleSet;
  if (how === 'ambulance') {
    return [fill(wording.CALL_IF, { number: nameEmergencyNumber(context) }), '{event}'];
  }
  if (how === 'emergency_department') return [wording.GO_IF, '{event}'];
  if (days === 0) return [wording.DOCTOR_TODAY_IF, '{event}'];
  return [wording.DOCTOR, fill(wording.DOCTOR_IF, { deadline: deadlines[days] })];
}

function* listDates(result, context) {
  const { ruleSet } = context;
  const { DATES, ON_THAT_DAY } = ruleSet.wording;
  const items = result.complete ? chooseDates(result, context).map(
    ({ on, text }) => fill(ON_THAT_DAY, { day: describeDay(on, ruleSet), text }),
  ) : [];
  if (items.length) yield section(DATES, { items });
}

function* listStillOpen(result, ruleSet) {
  if (result.complete) return;
  const questions = new Set(result.unresolved.flatMap((flag) => flag.questions));
  const items = [...questions].map((id) => ruleSet.questions.get(id).ask);
  yield section(ruleSet.wording.STILL_OPEN, { items, numbered: true });
}

/** All answers; the many plain "no" together, so that the others can be found. */
function buildAnswers(result, ruleSet) {
  const { ANSWERS, NO_ANSWERS, PLAIN_NO } = ruleSet.wording;
  if (!result.answers.size) return section(ANSWERS, { paragraphs: [NO_ANSWERS], for_doctor: true });
  const items = [];
  const absent = [];
  for (const [id, answer] of result.answers) {
    const question = ruleSet.questions.get(id);
    if (isPlainNo(question, answer)) absent.push(question.label);
    else items.push(describeLabelledAnswer(id, answer, ruleSet));
  }
  if (absent.length) items.push(fill(PLAIN_NO, { labels: absent.join('; ') }));
  return section(ANSWERS, { items, for_doctor: true });
}

function* listSuspicions(result, ruleSet) {
  const raisedBy = new Map();
  for (const { suspect, id } of result.findings) {
    raisedBy.set(suspect, [...(raisedBy.get(suspect) ?? []), id]);
  }
  if (!raisedBy.size) return;
  const { TO_CHECK, FOR_DOCTOR, SUSPICION } = ruleSet.wording;
  const items = [...raisedBy].map(([name, flags]) => fill(SUSPICION, {
    suspicion: capitalizeFirst(ruleSet.suspicions[name]), red_flags: flags.join(', '),
  }));
  yield section(TO_CHECK, { paragraphs: [FOR_DOCTOR], items, for_doctor: true });
}

function* listSources(result, { ruleSet, country }) {
  const used = new Set([
    ...result.findings.flatMap((finding) => finding.sources),
    ...(country ? ruleSet.country_sources : []),
  ]);
  const items = [...used].map((source) => ruleSet.sources[source]);
  if (items.length) yield section(ruleSet.wording.SOURCES, { items, for_doctor: true });
}

function buildRecord(result, { ruleSet, today }) {
  const { id, version, hash } = result.rule_set;
  const madeBy = fill(ruleSet.wording.MADE_BY, {
    day: describeDay(today, ruleSet), id, version, hash: hash.slice(0, 12),
    engine: result.engine_version,
  });
  return section(ruleSet.wording.RECORD, { paragraphs: [madeBy], for_doctor: true });
}

// JSON --------------------------------------------------------------------------------------------

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
