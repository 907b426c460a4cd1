// A step of the interview -> its screen: the question, and what can be answered.
// `take` is called with the answers, a Map.

import { NOT_SURE } from './rules.mjs';
import { guard, make, makeButton, makeHeading } from './dom.mjs';
import { readNumber } from './typed_number.mjs';
import { capitalizeFirst, describeAnswer, describeLabelledAnswer, fill } from './words.mjs';

/** All that stands on the screen of a step. */
export function buildQuestion(interview, ruleSet, take) {
  const { step } = interview;
  const { words } = ruleSet;
  return [
    interview.cursor === null ? null : make('p', { class: 'hint' }, words.CHANGING),
    step.again ? make('p', { class: 'try', id: 'try' }, words.TRY) : null,
    makeHeading(step.ask, { 'aria-describedby': step.again && 'try' }),
    ...buildAnswers(step, ruleSet, take),
    ...buildBefore(interview, ruleSet, take),
    buildWhy(step, ruleSet),
  ];
}

function buildAnswers(step, ruleSet, take) {
  if (step.list) return buildList(step, ruleSet, take);
  const [question] = step.questions;
  const takeOne = (answer) => take(new Map([[question.id, answer]]));
  if (question.kind === 'number') return buildNumber(question, ruleSet, takeOne);
  if (question.kind === 'choice') return buildChoice(question, ruleSet, takeOne);
  return buildYesNo(question, ruleSet, takeOne);
}

const makeAnswers = (...buttons) =>
  make('div', { class: 'answers', role: 'group', 'aria-labelledby': 'heading' }, ...buttons);

const makeAnswer = (text, answer, takeOne, kind = 'answer') =>
  makeButton(text, () => takeOne(answer), { class: kind, 'data-answer': answer });

function buildYesNo(question, { words }, takeOne) {
  return [
    makeAnswers(
      makeAnswer(words.YES, 'yes', takeOne),
      makeAnswer(words.NO, 'no', takeOne),
      makeAnswer(words.NOT_SURE, NOT_SURE, takeOne, 'answer unsure'),
    ),
    make('p', { class: 'hint' }, words.YES_HINT),
  ];
}

function buildChoice(question, { words }, takeOne) {
  const options = question.options.map(
    ({ id, label }) => makeAnswer(label, id, takeOne, 'answer long'),
  );
  const unsure = makeAnswer(words.NOT_SURE, NOT_SURE, takeOne, 'answer long unsure');
  return [makeAnswers(...options, question.not_sure === undefined ? null : unsure)];
}

/** A row to tick for each question of a list; who ticks nothing says "none of these". */
function buildList(step, { words }, take) {
  const rows = step.questions.map((question) => buildRow(question, words, () => update()));
  const button = makeButton(words.NONE, () => take(new Map(rows.map((row) => row.read()))), {
    class: 'answer long', 'data-answer': 'list',
  });
  const update = () => {
    const isTicked = rows.some((row) => row.read()[1] !== 'no');
    button.textContent = isTicked ? words.CONTINUE : words.NONE;
  };
  return [
    make('p', { class: 'hint', id: 'hint' }, words.LIST_HINT),
    make('ul', { class: 'rows', 'aria-labelledby': 'heading' }, rows.map((row) => row.element)),
    button,
  ];
}

function buildRow(question, words, onChange) {
  const item = question.item ?? question.label;
  const makeTick = (value, attributes) =>
    make('input', { type: 'checkbox', name: question.id, value, ...attributes });
  const yes = makeTick('yes', {});
  const unsure = makeTick(NOT_SURE, { 'aria-label': fill(words.NOT_SURE_OF, { item }) });
  for (const [tick, other] of [[yes, unsure], [unsure, yes]]) {
    tick.addEventListener('change', guard(tick, () => {
      if (tick.checked) other.checked = false;
      onChange();
    }));
  }
  const read = () => [question.id, [yes, unsure].find((tick) => tick.checked)?.value ?? 'no'];
  const element = make('li', { class: 'row' },
    make('label', { class: 'tick' }, yes, make('span', {}, item)),
    make('label', { class: 'tick small' }, unsure,
      make('span', { 'aria-hidden': 'true' }, words.UNSURE)));
  return { element, read };
}

