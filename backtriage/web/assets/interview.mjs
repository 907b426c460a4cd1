// (rule set, answers) -> the next question, or none; how many more; going back. Nothing is shown.
// An Interview never changes: every move gives a new one.

import { NOT_SURE, findDependencies } from './rules.mjs';
import { Facts, findOpenQuestions, findReasons, holdBoth } from './conditions.mjs';
import { findStatus } from './engine.mjs';

/** The answer that worries least. */
function chooseMildest(question) {
  if (question.kind === 'yes_no') return question.worse === 'no' ? 'yes' : 'no';
  if (question.kind === 'choice') return question.options[0].id;
  if (question.worse === 'higher') return question.minimum;
  if (question.worse === 'lower') return question.maximum;
  return question.minimum + (question.maximum - question.minimum) / 3;
}

/** The steps in which the questions are asked, in the order of the rule set. */
function listSteps(ruleSet, ids) {
  const steps = [];
  const seenLists = new Set();
  for (const question of ruleSet.questions.values()) {
    const { list } = question;
    if (!ids.has(question.id) || seenLists.has(list)) continue;
    const area = ruleSet.areas.get(question.area);
    if (!list) {
      steps.push(buildStep(area, [question], null));
      continue;
    }
    seenLists.add(list);
    const members = [...ruleSet.questions.values()].filter(
      (other) => other.list === list && ids.has(other.id),
    );
    // the last one left of a list is asked in full, as if it stood in none
    steps.push(buildStep(area, members, members.length > 1 ? ruleSet.lists[list] : null));
  }
  return steps;
}

function buildStep(area, questions, list, again = false) {
  const ask = (again && questions[0].check) || (list ?? questions[0]).ask;
  return { area, questions, list, again, ask };
}

const hasCheck = (step) => !step.again && Boolean(step.questions[0].check);

/** Works something out once, when it is first asked for. */
function once(object, name, workOut) {
  if (!object.kept.has(name)) object.kept.set(name, workOut());
  return object.kept.get(name);
}

/**
 * Where an interview stands: the fields are those of `interview.Interview` in Python.
 * `answers` is a Map, `history` the ids of the questions of each step taken, `cursor` the place of
 * a step that is asked again, or null; `dropped` and `doubtful` are what the last move made stale.
 */
export class Interview {
  constructor(ruleSet, fields = {}) {
    this.ruleSet = ruleSet;
    this.fields = {
      complete: false, answers: new Map(), history: [], cursor: null, dropped: [], doubtful: [],
      alsoAsk: [], ...fields,
    };
    Object.assign(this, this.fields);
    this.kept = new Map();
  }

  /** The same with other fields. */
  with(fields) {
    return new Interview(this.ruleSet, { ...this.fields, ...fields });
  }

  /** An interview that goes on from answers given earlier. */
  static resumed(ruleSet, answers) {
    const history = [];
    for (const id of answers.keys()) {
      const { list } = ruleSet.questions.get(id);
      const before = history.at(-1)?.at(-1);
      if (list && before && ruleSet.questions.get(before).list === list) history.at(-1).push(id);
      else history.push([id]);
    }
    return new Interview(ruleSet, { answers: new Map(answers), history });
  }

  /** The next step, or null when nothing is left to ask. */
  get step() {
    return once(this, 'step', () => {
      if (this.cursor !== null) {
        return listSteps(this.ruleSet, new Set(this.history[this.cursor]))[0];
      }
      if (this.waiting.length) {
        const [{ area, questions, list }] = listSteps(this.ruleSet, new Set([this.waiting[0]]));
        return buildStep(area, questions, list, true);
      }
      return listSteps(this.ruleSet, this.needed)[0] ?? null;
    });
  }

  /** How many prompts may follow the present step at most. */
  get atMostMore() {
    return once(this, 'atMostMore', () => {
      const { step } = this;
      const asked = new Set((step?.questions ?? []).map((question) => question.id));
      let needed = new Set(this.ruleSet.questions.keys());
      let waiting = [];
      // else one of them was kept though it does not apply, and is asked again
      if ([...asked].every((id) => this.facts.checkApplies(id) !== false)) {
        const rest = this.without(this.findRestingOn(asked));
        ({ needed, waiting } = rest);
      }
      const left = new Set([...needed].filter((id) => !asked.has(id)));
      return Number(step !== null && hasCheck(step)) + this.countPrompts(left, waiting);
    });
  }

  /** How many prompts it takes at most to ask these, of which some are waiting. */
  countPrompts(ids, waiting) {
    const twice = [...ids].filter(
      (id) => !waiting.includes(id) && this.ruleSet.questions.get(id).check,
    );
    return listSteps(this.ruleSet, ids).length + twice.length;
  }

  /** How many prompts follow the present step if all else is well, as it mostly is. */
  get usualMore() {
    return once(this, 'usualMore', () => {
      let at = this;
      let count = -1;
      while (at.step) {
        const given = at.step.questions.map((question) => [question.id, chooseMildest(question)]);
        at = at.takeAnswers(new Map(given)).with({ doubtful: [] });
        count += 1;
      }
      return Math.max(count, 0);
    });
  }

  /** The red flags present and open, given the answers that count so far. */
  get status() {
    return once(this, 'status', () => findStatus(this.ruleSet, this.facts));
  }

  /** The questions that are to be asked once more, as far as their answers still matter. */
  get waiting() {
    return once(this, 'waiting', () => {
      if (!this.unsure.length) return [];
      const { needed } = this.without(this.unsure);
      return this.unsure.filter((id) => needed.has(id));
    });
  }

