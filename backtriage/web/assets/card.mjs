// Assessment -> the care card: what to do, by when and why, in a few lines.

import {
  addDays, describeBecause, describeDay, fill, fillCount, uncapitalizeFirst,
} from './words.mjs';
import { chooseDates, chooseSteps, isAdviceGiven } from './advice.mjs';
import { listEvents } from './safety_net.mjs';
import { listDecisive } from './say.mjs';

const MOST_STEPS = 3;
const MOST_REASONS = 2;
const MOST_LETTERS = 150; // so long may all warnings of a card be together

/** The care card: what to do, by when and why, in a few lines; all steps with mostSteps null. */
export function buildCard(result, context, mostSteps = MOST_STEPS) {
  const { ruleSet, country } = context;
  const { wording } = ruleSet;
  const number = country
    ? fill(wording.CARD_NUMBER, { call: country.call, country: country.name }) : null;
  if (!isAdviceGiven(result)) {
    const most = uncapitalizeFirst(ruleSet.advice[result.at_most.advice].title, ruleSet);
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
  const name = `CARD_${days ? 'BY_DAY' : 'TODAY'}${result.complete ? '' : '_OR_SOONER'}`;
  return fill(wording[name], { day, deadline });
}

/** The reasons of the red flags that decide, and how many more there are. */
function* listReasons(result, ruleSet) {
  const reasons = listDecisive(result).map((finding) => describeBecause(finding, result, ruleSet));
  yield* reasons.slice(0, MOST_REASONS);
  const count = reasons.length - MOST_REASONS;
  if (count > 0) yield fillCount('MORE', count, ruleSet);
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
