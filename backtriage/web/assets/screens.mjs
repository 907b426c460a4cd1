// The screens around the questions: start, emergency, a doubtful answer, review, result.
// `app` has what a screen shows and the moves that its buttons make.

import { assess } from './engine.mjs';
import { chooseSteps, describeEmergencyNumber, describeHeadline, withNumber } from './advice.mjs';
import { buildCard, describeWarnings } from './card.mjs';
import { chooseLeftOut } from './paper.mjs';
import { buildReport } from './sections.mjs';
import { listDecisive } from './say.mjs';
import {
  make, makeButton, makeCalls, makeFold, makeHeading, makeItems, makeMove,
} from './dom.mjs';
import {
  capitalizeFirst, describeAnswer, describeBecause, describeDay, fill, fillCount, isPlainNo,
} from './words.mjs';

// Start -------------------------------------------------------------------------------------------

/** What this is, when not to go on but to call, where the person is, and how to begin. */
export function buildStart(app) {
  const { ruleSet, words } = app;
  const file = make('input', {
    type: 'file', accept: '.json,application/json', id: 'file',
    onchange: () => file.files.length && app.resume(file.files[0]),
  });
  const [danger, ...others] = ruleSet.opening.map((text) => withNumber(text, app.context));
  return [
    makeHeading(ruleSet.title),
    danger ? make('div', { class: 'danger' }, make('p', {}, danger), buildCalls(app)) : null,
    others.map((text) => make('p', {}, text)),
    ruleSet.scope.split('\n').filter(Boolean).map((text) => make('p', {}, text)),
    buildCountry(app, () => app.showStart('country')),
    make('p', {}, words.PRIVATE),
    makeMove(words.START, 'start', () => app.start(), 'answer main'),
    make('details', { class: 'why' },
      make('summary', {}, words.RESUME),
      make('label', { for: 'file' }, words.RESUME_HOW),
      make('p', {}, file)),
  ];
}

const buildCalls = ({ context: { country }, words }) =>
  (country ? make('p', { class: 'calls' }, makeCalls(country.call, words)) : null);

/** Where the person is, for the emergency number. */
function buildCountry(app, onChosen) {
  const { ruleSet, words } = app;
  const countries = Object.entries(ruleSet.countries)
    .map(([code, { name }]) => [code, name])
    .sort(([, one], [, other]) => one.replace('the ', '').localeCompare(other.replace('the ', '')));
  if (!countries.length) return null;
  const options = [['', words.OTHER_COUNTRY], ...countries].map(([code, name]) =>
    make('option', { value: code, selected: code === app.code }, capitalizeFirst(name)));
  const choice = make('select', {
    id: 'country',
    onchange: () => {
      app.code = choice.value;
      onChosen();
    },
  }, options);
  return make('p', { class: 'country' },
    make('label', { for: 'country' }, words.COUNTRY), ' ',
    make('span', { class: 'hint' }, words.COUNTRY_WHY), choice);
}

// Emergency ---------------------------------------------------------------------------------------

/** An emergency as soon as it shows: whom to call, what to do first, and why. */
export function buildEmergency(app) {
  const { ruleSet, words, interview, context } = app;
  const { advice } = interview.status.at_least;
  const result = assess(ruleSet, interview.counted);
  const [first] = chooseSteps(ruleSet.advice[advice].steps, interview.counted, context);
  const isMore = Boolean(interview.step) || interview.doubtful.length > 0;
  const country = buildCountry(app, () => app.showEmergency('country'));
  return [
    make('div', { class: 'alarm' },
      makeHeading(describeHeadline(interview.status.at_least, context)),
      make('p', { class: 'first' }, first),
      buildCalls(app),
      context.country ? make('p', {}, describeEmergencyNumber(context)) : null),
    context.country ? null : country,
    listDecisive(result).map((finding) => make('p', {}, describeBecause(finding, result, ruleSet))),
    make('p', {}, isMore ? words.CALL_FIRST : ''),
    makeMove(words.STOP_HERE, 'stop', () => app.showResult(), 'answer main'),
    isMore
      ? makeMove(words.GO_ON, 'on', () => app.next())
      : makeMove(words.CHANGE_ANSWERS, 'on', () => app.showReview()),
    context.country ? country : null,
  ];
}