  /** The answers that count so far: no "not sure" while some are waiting for their checks. */
  get counted() {
    return this.waiting.length ? this.without(this.unsure).answers : this.answers;
  }

  /** The questions that were answered "not sure", and could be asked once more. */
  get unsure() {
    return once(this, 'unsure', () => {
      const unsure = [];
      for (const [id, question] of this.ruleSet.questions) {
        if (this.answers.get(id) !== NOT_SURE || !question.check) continue;
        // what it depends on stands before it, so that is decided already
        const counted = this.without(unsure).answers;
        if (new Facts(this.ruleSet, counted).checkApplies(id) !== false) unsure.push(id);
      }
      return unsure;
    });
  }

  get facts() {
    return once(this, 'facts', () => new Facts(this.ruleSet, this.counted));
  }

  /** The questions without answer that could still have to be asked. */
  get needed() {
    return once(this, 'needed', () => {
      const wanted = new Set(this.complete ? this.ruleSet.questions.keys() : this.alsoAsk);
      const needed = new Set([...wanted].filter(
        (id) => !this.counted.has(id) && this.mayApply(id, wanted),
      ));
      if (!this.complete) {
        for (const flag of this.status.decisive) {
          for (const id of findOpenQuestions(flag.when, this.facts)) needed.add(id);
        }
      }
      return needed;
    });
  }

  /** Whether a question applies, or will if one that is still to be asked is answered so. */
  mayApply(id, wanted) {
    const applies = this.facts.checkApplies(id);
    if (applies !== null) return applies;
    const waitsFor = [...findOpenQuestions(this.ruleSet.questions.get(id).ask_if, this.facts)];
    return waitsFor.some((other) => this.answers.has(other)
      || (wanted.has(other) && this.mayApply(other, wanted)));
  }

  /** Take the answers to the questions of the present step, and go to the next. */
  takeAnswers(given) {
    const { step } = this;
    const taken = step.again
      ? [...given].map(([id, answer]) => [id, holdBoth(answer)])
      : [...given];
    const isNew = this.cursor === null && !step.again;
    const ids = step.questions.map((question) => question.id);
    return this.with({
      answers: new Map([...this.answers, ...taken]),
      history: isNew ? [...this.history, ids] : this.history,
      cursor: null,
      dropped: [],
      doubtful: [],
    }).withoutStale(this);
  }

  /** Ask the step before the present one again; before a check stands its own question. */
  goBack() {
    if (this.step?.again) return this.reopen(this.step.questions[0].id);
    const cursor = (this.cursor ?? this.history.length) - 1;
    return cursor < 0 ? this : this.with({ cursor, dropped: [] });
  }

  /** Ask the step of a question again that was answered before. */
  reopen(id) {
    const cursor = this.history.findIndex((ids) => ids.includes(id));
    return this.with({ cursor, dropped: [] });
  }

  /** Say what becomes of a doubtful answer: keep it, or drop it. */
  settle(id, keep) {
    const doubtful = this.doubtful.filter((other) => other !== id);
    return (keep ? this : this.without([id])).with({ doubtful, dropped: [] });
  }

  /** Drop the answers that have become stale; those that a red flag rests on become doubtful. */
  withoutStale(before) {
    const stale = this.findStale(before);
    if (!stale.length) return this;
    let dropped = stale;
    for (;;) {
      const needed = this.findNeededByRedFlags(dropped);
      if (!needed.size) break;
      dropped = dropped.filter((id) => !needed.has(id));
    }
    const doubtful = stale.filter((id) => !dropped.includes(id));
    return this.without(dropped).with({ dropped, doubtful });
  }

  /** Those of the answers to be dropped without which a red flag would be less than it is. */
  findNeededByRedFlags(dropped) {
    const left = this.without(dropped).status;
    const lost = this.status.present.filter((flag) => !left.present.includes(flag));
    const closed = this.status.open.filter(
      (flag) => !left.open.includes(flag) && !left.present.includes(flag),
    );
    const needed = new Set([
      ...lost.flatMap((flag) => [...findReasons(flag.when, this.facts)]),
      ...closed.flatMap((flag) => [...findDependencies(flag.when, this.ruleSet)]),
    ]);
    const found = dropped.filter((id) => needed.has(id));
    if (found.length) return new Set(found);
    return new Set(lost.length || closed.length ? dropped : []);
  }

  /** The answered questions that no longer apply, but did before the last move; all in turn. */
  findStale(before) {
    const stale = [...this.answers.keys()].filter(
      (id) => this.facts.checkApplies(id) === false && before.facts.checkApplies(id) !== false,
    );
    return stale.length ? [...stale, ...this.without(stale).findStale(before)] : [];
  }

  /** The interview without the answers to some questions, at its front. */
  without(questions) {
    const left = new Set(questions);
    const answers = new Map([...this.answers].filter(([id]) => !left.has(id)));
    const history = this.history
      .map((ids) => ids.filter((id) => answers.has(id)))
      .filter((ids) => ids.length);
    return this.with({ answers, history, cursor: null });
  }

  /** The answered questions among these, and those that other answers to these may unmake. */
  findRestingOn(questions) {
    return [...this.answers.keys()].filter((id) => {
      const askIf = this.ruleSet.questions.get(id).ask_if;
      if (questions.has(id)) return true;
      return askIf && [...findDependencies(askIf, this.ruleSet)].some((one) => questions.has(one));
    });
  }
}
