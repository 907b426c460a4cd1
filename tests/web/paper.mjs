// Prints results, those of the page and pages of HTML, and tells how they come out on paper.
//
// stdin: {chromium, today, page, saved: [a file of answers], results: [a page of HTML]}
// stdout: {page, results}, each a list of {pages, least, leftOut}: how many pages there are, the
// smallest letters on the person's sheet, in points, and the headings of what is not printed.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const browser = await launch(job.chromium);

async function open(path) {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(`${job.today}T12:00:00`));
  await page.goto(pathToFileURL(path).href);
  return page;
}

async function print(page) {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.emulateMedia({ media: 'print' });
  const seen = await page.evaluate(() => {
    const sheet = document.querySelector('.sheet');
    const texts = [...sheet.querySelectorAll('h1, h2, p, li')].filter((one) => one.offsetParent);
    const sizes = texts.map((one) => parseFloat(getComputedStyle(one).fontSize) * 0.75);
    const isTold = Boolean(sheet.querySelector('.paper')?.offsetParent);
    const leftOut = [...sheet.querySelectorAll('section.screen h2')].map((one) => one.textContent);
    return { least: Math.min(...sizes), leftOut, isTold };
  });
  await page.context().close();
  return { ...seen, pages: pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length };
}

/** From a file of answers to their result. */
async function showResult(page, text) {
  await page.setInputFiles('#file', { name: 'a.json', mimeType: '', buffer: Buffer.from(text) });
  await page.waitForSelector('.notes p');
  for (const [screen, move] of [['emergency', 'stop'], ['review', 'result']]) {
    if (await page.locator(`[data-screen="${screen}"]`).count()) {
      await page.locator(`[data-move="${move}"]`).press('Enter');
    }
  }
  await page.waitForSelector('[data-screen="result"]');
}

const seen = { page: [], results: [] };
for (const text of job.saved) {
  const page = await open(job.page);
  await showResult(page, text);
  seen.page.push(await print(page));
}
for (const path of job.results) seen.results.push(await print(await open(path)));
await browser.close();
process.stdout.write(JSON.stringify(seen));