/** What stands above all that is asked while an emergency shows. */
export function buildBanner(app) {
  const urgency = app.interview.status.at_least;
  if (urgency.advice !== 'seek_care_now') return null;
  const title = describeHeadline(urgency, app.context);
  return make('aside', { class: 'banner', 'aria-label': app.words.EMERGENCY },
    make('strong', {}, title), buildCalls(app),
    makeButton(app.words.STOP_HERE, () => app.showResult(), { class: 'quiet' }));
}

// A doubtful answer, review -----------------------------------------------------------------------

/** Whether an answer still holds that no longer applies, but that a red flag rests on. */
export function buildDoubtful(app) {
  const { ruleSet, words, interview } = app;
  const [id] = interview.doubtful;
  const question = ruleSet.questions.get(id);
  const answer = describeAnswer(question, interview.answers.get(id), ruleSet);
  const settle = (keep, move, text) =>
    makeMove(text, move, () => app.settle(id, keep), 'answer long');
  return [
    make('div', { id: 'doubt' },
      make('p', {}, fill(ruleSet.wording.LABELLED, { label: question.label, answer })),
      make('p', {}, ruleSet.wording.DOUBTFUL)),
    makeHeading(ruleSet.wording.STILL_TRUE, { 'aria-describedby': 'doubt' }),
    settle(true, 'keep', words.STILL_YES),
    settle(false, 'drop', words.STILL_NO),
    // only the person's word may lower the urgency
    settle(true, 'unsure', words.STILL_NOT_SURE),
  ];
}

/** All answers, each to be changed; the many plain "no" on request. */
export function buildReview(app) {
  const { ruleSet, words, interview } = app;
  const rows = [...interview.answers].map(([id, answer]) => [ruleSet.questions.get(id), answer]);
  const others = rows.filter(([question, answer]) => !isPlainNo(question, answer));
  const nos = rows.filter(([question, answer]) => isPlainNo(question, answer));
  const buildRows = (some) => make('ul', { class: 'rows review' }, some.map(([question, answer]) =>
    make('li', { class: 'row' },
      make('span', {}, `${question.label}: `,
        make('strong', {}, describeAnswer(question, answer, ruleSet))),
      makeButton(words.CHANGE, () => app.reopen(question.id), {
        class: 'quiet', 'data-change': question.id,
        'aria-label': fill(words.CHANGE_THAT, { label: question.label }),
      }))));
  const count = fillCount('NOS', nos.length, ruleSet);
  return [
    makeHeading(ruleSet.wording.YOUR_ANSWERS),
    make('p', {}, `${ruleSet.wording.ALL_RIGHT} ${words.CHECK_ANSWERS}`),
    others.length ? buildRows(others) : null,
    nos.length
      ? make('details', { class: 'why' }, make('summary', {}, count), buildRows(nos)) : null,
    makeMove(words.SHOW_RESULT, 'result', () => app.showResult(), 'answer main'),
  ];
}

// Result ------------------------------------------------------------------------------------------

