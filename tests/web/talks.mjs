// Holds interviews without a page, and tells where each stands after every move.
//
// stdin: {data, people: [{answers, draws, complete}]} on each line, where `answers` has two values
// for each question, for the first and the next time that it is asked, and `draws` decide about
// the moves. stdout: for each person all the states on one line.

import { readFileSync } from 'node:fs';
import { readRuleSet } from '../../backtriage/web/assets/rules.mjs';
import { Interview } from '../../backtriage/web/assets/interview.mjs';

const MOST_MOVES = 150;

function describe(interview) {
  const { step } = interview;
  return {
    step: step && step.questions.map(({ id }) => id),
    ask: step && step.ask,
    again: Boolean(step?.again),
    answers: [...interview.answers],
    history: interview.history,
    cursor: interview.cursor,
    dropped: interview.dropped,
    doubtful: interview.doubtful,
    waiting: interview.waiting,
    present: interview.status.present.map(({ id }) => id),
    open: interview.status.open.map(({ id }) => id),
    at_most_more: interview.atMostMore,
    usual_more: interview.usualMore,
  };
}

function hold(ruleSet, { answers, draws, complete }) {
  let interview = new Interview(ruleSet, { complete });
  const asked = {};
  const states = [];
  const answer = (id) => {
    asked[id] = (asked[id] ?? 0) + 1;
    return [id, answers[(asked[id] - 1) % 2][id]];
  };
  for (const draw of draws.slice(0, MOST_MOVES)) {
    states.push(describe(interview));
    const given = [...interview.answers.keys()];
    if (interview.doubtful.length) {
      interview = interview.settle(interview.doubtful[0], draw < 0.5);
    } else if (draw < 0.1) {
      interview = interview.goBack();
    } else if (draw < (interview.step ? 0.2 : 0.8) && given.length) {
      interview = interview.reopen(given[Math.floor(draw * 1e6) % given.length]);
    } else if (interview.step) {
      const ids = interview.step.questions.map(({ id }) => id);
      interview = interview.takeAnswers(new Map(ids.map(answer)));
    } else {
      break;
    }
  }
  return states;
}

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { data, people } = JSON.parse(line);
  const ruleSet = readRuleSet(data);
  for (const person of people) process.stdout.write(`${JSON.stringify(hold(ruleSet, person))}\n`);
}
