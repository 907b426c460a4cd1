// What the page's interpreter makes of answers.
//
// stdin: one JSON object a line: first {data, today}, the data of a page; then for each patient
// {answers, country}, until the next {data}.
// stdout: for each patient {result, card, report} on a line.

import { readFileSync } from 'node:fs';
import { readRuleSet } from '../../backtriage/web/assets/rules.mjs';
import { assess } from '../../backtriage/web/assets/engine.mjs';
import { buildCard } from '../../backtriage/web/assets/card.mjs';
import { buildReport } from '../../backtriage/web/assets/sections.mjs';
import { buildResult } from '../../backtriage/web/assets/result.mjs';

let ruleSet;
let today;
const lines = [];
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { data, today: day, answers, country } = JSON.parse(line);
  if (data) {
    ruleSet = readRuleSet(data);
    today = day;
    continue;
  }
  const context = { ruleSet, today, country };
  const result = assess(ruleSet, new Map(answers));
  lines.push(JSON.stringify({
    result: buildResult(result, context),
    card: buildCard(result, context),
    report: buildReport(result, context),
  }));
}
process.stdout.write(`${lines.join('\n')}\n`);
