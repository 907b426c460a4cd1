// How long a page takes from being opened to its first question.
//
// stdin: {chromium, page, runs}; stdout: the milliseconds of each run, each in a fresh window.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const browser = await launch(job.chromium);
const times = [];
for (let run = 0; run < job.runs; run += 1) {
  const context = await browser.newContext();
  const page = await context.newPage();
  // as soon as there is a way to start, somebody presses it
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      const start = document.querySelector('[data-move="start"]');
      if (!start) return;
      watch.disconnect();
      start.click();
      requestAnimationFrame(() => setTimeout(() => {
        window.firstQuestion = performance.now();
      }));
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  await page.goto(pathToFileURL(job.page).href);
  await page.waitForFunction(() => window.firstQuestion);
  times.push(await page.evaluate(() => window.firstQuestion));
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(times));
