// (rule set, answers) -> what they show. The most urgent wins, then the shortest deadline;
// nothing lowers urgency.

import { NOT_SURE, rank } from './rules.mjs';
import { Facts, evaluate, findOpenQuestions, findReasons, takeLast } from './conditions.mjs';

const HOME_CARE = { advice: 'home_care', within_days: null };

/** Which red flags are present and open, each the most urgent first, and what follows. */
export function findStatus(ruleSet, facts) {
  const present = [];
  const open = [];
  for (const flag of ruleSet.ranked) {
    const outcome = evaluate(flag.when, facts);
    if (outcome === true) present.push(flag);
    if (outcome === null) open.push(flag);
  }
  const atLeast = getUrgency(present[0]);
  const worst = getUrgency(open[0]);
  const atMost = rank(worst) > rank(atLeast) ? worst : atLeast;
  const complete = rank(atLeast) === rank(atMost);
  return {
    present,
    open,
    at_least: atLeast,
    at_most: atMost,
    complete,
    advice: atLeast.advice === atMost.advice ? atLeast.advice : null,
    within_days: complete ? atLeast.within_days : null,
    /** The open red flags that could still raise the urgency. */
    decisive: open.filter((flag) => rank(flag) > rank(atLeast)),
  };
}

const getUrgency = (flag) =>
  flag ? { advice: flag.advice, within_days: flag.within_days } : HOME_CARE;

/** The way to get the care that an advice asks for. */
export function chooseHow(advice, needsAmbulance) {
  if (advice === 'home_care') return 'self_care';
  if (advice === 'see_doctor_soon') return 'doctor';
  return needsAmbulance ? 'ambulance' : 'emergency_department';
}

const needsAmbulance = (ruleSet, facts) =>
  ruleSet.ambulance !== null && evaluate(ruleSet.ambulance, facts) === true;

/** The assessment of answers: a Map of question id to answer. */
export function assess(ruleSet, answers) {
  const facts = new Facts(ruleSet, answers);
  const status = findStatus(ruleSet, facts);
  const how = chooseHow(status.at_least.advice, needsAmbulance(ruleSet, facts));
  return {
    advice: status.advice,
    within_days: status.within_days,
    complete: status.complete,
    at_least: status.at_least,
    at_most: status.at_most,
    how,
    findings: status.present.map((flag) => buildFinding(flag, facts)),
    unresolved: listUnresolved(status, facts),
    what_would_change_it: [...findChanges(facts, status, how)],
    answers: new Map([...ruleSet.questions.keys()]
      .filter((id) => answers.has(id))
      .map((id) => [id, answers.get(id)])),
    rule_set: { id: ruleSet.id, version: ruleSet.version, hash: ruleSet.hash },
    engine_version: ruleSet.engine_version,
  };
}

/** A red flag that is present, with the answers that raised it. */
function buildFinding(flag, facts) {
  const ids = [...new Set(findReasons(flag.when, facts))];
  const answers = new Map(ids.map((id) => [id, facts.answers.get(id)]));
  return {
    id: flag.id,
    advice: flag.advice,
    within_days: flag.within_days,
    suspect: flag.suspect,
    because: flag.because,
    answers,
    counted_from_not_sure: ids.filter((id) => takeLast(answers.get(id)) === NOT_SURE),
    sources: flag.sources,
  };
}

function listUnresolved(status, facts) {
  const waitsFor = status.open.map((flag) => [flag, findOpenQuestions(flag.when, facts)]);
  const order = orderByDecisiveness(waitsFor);
  return waitsFor.map(([flag, questions]) => ({
    id: flag.id,
    advice: flag.advice,
    within_days: flag.within_days,
    suspect: flag.suspect,
    questions: [...questions].sort((one, other) => order.get(one) - order.get(other)),
  }));
}

/**
 * The place of each open question, the most decisive first: the one in the most urgent red flag;
 * of several there, the one in most red flags.
 */
function orderByDecisiveness(waitsFor) {
  const weights = new Map();
  for (const [flag, questions] of waitsFor) {
    for (const id of questions) {
      const [urgency, count] = weights.get(id) ?? [rank(flag), 0];
      weights.set(id, [urgency, count + 1]);
    }
  }
  const ordered = [...weights].sort(([, one], [, other]) => other[0] - one[0] || other[1] - one[1]);
  return new Map(ordered.map(([id], place) => [id, place]));
}

/**
 * Every other answer to a symptom question that would raise the urgency, or call an ambulance;
 * what is no symptom has no `values`.
 */
function* findChanges(facts, status, how) {
  for (const [id, question] of facts.ruleSet.questions) {
    if (!facts.answers.has(id)) continue;
    const changes = [];
    for (const answer of question.values ?? []) {
      const change = findChange(facts, status, how, id, answer);
      if (change) changes.push(change);
    }
    if (question.kind === 'number') yield* nameNearest(changes, facts.get(id));
    else yield* changes;
  }
}

/** What one other answer would lead to, or null where that is no more urgent. */
function findChange(facts, status, how, id, answer) {
  const changed = new Facts(facts.ruleSet, new Map([...facts.answers, [id, answer]]));
  const now = status.at_least;
  const above = facts.ruleSet.affected.get(id).filter((flag) => rank(flag) > rank(now));
  const outcomes = above.map((flag) => [flag, evaluate(flag.when, changed)]);
  const present = outcomes.find(([, outcome]) => outcome === true);
  // what is open now and stays so is not the doing of the other answer
  const possible = outcomes.find(([flag, outcome]) =>
    outcome === true || (outcome === null && !status.open.includes(flag)));
  const called = callsAmbulance(facts, changed);
  // nothing is more urgent than an emergency, but the way there may be
  const isCalled = how === 'emergency_department' && called;
  if (!possible && !isCalled) return null;
  const atMost = isCalled ? now : getUrgency(possible[0]);
  return {
    question: id,
    answer,
    at_least: present ? getUrgency(present[0]) : now,
    at_most: atMost,
    how: chooseHow(atMost.advice, called),
  };
}

/** Whether another answer calls an ambulance, or may; what may be needed now is not its doing. */
function callsAmbulance(facts, changed) {
  const { ambulance } = facts.ruleSet;
  if (ambulance === null) return false;
  const outcome = evaluate(ambulance, changed);
  return evaluate(ambulance, facts) === null ? outcome === true : outcome !== false;
}

/** Of the changes of a number to the same urgency the nearest one, the nearest of all first. */
function* nameNearest(changes, present) {
  const sorted = typeof present !== 'number' ? changes : [...changes].sort(
    (one, other) => Math.abs(one.answer - present) - Math.abs(other.answer - present),
  );
  const seen = new Set();
  for (const change of sorted) {
    const key = JSON.stringify([change.at_least, change.at_most, change.how]);
    if (!seen.has(key)) yield change;
    seen.add(key);
  }
}
