// Reads what is typed for a number, as the page does.
//
// stdin: {data, texts: [[id of a question, text]]}; stdout: for each the number, or what is said.

import { readFileSync } from 'node:fs';
import { readRuleSet } from '../../backtriage/web/assets/rules.mjs';
import { readNumber } from '../../backtriage/web/assets/typed_number.mjs';

const { data, texts } = JSON.parse(readFileSync(0, 'utf8'));
const ruleSet = readRuleSet(data);
const read = ([id, text]) => {
  const question = ruleSet.questions.get(id);
  const only = question.typed.length === 1 ? question.typed[0] : null;
  const { number, message } = readNumber(text, only, question, ruleSet);
  return message ?? number;
};
process.stdout.write(JSON.stringify(texts.map(read)));
