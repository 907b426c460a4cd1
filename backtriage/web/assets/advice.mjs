// Advice -> what is said of it to this person: headline, steps, number to call, dates.
// `context` is {ruleSet, today (an ISO date), country ({name, call} or null)}.

import { evaluate, Facts } from './conditions.mjs';
import { addDays, describeDay, fill, uncapitalizeFirst } from './words.mjs';

/** Whether there is an advice: home care is none while a question that matters is open. */
export const isAdviceGiven = (result) => result.complete || result.at_least.advice !== 'home_care';

/** Whether to tell a step or part: not if its `when` is not known to hold, or `unless` is. */
export function isTold(told, facts) {
  const wanted = !told.when || evaluate(told.when, facts) === true;
  return wanted && !(told.unless && evaluate(told.unless, facts) === true);
}

export const nameEmergencyNumber = ({ ruleSet, country }) =>
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
  const { ruleSet } = context;
  if (isAdviceGiven(result)) return describeHeadline(result.at_least, context, !result.complete);
  return fill(ruleSet.wording.FROM_TO, {
    least: uncapitalizeFirst(ruleSet.advice[result.at_least.advice].title, ruleSet),
    most: uncapitalizeFirst(ruleSet.advice[result.at_most.advice].title, ruleSet),
  });
}

/** An advice with its deadline; `orSooner` says that it is not settled yet. */
export function describeHeadline(urgency, { ruleSet, today }, orSooner = false) {
  const { wording } = ruleSet;
  const { title } = ruleSet.advice[urgency.advice];
  if (urgency.advice !== 'see_doctor_soon' || urgency.within_days === null) {
    return orSooner ? fill(wording.TITLE_OR_SOONER, { title }) : title;
  }
  const name = `${urgency.within_days ? 'BY_DAY' : 'ON_DAY'}${orSooner ? '_OR_SOONER' : ''}`;
  return fill(wording[name], {
    title,
    deadline: ruleSet.deadlines[urgency.within_days],
    day: describeDay(addDays(today, urgency.within_days), ruleSet),
  });
}

/** The days to look again that this person is told, each with what to do then. */
export function chooseDates(result, { ruleSet, today }) {
  const facts = new Facts(ruleSet, result.answers);
  return ruleSet.advice[result.at_least.advice].safety_net
    .filter(({ step }) => isTold(step, facts))
    .map(({ within_days, step }) => ({ on: addDays(today, within_days), text: step.text }));
}
