// The rule set as data -> the same with what is looked up again and again.

export const ADVICES = ['home_care', 'see_doctor_soon', 'seek_care_now'];
export const NOT_SURE = 'not sure';

/** A condition in the words of the rule language -> a node: {kind, ...}. */
function readCondition(data, definitions) {
  const [key, of] = Object.entries(data)[0];
  const read = (parts) => parts.map((part) => readCondition(part, definitions));
  if (key === 'not') return { kind: 'not', of: readCondition(of, definitions) };
  if (key === 'all') return { kind: 'count', count: of.length, of: read(of) };
  if (key === 'any') return { kind: 'count', count: 1, of: read(of) };
  if (key === 'at_least') return { kind: 'count', count: of.count, of: read(of.of) };
  if (Object.hasOwn(definitions, key)) return { kind: 'defined', name: key };
  if (Array.isArray(of)) return { kind: 'one_of', question: key, values: of };
  if (typeof of === 'string') return { kind: 'one_of', question: key, values: [of] };
  return { kind: 'between', question: key, at_least: of.at_least ?? null, below: of.below ?? null };
}

/** The data of a page -> a rule set, whose conditions are nodes. */
export function readRuleSet(data) {
  const read = (condition) => (condition ? readCondition(condition, data.definitions) : null);
  const withConditions = (told) => ({ ...told, when: read(told.when), unless: read(told.unless) });
  const questions = data.questions.map((question) => ({
    ...question, ask_if: read(question.ask_if), ask_if_data: question.ask_if ?? null,
  }));
  const definitions = Object.entries(data.definitions);
  const ruleSet = {
    ...data,
    questions: new Map(questions.map((question) => [question.id, question])),
    definitions: new Map(definitions.map(([name, condition]) => [name, read(condition)])),
    definitions_data: data.definitions,
    red_flags: data.red_flags.map((flag) => ({ ...flag, when: read(flag.when) })),
    ambulance: read(data.ambulance),
    areas: new Map(data.areas.map((area) => [area.id, area])),
    advice: Object.fromEntries(Object.entries(data.advice).map(([id, text]) => [id, {
      ...text,
      steps: text.steps.map(withConditions),
      parts: text.parts.map((part) => ({
        ...withConditions(part), steps: part.steps.map(withConditions),
      })),
      safety_net: text.safety_net.map((net) => ({ ...net, step: withConditions(net.step) })),
    }])),
    also_watch_for: data.also_watch_for.map(withConditions),
  };
  ruleSet.ranked = sortMostUrgentFirst(ruleSet.red_flags);
  ruleSet.affected = findAffected(ruleSet);
  return ruleSet;
}

/** A number that is the higher, the more urgent: the advice counts first, then the deadline. */
export function rank(urgency) {
  return ADVICES.indexOf(urgency.advice) * 1e6 - (urgency.within_days ?? 0);
}

function sortMostUrgentFirst(flags) {
  return [...flags].sort((one, other) => rank(other) - rank(one));
}

/** The comparisons that a condition is made of, those of its definitions included. */
function* listComparisons(condition, ruleSet) {
  switch (condition.kind) {
    case 'one_of':
    case 'between':
      yield condition;
      break;
    case 'defined':
      yield* listComparisons(ruleSet.definitions.get(condition.name), ruleSet);
      break;
    case 'not':
      yield* listComparisons(condition.of, ruleSet);
      break;
    case 'count':
      for (const part of condition.of) yield* listComparisons(part, ruleSet);
      break;
    default:
      throw new Error(`unknown condition ${condition.kind}`);
  }
}

/** Every question that can bear on the condition, also through the `ask_if` of another. */
export function findDependencies(condition, ruleSet) {
  const questions = new Set();
  const conditions = [condition];
  while (conditions.length) {
    for (const { question } of listComparisons(conditions.pop(), ruleSet)) {
      if (questions.has(question)) continue;
      questions.add(question);
      const askIf = ruleSet.questions.get(question).ask_if;
      if (askIf) conditions.push(askIf);
    }
  }
  return questions;
}

/** By question: the red flags that it bears on, the most urgent first. */
function findAffected(ruleSet) {
  const affected = new Map([...ruleSet.questions.keys()].map((id) => [id, []]));
  for (const flag of ruleSet.ranked) {
    for (const id of findDependencies(flag.when, ruleSet)) affected.get(id).push(flag);
  }
  return affected;
}

/** A condition as data in which the definitions are written out. */
export function writeOut(data, ruleSet) {
  if (Array.isArray(data)) return data.map((part) => writeOut(part, ruleSet));
  if (data === null || typeof data !== 'object') return data;
  const [key, of] = Object.entries(data)[0];
  if (Object.hasOwn(ruleSet.definitions_data, key)) {
    return writeOut(ruleSet.definitions_data[key], ruleSet);
  }
  if (key === 'not' || key === 'all' || key === 'any') return { [key]: writeOut(of, ruleSet) };
  if (key === 'at_least') return { at_least: { count: of.count, of: writeOut(of.of, ruleSet) } };
  return data;
}
