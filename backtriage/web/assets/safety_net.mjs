// Assessment -> what would make it more urgent, as events and what to do then.

import { rank } from './rules.mjs';
import { countAs, Facts } from './conditions.mjs';
import { chooseHow } from './engine.mjs';
import { describeQuantity, fill } from './words.mjs';
import { isTold } from './advice.mjs';

const MOST_WORDS = 30; // a line of events is not made longer than that

/** All that would make it more urgent, as events, the most urgent first. */
export function listEvents(result, ruleSet) {
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
export function groupEvents(events) {
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
export function buildLines(events, withinDays, ruleSet) {
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
