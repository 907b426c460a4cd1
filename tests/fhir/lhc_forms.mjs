// Shows a form in LHC-Forms, fills it in case by case, and gives back what LHC-Forms makes of it.
//
// stdin: {parts, chromium, form, questions, cases: [{id, steps}]}, where a step is {linkId, choice}
// (the place of an option), or {linkId, text, unit?} and `shown`, the questions to be shown then.
// stdout: [{id, wrong, response}], where `wrong` has the steps at which others were shown.

import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';

const job = JSON.parse(readFileSync(0, 'utf8'));
const { chromium } = createRequire(`${job.parts}/`)('playwright-core');
const built = join(job.parts, 'lforms', 'dist', 'lforms');

const PAUSE = 300;

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

const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.waitForFunction(() => window.LForms?.FHIR && LForms.Util.addFormToPage);

async function showForm() {
  await page.evaluate((form) => LForms.Util.addFormToPage(form, 'form', { fhirVersion: 'R4' }), job.form);
  await page.waitForSelector('label[id^="label-"]');
}

async function answer({ linkId, choice, text, unit }) {
  if (choice !== undefined) {
    await page.evaluate(([name, place]) => {
      document.querySelectorAll(`[name^="radiogroup_${name}/"]`)[place].click();
    }, [linkId, choice]);
    return;
  }
  const field = page.locator(`input[id^="${linkId}/"]`);
  await field.fill(text);
  await field.blur();
  if (unit !== undefined) {
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
}

// which of the questions stand on the page, once they are those that should, or after a while
async function findShown(wanted) {
  const look = ([questions, wanted]) => {
    const found = questions.filter((name) => {
      const label = document.querySelector(`label[id^="label-${name}/"]`);
      return label !== null && label.checkVisibility();
    });
    return wanted === null || found.join() === wanted.join() ? found : false;
  };
  try {
    const found = await page.waitForFunction(look, [job.questions, wanted], { timeout: 2000 });
    return await found.jsonValue();
  } catch {
    return await page.evaluate(look, [job.questions, null]);
  }
}

const outcomes = [];
for (const { id, steps } of job.cases) {
  await showForm();
  const wrong = [];
  for (const step of steps) {
    try {
      if (step.linkId !== undefined) await answer(step);
    } catch (error) {
      wrong.push({ at: step.linkId, error: String(error).split('\n')[0] });
      break;
    }
    const shown = await findShown(step.shown);
    if (shown.join() !== step.shown.join()) wrong.push({ at: step.linkId, shown, wanted: step.shown });
  }
  const response = await page.evaluate(() => LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'));
  outcomes.push({ id, wrong, response });
}
await browser.close();
server.close();
process.stdout.write(JSON.stringify(outcomes));