/** A number, its unit where there are several, and a button to go on. */
function buildNumber(question, ruleSet, takeOne) {
  const { words } = ruleSet;
  const error = make('p', { class: 'error', role: 'alert', id: 'error' });
  const field = make('input', {
    type: 'text', inputmode: 'decimal', autocomplete: 'off', maxlength: '40',
    class: question.typed.length > 1 ? 'number wide' : 'number',
    'aria-labelledby': 'heading', 'aria-describedby': 'error unit',
  });
  const units = buildUnits(question, words);
  const submit = () => {
    const { number, message } = readNumber(field.value, units.read(), question, ruleSet);
    if (message === undefined) {
      takeOne(number);
      return;
    }
    error.textContent = message;
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  };
  const form = make('form', {
    class: 'typed',
    novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      submit();
    },
  }, make('div', { class: 'typing' }, field, units.element), error,
  make('button', { type: 'submit', class: 'answer', 'data-answer': 'number' }, words.CONTINUE));
  if (question.not_sure === undefined) return [form];
  return [form, makeAnswer(words.NOT_SURE, NOT_SURE, takeOne, 'answer long unsure')];
}

/** The unit as a word, or a choice of units: without one, 6 may well mean weeks. */
function buildUnits(question, words) {
  const { typed } = question;
  if (typed.length === 1) {
    return { element: make('span', { id: 'unit' }, typed[0].label), read: () => typed[0] };
  }
  const radios = typed.map(
    ({ unit }) => make('input', { type: 'radio', name: 'unit', value: unit }),
  );
  const labels = typed.map(({ label }, place) =>
    make('label', { class: 'tick' }, radios[place], make('span', {}, label)));
  const element = make('fieldset', { class: 'units', id: 'unit' },
    make('legend', { class: 'aside' }, words.UNIT), labels);
  return { element, read: () => typed[radios.findIndex((radio) => radio.checked)] ?? null };
}

/** The answer that was given before, and a button that leaves it as it is. */
function buildBefore(interview, ruleSet, take) {
  const { step, answers } = interview;
  const given = step.questions.filter(({ id }) => answers.has(id));
  if (!given.length || step.again) return [];
  const { words } = ruleSet;
  const told = given.map((question) => (step.list
    ? describeLabelledAnswer(question.id, answers.get(question.id), ruleSet)
    : describeAnswer(question, answers.get(question.id), ruleSet)));
  const before = make('p', { class: 'hint' }, fill(words.BEFORE, { answer: told.join('; ') }));
  if (interview.cursor === null || given.length < step.questions.length) return [before];
  const kept = new Map(given.map(({ id }) => [id, answers.get(id)]));
  const keep = { class: 'quiet', 'data-answer': 'keep' };
  return [before, makeButton(words.KEEP, () => take(kept), keep)];
}

/** Why the question is asked, and two sources at most. */
function buildWhy(step, ruleSet) {
  const asked = step.list ?? step.questions[0];
  const sources = (asked.sources ?? []).map((id) => ruleSet.sources[id]).filter(Boolean);
  return make('details', { class: 'why' },
    make('summary', {}, ruleSet.words.WHY),
    make('p', {}, asked.why),
    step.list ? make('ul', {}, step.questions.map(({ ask }) => make('li', {}, ask))) : null,
    sources.map(
      (source) => make('p', { class: 'hint' }, fill(ruleSet.wording.SOURCE, { source })),
    ));
}

/** What to say back of answers just given: a number, and what "not sure" counts as. */
export function listNotes(step, given, waiting, ruleSet) {
  const { COUNTED_AS, COUNTED_SAFELY, LABELLED } = ruleSet.wording;
  const notes = [];
  for (const question of step.questions) {
    const answer = given.get(question.id);
    if (waiting.includes(question.id)) continue;
    if (answer === NOT_SURE) {
      const unsure = ruleSet.answers[NOT_SURE];
      const name = step.list
        ? fill(LABELLED, { label: question.label, answer: unsure }) : capitalizeFirst(unsure);
      const isWorse = question.kind === 'yes_no' && question.not_sure === question.worse;
      notes.push(fill(isWorse ? COUNTED_SAFELY : COUNTED_AS, { name, counted: question.counted }));
    } else if (question.kind === 'number') {
      const told = describeAnswer(question, answer, ruleSet);
      notes.push(`${fill(LABELLED, { label: question.label, answer: told })}.`);
    }
  }
  return notes;
}
