// Shows a form in LHC-Forms, fills it in case by case, and gives back what LHC-Forms makes of it.
//
// stdin: {chromium, form, questions, cases: [{id, steps}]}, where a step is {linkId, choice}
// (the place of an option), or {linkId, text, unit?} and `shown`, the questions to be shown then.
// stdout: [{id, wrong, response}], where `wrong` has the steps at which others were shown.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../web/browser.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const built = fileURLToPath(new URL('../parts/lforms/dist/lforms', import.meta.url));

const PAGES = 2; // filled in at the same time
const PAUSE = 300, PATIENCE = 3000; // milliseconds

const scripts = [
  'webcomponent/assets/lib/zone.min.js', 'webcomponent/runtime.js', 'webcomponent/polyfills.js',
  'webcomponent/main.js', 'fhir/R4/lformsFHIR.min.js',
];
const page_text = `<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="/webcomponent/styles.css"><div id="form"></div>
${scripts.map((script) => `<script src="/${script}"></script>`).join('\n')}`;
const kinds = { '.js': 'text/javascript', '.css': 'text/css' };

const server = createServer(async (request, response) => {
  try {
    const path = normalize(decodeURIComponent(request.url));
    const kind = path === '/' ? 'text/html' : kinds[extname(path)] ?? 'application/octet-stream';
    const body = path === '/' ? page_text : await readFile(join(built, path));
    response.setHeader('content-type', kind).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await launch(job.chromium);

async function openPage() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => window.LForms?.FHIR && LForms.Util.addFormToPage);
  return page;
}

async function showForm(page) {
  await page.evaluate((form) => LForms.Util.addFormToPage(form, 'form', { fhirVersion: 'R4' }), job.form);
  await page.waitForSelector('label[id^="label-"]');
}

// Chooses an option, if the step has one. Gives the questions that stand on the page, once they are
// those that should, or after a while.
function choose([questions, { linkId, choice, shown }, patience]) {
  if (choice !== undefined) {
    document.querySelectorAll(`[name^="radiogroup_${linkId}/"]`)[choice].click();
  }
  const look = () => questions.filter((name) => {
    const label = document.querySelector(`label[id^="label-${name}/"]`);
    return label !== null && label.checkVisibility();
  });
  return new Promise((resolve) => {
    const end = Date.now() + patience;
    const wait = () => {
      const found = look();
      if (found.join() === shown.join() || Date.now() > end) resolve(found);
      else setTimeout(wait, 10);
    };
    wait();
  });
}

async function type(page, { linkId, text, unit }) {
  const field = page.locator(`input[id^="${linkId}/"]`);
  await field.fill(text);
  await field.blur();
  if (unit === undefined) return;
  // the list of units opens and closes after a moment, and one unit is chosen already
  const units = page.locator(`[id^="unit_${linkId}/"]`);
  await units.click();
  await page.waitForTimeout(PAUSE);
  await units.press('Control+A');
  await units.pressSequentially(unit);
  await page.waitForTimeout(PAUSE);
  await units.press('ArrowDown');
  await units.press('Enter');
  await page.waitForTimeout(PAUSE);
}

async function fillIn(page, { id, steps }) {
  await showForm(page);
  const wrong = [];
  for (const step of steps) {
    try {
      if (step.text !== undefined) await type(page, step);
      const shown = await page.evaluate(choose, [job.questions, step, PATIENCE]);
      if (shown.join() !== step.shown.join()) wrong.push({ at: step.linkId, shown, wanted: step.shown });
    } catch (error) {
      wrong.push({ at: step.linkId, error: String(error).split('\n')[0] });
      break;
    }
  }
  const response = await page.evaluate(() => LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'));
  return { id, wrong, response };
}

const outcomes = [];
const left = [...job.cases];
async function work() {
  const page = await openPage();
  while (left.length > 0) outcomes.push(await fillIn(page, left.shift()));
}
await Promise.all(Array.from({ length: PAGES }, work));
await browser.close();
server.close();
process.stdout.write(JSON.stringify(outcomes));
