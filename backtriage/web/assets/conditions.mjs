// (condition, answers) -> true, false or null (not known yet), and which answers made it so.
// Strong Kleene logic: what is not known stays unknown unless the rest decides without it.

import { NOT_SURE } from './rules.mjs';

const UNKNOWN = Symbol('unknown');
const NOT_APPLICABLE = Symbol('not applicable');

/** The answers that hold two, by what was said last: a "not sure", and the one after the check. */
const TWICE = { yes: 'not sure, then yes', no: 'not sure, then no', [NOT_SURE]: 'not sure, twice' };
const LAST = Object.fromEntries(Object.entries(TWICE).map(([last, twice]) => [twice, last]));

/** What was said last: of two answers the second, of any other the answer itself. */
export const takeLast = (answer) => (Object.hasOwn(LAST, answer) ? LAST[answer] : answer);

/** The answer that holds two: a "not sure", and what was said after the check. */
export const holdBoth = (second) => TWICE[second] ?? second;

/** Whether an answer is one that holds two. */
export const isTwice = (answer) => Object.hasOwn(LAST, answer);

/** The value that an answer counts as; null for a "not sure" that the question refuses. */
export function countAs(question, answer) {
  const last = takeLast(answer);
  return last === NOT_SURE ? question.not_sure ?? null : last;
}

/** What is known of each question, given the answers; what it works out is kept. */
export class Facts {
  constructor(ruleSet, answers) {
    this.ruleSet = ruleSet;
    this.answers = answers;
    this.known = new Map();
    this.defined = new Map();
    this.lookedInto = new Map();
  }

  /** The value that the question counts as, or why it has none. */
  get(id) {
    if (!this.known.has(id)) this.known.set(id, this.lookUp(id));
    return this.known.get(id);
  }

  lookUp(id) {
    const question = this.ruleSet.questions.get(id);
    const answer = this.answers.get(id);
    if (answer !== undefined) return countAs(question, answer) ?? UNKNOWN;
    if (!question.ask_if || evaluate(question.ask_if, this) !== false) return UNKNOWN;
    return question.kind === 'yes_no' ? 'no' : NOT_APPLICABLE;
  }

  /** Whether the question need be asked: what its `ask_if` is, null while that is open. */
  checkApplies(id) {
    const askIf = this.ruleSet.questions.get(id).ask_if;
    return askIf ? evaluate(askIf, this) : true;
  }

  evaluateDefinition(name) {
    if (!this.defined.has(name)) {
      this.defined.set(name, evaluate(this.ruleSet.definitions.get(name), this));
    }
    return this.defined.get(name);
  }

  /** A question that is not known, behind the questions that its `ask_if` waits for. */
  waitFor(id) {
    const askIf = this.ruleSet.questions.get(id).ask_if;
    return askIf ? [...findOpenQuestions(askIf, this), id] : [id];
  }

  /** What a definition is, and the questions that it waits for. */
  waitForDefinition(name) {
    if (!this.lookedInto.has(name)) {
      this.lookedInto.set(name, lookInto(this.ruleSet.definitions.get(name), this));
    }
    return this.lookedInto.get(name);
  }
}

/** true, false, or null while the answers do not tell. */
export function evaluate(condition, facts) {
  switch (condition.kind) {
    case 'one_of': {
      const value = facts.get(condition.question);
      return value === UNKNOWN ? null : condition.values.includes(value);
    }
    case 'between':
      return isInRange(facts.get(condition.question), condition);
    case 'defined':
      return facts.evaluateDefinition(condition.name);
    case 'not':
      return negate(evaluate(condition.of, facts));
    case 'count':
      return evaluateCount(condition, facts);
    default:
      throw new Error(`unknown condition ${condition.kind}`);
  }
}

const negate = (outcome) => (outcome === null ? null : !outcome);

function isInRange(value, { at_least, below }) {
  if (value === UNKNOWN) return null;
  if (typeof value !== 'number') return false;
  return (at_least === null || value >= at_least) && (below === null || value < below);
}

/** Whether `count` or more of the conditions hold. */
function evaluateCount({ count, of }, facts) {
  let needed = count;
  let mayFail = of.length - count;
  for (const part of of) {
    if (needed <= 0 || mayFail < 0) break;
    const outcome = evaluate(part, facts);
    if (outcome === true) needed -= 1;
    if (outcome === false) mayFail -= 1;
  }
  if (needed <= 0) return true;
  return mayFail < 0 ? false : null;
}

/** The questions whose answers made the condition what it is; it must not be null. */
export function* findReasons(condition, facts) {
  switch (condition.kind) {
    case 'one_of':
    case 'between':
      yield* findReasonsOfQuestion(condition.question, facts);
      break;
    case 'defined':
      yield* findReasons(facts.ruleSet.definitions.get(condition.name), facts);
      break;
    case 'not':
      yield* findReasons(condition.of, facts);
      break;
    case 'count': {
      const outcome = evaluate(condition, facts);
      for (const part of condition.of) {
        if (evaluate(part, facts) === outcome) yield* findReasons(part, facts);
      }
      break;
    }
    default:
      throw new Error(`unknown condition ${condition.kind}`);
  }
}

function* findReasonsOfQuestion(id, facts) {
  const askIf = facts.ruleSet.questions.get(id).ask_if;
  if (facts.answers.has(id) || !askIf) yield id;
  else yield* findReasons(askIf, facts);
}

/** The questions that the condition still waits for, each once; none if it is settled. */
export function findOpenQuestions(condition, facts) {
  return lookInto(condition, facts)[1];
}

/** What the condition is, and the questions that it waits for. */
function lookInto(condition, facts) {
  switch (condition.kind) {
    case 'one_of':
    case 'between':
      if (facts.get(condition.question) === UNKNOWN) {
        return [null, facts.waitFor(condition.question)];
      }
      return [evaluate(condition, facts), []];
    case 'defined':
      return facts.waitForDefinition(condition.name);
    case 'not': {
      const [outcome, waitsFor] = lookInto(condition.of, facts);
      return [negate(outcome), waitsFor];
    }
    case 'count':
      return lookIntoParts(condition, facts);
    default:
      throw new Error(`unknown condition ${condition.kind}`);
  }
}

function lookIntoParts({ count, of }, facts) {
  let needed = count;
  let mayFail = of.length - count;
  const waitsFor = [];
  for (const part of of) {
    if (needed <= 0 || mayFail < 0) break;
    const [outcome, waits] = lookInto(part, facts);
    if (outcome === null) waitsFor.push(...waits);
    else if (outcome) needed -= 1;
    else mayFail -= 1;
  }
  if (needed <= 0 || mayFail < 0) return [needed <= 0, []];
  return [null, [...new Set(waitsFor)]];
}
