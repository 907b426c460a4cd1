// The page: which screen is shown, and what each move leads to.

import { assess } from './engine.mjs';
import { Interview } from './interview.mjs';
import { readRuleSet } from './rules.mjs';
import { buildResult } from './result.mjs';
import { guardNewScreens, make, makeButton, makeHeading } from './dom.mjs';
import { buildQuestion, listNotes } from './question_screen.mjs';
import { download, readRecord, writeRecord } from './saving.mjs';
import {
  buildBanner, buildDoubtful, buildEmergency, buildReplace, buildResultScreen, buildReview,
  buildStart, buildStartAgain,
} from './screens.mjs';
import { capitalizeFirst, describeDay, fill, fillCount } from './words.mjs';

/** Today, here, as an ISO date. */
function getToday() {
  const now = new Date();
  const pad = (number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

// the region of a language: GB in "en-GB"; "ca" alone is Catalan, and no country
const REGION = /^[a-z]{2,3}(?:-[a-z]{3,4})*-([a-z]{2})(?:-|$)/i;

/** The country that the language of the browser names, if its number is known. */
function guessCountry(ruleSet) {
  const code = REGION.exec(navigator.language ?? '')?.[1].toUpperCase() ?? '';
  return Object.hasOwn(ruleSet.countries, code) ? code : '';
}

export class App {
  /**
   * `country` is the code to begin with; `isPage` says whether this is all of a page, or stands
   * within another. Each result that is shown is told by an event of the container.
   */
  constructor(container, data, { country = '', isPage = true } = {}) {
    this.ruleSet = readRuleSet(data);
    this.words = data.words;
    this.container = container;
    this.code = Object.hasOwn(data.countries, country) ? country : guessCountry(this.ruleSet);
    this.begin(new Interview(this.ruleSet), { isKept: false });
    this.notes = [];
    this.status = make('div', { class: 'notes', role: 'status' });
    this.screen = make(isPage ? 'main' : 'div', {});
    const root = make('div', { class: 'page' },
      this.status, this.screen, buildFooter(this.ruleSet));
    this.noteNewScreen = guardNewScreens(root);
    container.replaceChildren(root);
    this.screen.addEventListener('broken', () => this.showBroken());
    this.showStart(null);
  }

  get context() {
    return {
      ruleSet: this.ruleSet, today: getToday(), country: this.ruleSet.countries[this.code] ?? null,
    };
  }

  /** Show a screen; the heading, or what is named, gets the focus, so that it is read aloud. */
  show(name, content, focused = 'heading') {
    this.status.replaceChildren(...this.notes.map((note) => make('p', {}, note)));
    this.notes = [];
    this.noteNewScreen();
    this.screen.dataset.screen = name;
    this.screen.replaceChildren(...content.flat(2).filter((part) => part !== null));
    if (focused) this.screen.querySelector(`#${focused}`)?.focus({ preventScroll: true });
    if (focused === 'heading') this.screen.parentElement.scrollIntoView();
  }

  // Moves -----------------------------------------------------------------------------------------

  /** Take up an interview of which nothing was told yet; `before` was that before the last move. */
  begin(interview, { isKept }) {
    Object.assign(this, { interview, before: interview, warned: false, isKept });
  }

  /** Ask before the page is left, if answers would be lost with it. */
  askBeforeLeaving(event) {
    if (this.isKept || !this.interview.answers.size) return;
    event.preventDefault();
    event.returnValue = true; // older browsers ask because of this alone
  }

  start() {
    this.next();
  }

  /** Go on with what comes next: an emergency that is news, a doubtful answer, a question. */
  next() {
    if (this.tellEmergency()) this.showEmergency();
    else if (this.interview.doubtful.length) this.showDoubtful();
    else if (this.interview.step) this.showQuestion();
    else this.showReview();
  }

  /** Whether an emergency shows that was not told yet; that it shows no more is told as well. */
  tellEmergency() {
    const before = this.warned;
    const isUrgent = this.interview.status.at_least.advice === 'seek_care_now';
    // the check to come may show it once more
    if (!isUrgent && this.interview.waiting.length) return false;
    this.warned = isUrgent;
    if (before && !this.warned) this.notes.push(this.ruleSet.wording.NO_EMERGENCY);
    return this.warned && !before;
  }

  take(given) {
    const { step } = this.interview;
    this.isKept = false;
    this.before = this.interview;
    this.interview = this.interview.takeAnswers(given);
    const { waiting, dropped } = this.interview;
    this.notes.push(...listNotes(step, given, waiting, this.ruleSet));
    for (const id of dropped) {
      const { label } = this.ruleSet.questions.get(id);
      this.notes.push(fill(this.ruleSet.wording.DROPPED, { label }));
    }
    this.next();
  }

  goBack() {
    if (this.interview.doubtful.length) {
      // what is in doubt is settled on its own screen, or the answer that made it so is taken back
      this.interview = this.before;
      this.showQuestion();
      return;
    }
    const isFirst = !this.interview.history.length || this.interview.cursor === 0;
    if (isFirst) {
      this.showStart();
      return;
    }
    this.interview = this.interview.goBack();
    this.showQuestion();
  }

  /** What the way back of a browser does. */
  stepBack() {
    const { screen } = this.screen.dataset;
    if (screen === 'broken') return;
    if (screen === 'replace') this.showStart();
    else if (screen === 'result' || screen === 'again') this.showReview();
    else if (this.interview.step?.again || this.interview.history.length) this.goBack();
    else this.showStart();
  }

  settle(id, keep) {
    this.interview = this.interview.settle(id, keep);
    this.next();
  }

  reopen(id) {
    this.interview = this.interview.reopen(id);
    this.showQuestion();
  }

  /** Ask what a doctor would ask, even where it changes nothing. */
  askMore() {
    this.interview = this.interview.with({ alsoAsk: this.ruleSet.questions_for_doctor });
    this.next();
  }

  startAgain() {
    this.begin(new Interview(this.ruleSet), { isKept: false });
    this.showStart();
  }

  save() {
    const text = writeRecord(this.ruleSet, this.interview.answers, getToday());
    download(text, `${this.ruleSet.id}-${getToday()}.json`);
    this.isKept = true;
    this.status.replaceChildren(make('p', {}, this.words.SAVE_HOW));
    this.status.scrollIntoView({ block: 'nearest' });
  }

  /** Go on with the answers of a file; who has given others here is asked first. */
  async resume(file) {
    let record;
    try {
      record = readRecord(await file.text(), this.ruleSet, getToday());
    } catch (error) {
      this.notes.push(fill(this.words.CANNOT_RESUME, { reason: error.message }));
      this.showStart();
      return;
    }
    if (this.interview.answers.size) this.show('replace', buildReplace(this, record));
    else this.goOnFrom(record);
  }

  goOnFrom({ answers, day }) {
    this.begin(Interview.resumed(this.ruleSet, answers), { isKept: true });
    if (day) this.notes.push(fill(this.words.SAVED_ON, { day: describeDay(day, this.ruleSet) }));
    this.notes.push(this.words.RESUMED);
    this.next();
  }

  // Screens ---------------------------------------------------------------------------------------

  showStart(focused) {
    this.show('start', buildStart(this), focused);
  }

  showQuestion() {
    const { step } = this.interview;
    this.show('question', [
      buildBanner(this),
      this.buildProgress(),
      buildQuestion(this.interview, this.ruleSet, (given) => this.take(given)),
      this.buildWayBack(),
    ]);
    this.screen.dataset.questions = step.questions.map(({ id }) => id).join(' ');
  }

  showEmergency(focused) {
    this.show('emergency', buildEmergency(this), focused);
  }

  showDoubtful() {
    this.show('doubtful', [buildBanner(this), buildDoubtful(this), this.buildWayBack()]);
  }

  showReview() {
    // who looks at the answers asks no step again
    this.interview = this.interview.with({ cursor: null });
    this.show('review', [buildBanner(this), buildReview(this), this.buildWayBack()]);
  }

  showResult() {
    const result = assess(this.ruleSet, this.interview.answers);
    this.show('result', buildResultScreen(this, result));
    this.container.dispatchEvent(new CustomEvent('backtriage-result', {
      detail: buildResult(result, this.context), bubbles: true, composed: true,
    }));
  }

  showStartAgain() {
    this.show('again', buildStartAgain(this));
  }

  showBroken() {
    this.show('broken', [makeHeading(this.words.BROKEN)]);
  }

  /** How many questions most people still have, in words and as a bar. */
  buildProgress() {
    const { history, cursor, usualMore, step } = this.interview;
    const asked = cursor ?? history.length;
    const { title } = step.area;
    const left = this.describeLeft();
    return make('div', { class: 'progress' },
      make('p', {}, make('strong', {}, title), ' ', make('span', {}, left)),
      make('progress', {
        max: asked + usualMore + 1, value: asked, 'aria-label': this.words.PROGRESS,
      }));
  }

  describeLeft() {
    const { LAST, USUALLY_LAST } = this.ruleSet.wording;
    const { atMostMore, usualMore } = this.interview;
    if (!atMostMore) return capitalizeFirst(LAST);
    if (!usualMore) return capitalizeFirst(USUALLY_LAST);
    return capitalizeFirst(fillCount('LEFT', usualMore, this.ruleSet));
  }

  buildWayBack() {
    const back = makeButton(this.words.BACK, () => this.goBack(), {
      class: 'quiet', 'data-move': 'back',
    });
    const save = makeButton(this.words.SAVE, () => this.save(), {
      class: 'quiet', 'data-move': 'save',
    });
    return make('nav', { class: 'way' }, back, this.interview.answers.size ? save : null);
  }
}

/** Which rules these are, from when, and that nobody has reviewed them. */
function buildFooter(ruleSet) {
  const { id, version, hash, engine_version: engine } = ruleSet;
  const day = describeDay(ruleSet.made_on, ruleSet);
  const made = { id, version, hash: hash.slice(0, 12), engine, day };
  return make('footer', {},
    make('p', {}, [ruleSet.words.NOT_REVIEWED, ...ruleSet.notices].join(' ')),
    make('p', {}, fill(ruleSet.words.MADE_FROM, made)));
}