/** The care card, what to say, the rest on request; two sheets when it is printed. */
export function buildResultScreen(app, result) {
  const { ruleSet, words, context } = app;
  const card = buildCard(result, context, null);
  const { sections } = buildReport(result, context);
  const { DOCTOR_SHEET, MORE_ON_PAGE, TITLE_AND_WHEN } = ruleSet.wording;
  const told = sections.filter((section) => !section.for_doctor && section.kind !== 'TO_DO');
  const columns = told.filter((section) => section.kind !== 'TO_SAY');
  const leftOut = chooseLeftOut(card, told, ruleSet);
  const doctor = sections.filter((section) => section.for_doctor);
  const kind = card.advice ?? 'open';
  const person = make('section', { class: `sheet ${kind}` },
    buildCardFrame(card, app),
    buildFields(ruleSet, context.today),
    told.filter((section) => section.kind === 'TO_SAY')
      .map((section) => buildSection(section, null, 'say')),
    makeFold(words.DETAILS, [
      ...columns.map(
        (section) => buildSection(section, leftOut.has(section) ? 'screen' : null),
      ),
      leftOut.size ? make('p', { class: 'paper' }, MORE_ON_PAGE) : null,
    ], { class: 'fold columns' }));
  const sheet = make('section', { class: 'sheet doctor' }, makeFold(DOCTOR_SHEET, [
    make('h2', {}, DOCTOR_SHEET),
    make('p', {}, card.by_when
      ? fill(TITLE_AND_WHEN, { title: card.title, when: card.by_when }) : `${card.title}.`),
    buildFields(ruleSet, context.today),
    ...doctor.map((section) => buildSection(section, ruleSet.paper.small[section.kind])),
  ]));
  return [person, sheet, buildMoves(app)];
}

function buildCardFrame(card, app) {
  const { ruleSet, words } = app;
  const isEmergency = card.advice === 'seek_care_now';
  return make('article', { class: 'card' },
    make('header', {},
      makeHeading(card.title),
      card.by_when ? make('p', { class: 'when' }, card.by_when) : null),
    make('div', { class: 'words' },
      isEmergency ? buildCalls(app) : null,
      makeItems(card.steps, true),
      make('p', {}, [ruleSet.wording.WHY, ...card.why].join(' ')),
      card.warnings.length ? make('p', { class: 'screen' }, describeWarnings(card, ruleSet)) : null,
      card.number ? make('p', {}, card.number) : null,
      card.number && !isEmergency
        ? make('p', { class: 'calls calm' }, makeCalls(app.context.country.call, words)) : null));
}

function buildFields(ruleSet, today) {
  const { FIELD, ANSWERED_ON } = ruleSet.wording;
  return make('div', { class: 'fields' },
    ruleSet.fields.map((field) => make('p', {}, fill(FIELD, { field }))),
    make('p', {}, fill(ANSWERED_ON, { day: describeDay(today, ruleSet) })));
}

const buildSection = ({ heading, paragraphs, items, numbered }, kind = null, ofText = null) =>
  make('section', { class: kind },
    make('h2', {}, heading),
    paragraphs.map((text) => make('p', { class: ofText }, text)),
    items.length ? makeItems(items, numbered) : null);

/** What can be done with a result. */
function buildMoves(app) {
  const { words, interview, ruleSet } = app;
  const further = interview.with({ alsoAsk: ruleSet.questions_for_doctor });
  return make('div', { class: 'moves' },
    makeMove(words.PRINT, 'print', () => window.print()),
    interview.step ? makeMove(words.GO_ON, 'on', () => app.next()) : null,
    !interview.step && further.step
      ? makeMove(words.MORE_FOR_DOCTOR, 'more', () => app.askMore()) : null,
    makeMove(words.CHANGE_ANSWERS, 'review', () => app.showReview()),
    makeMove(words.SAVE, 'save', () => app.save()),
    makeMove(words.START_AGAIN, 'again', () => app.showStartAgain()));
}

/** Whether to delete all answers. */
export const buildStartAgain = (app) => buildSure(
  app.words.SURE_AGAIN, app.words.REALLY, () => app.startAgain(), () => app.showResult(), app,
);

/** Whether to put the answers of a file in the place of those that were given here. */
export const buildReplace = (app, record) => buildSure(
  app.words.SURE_REPLACE, app.words.REPLACE, () => app.goOnFrom(record), () => app.showStart(), app,
);

const buildSure = (question, yes, onYes, onNo, { words }) => [
  makeHeading(question),
  makeMove(words.KEEP_THEM, 'keep', onNo, 'answer main'),
  makeMove(yes, 'delete', onYes),
];
