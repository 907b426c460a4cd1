// Tries out in a browser what is no interview: files, links, policy, the element.
//
// stdin: {chromium, today, page, saved, others: [[name, text]], host, rude, yes, hostile, checked,
// doubted, alike, locales}.
// `rude` is a page with a look of its own around the element.
// `yes` is a question whose yes is an emergency; so is that of the one question of `checked`.
// stdout: what was seen, by its name.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const browser = await launch(job.chromium);
const seen = { faults: [], blocked: [] };

async function open(path, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => seen.faults.push(String(error)));
  page.on('console', (message) => seen.faults.push(message.text()));
  page.on('request', (request) => {
    if (!/^(file|blob):/.test(request.url())) seen.faults.push(`asked for ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    seen.blocked.push([request.url(), request.failure().errorText]);
  });
  await page.clock.setFixedTime(new Date(`${job.today}T12:00:00`));
  await page.goto(pathToFileURL(path).href);
  return page;
}

const asFile = (text) => ({ name: 'a.json', mimeType: '', buffer: Buffer.from(text) });
const screenOf = (page) => page.locator('[data-screen]').first().getAttribute('data-screen');
const focusOf = (page) => page.evaluate(() => document.activeElement.id);

/** By the keyboard: the page takes no click so soon after a screen has appeared. */
const press = (page, selector) => page.locator(selector).first().press('Enter');
const wait = (page) => page.waitForTimeout(450);

/** Answers no, or what is first, until there is what is looked for. */
async function reach(page, selector) {
  for (let step = 0; step < 60; step += 1) {
    if (await page.locator(selector).count()) return;
    if (await page.locator('.number').count()) {
      await page.fill('.number', '40');
      await page.keyboard.press('Enter');
    } else {
      const no = '[data-answer="no"], [data-answer="list"]';
      await press(page, await page.locator(no).count() ? no : '[data-answer]');
    }
  }
  throw new Error(`${selector} does not come`);
}

const asked = (id) => `[data-questions="${id}"]`;

// an emergency, by the keyboard alone
const page = await open(job.page);
await page.keyboard.press('Tab');
while (await page.evaluate(() => document.activeElement.dataset.move) !== 'start') {
  await page.keyboard.press('Tab');
}
await page.keyboard.press('Enter');
seen.focus = [await screenOf(page), await focusOf(page)];
await reach(page, asked(job.yes));
await page.locator('[data-answer="yes"]').focus();
await page.keyboard.press('Enter');
seen.emergency = [await screenOf(page), await focusOf(page)];
seen.calls = await page.locator('a[href^="tel:"]').evaluateAll(
  (links) => links.map((link) => [link.getAttribute('href'), link.textContent]),
);

// the second click of a double click presses nothing on the screen that it falls on
const hasty = await open(job.page);
await press(hasty, '[data-move="start"]');
await reach(hasty, '.rows');
await press(hasty, '[data-move="back"]');
const hit = (clicks) => hasty.evaluate((all) => {
  for (const [selector, detail] of all) {
    const click = new MouseEvent('click', { detail, bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(click);
  }
  return document.querySelectorAll('input:checked, details[open]').length;
}, clicks);
const tick = '.row .tick';
const told = '.why summary';
const onAnswer = ['[data-answer="no"]', 1];
seen.hasty = [await hit([onAnswer, [tick, 1], [tick, 2], [told, 1], [told, 2]])];
await wait(hasty);
seen.hasty.push(await hit([[tick, 1], [tick, 2], [told, 1], [told, 2]]));

// saved, and gone on with
await press(page, '[data-move="on"]');
const download = page.waitForEvent('download');
await press(page, '[data-move="save"]');
const file = await download;
seen.name = file.suggestedFilename();
seen.saved = readFileSync(await file.path(), 'utf8');
const again = await open(job.page);
await again.locator('summary').last().click();
await again.setInputFiles('#file', asFile(seen.saved));
await again.waitForSelector('[data-screen="emergency"]');
const resumed = await open(job.page);
await resumed.setInputFiles('#file', asFile(job.saved));
await resumed.waitForSelector('[data-screen="question"]');
seen.resumed = [
  await resumed.locator('.notes').textContent(),
  await resumed.locator('[data-screen]').getAttribute('data-questions'),
];
seen.refused = {};
for (const [name, text] of job.others) {
  const other = await open(job.page);
  await other.setInputFiles('#file', asFile(text));
  await other.waitForSelector('.notes p');
  seen.refused[name] = [await screenOf(other), await other.locator('.notes').textContent()];
}

// answers that stand here are not lost for those of a file, and an emergency in these is told
const full = await open(job.checked);
await press(full, '[data-move="start"]');
await press(full, '[data-answer="yes"]');
for (const move of ['on', 'back', 'back']) await press(full, `[data-move="${move}"]`);
seen.replaced = [];
for (const choice of ['keep', 'delete']) {
  await full.setInputFiles('#file', asFile(job.alike));
  await full.waitForSelector('[data-screen="replace"]');
  await press(full, `[data-move="${choice}"]`);
  seen.replaced.push(await screenOf(full));
}

// an answer in doubt is settled, or what made it doubtful is taken back
const doubt = await open(job.doubted);
await press(doubt, '[data-move="start"]');
await press(doubt, '[data-answer="yes"]');
await press(doubt, '[data-answer="yes"]');
await press(doubt, '[data-move="on"]');
await press(doubt, '[data-change]');
await press(doubt, '[data-answer="no"]');
seen.doubt = [await screenOf(doubt)];
await doubt.mouse.click(1, 1);
await doubt.goBack();
seen.doubt.push(await doubt.locator('[data-screen]').getAttribute('data-questions'));
await press(doubt, '[data-answer="keep"]');
seen.doubt.push(await doubt.locator('.review').allInnerTexts());

// which country is taken for a language, and another chosen as the emergency is told
seen.countries = {};
for (const locale of job.locales) {
  const there = await open(job.checked, { locale });
  seen.countries[locale] = await there.locator('#country').inputValue();
}
const abroad = await open(job.checked);
await press(abroad, '[data-move="start"]');
await press(abroad, '[data-answer="yes"]');
await abroad.locator('#country').selectOption('US');
seen.abroad = [
  await screenOf(abroad), await focusOf(abroad), await abroad.locator('.call').allInnerTexts(),
];

// the way back of the browser is a way back in the page
await resumed.locator('.way button').first().hover();
await resumed.mouse.click(1, 1);
await resumed.goBack();
seen.back = await resumed.locator('[data-screen]').getAttribute('data-questions');

// nothing is kept, not even by the browser
seen.kept = await page.evaluate(
  () => [localStorage.length, sessionStorage.length, document.cookie],
);

// who leaves with answers is asked, in the page and where the element stands in another
async function leave(path, selector) {
  const left = await open(path);
  const asks = [];
  left.on('dialog', (dialog) => {
    asks.push(dialog.type());
    dialog.accept();
  });
  await press(left, `${selector} [data-move="start"]`);
  await press(left, `${selector} [data-answer]`);
  await left.goto('about:blank');
  return asks;
}
seen.left = [await leave(job.page, '#page'), await leave(job.host, 'back-triage')];

// an emergency is not said to be gone while the check of its answer is to come
const checked = await open(job.checked);
await press(checked, '[data-move="start"]');
await press(checked, '[data-answer="yes"]');
await press(checked, '[data-move="on"]');
await press(checked, '[data-change]');
await press(checked, '[data-answer="not sure"]');
seen.checking = [
  await checked.locator('h1').textContent(), await checked.locator('.notes').textContent(),
  await checked.locator('.banner').count(),
];
await press(checked, '[data-answer="yes"]');
seen.checked = [await screenOf(checked), await checked.locator('.banner').count()];
await press(checked, '[data-change]');
await press(checked, '[data-answer="no"]');
seen.gone = await checked.locator('.notes').textContent();

// a page whose texts want to be more than texts
const hostile = await open(job.hostile);
seen.hostile = await hostile.evaluate(() => [
  window.hacked ?? null, document.querySelectorAll('img, b').length,
  document.querySelector('h1').textContent, document.title,
]);
seen.policy = await hostile.evaluate(() => {
  const script = document.createElement('script');
  script.textContent = 'window.hacked = 1';
  document.body.append(script);
  const image = document.createElement('img');
  image.src = 'https://example.org/x.png';
  document.body.append(image);
  return window.hacked ?? null;
});
await hostile.waitForTimeout(200);
seen.faults = seen.faults.filter((fault) => fault !== 'asked for https://example.org/x.png');
// what the policy refuses is told on the console, and only there
seen.refusals = seen.faults.filter((fault) => fault.includes('Content Security Policy')).length;
seen.faults = seen.faults.filter((fault) => !fault.includes('Content Security Policy'));

// the element in another page
const host = await open(job.host);
await press(host, 'back-triage [data-move="start"]');
await reach(host, asked(job.yes));
await press(host, '[data-answer="yes"]');
await press(host, '[data-move="stop"]');
seen.event = JSON.parse(await host.locator('#out').textContent());

// a page that looks like nothing else, and has the script twice
const rude = await open(job.rude, { viewport: { width: 800, height: 800 }, colorScheme: 'dark' });
const styleOf = () => rude.locator('back-triage .page').evaluate((one) => {
  const style = getComputedStyle(one);
  const names = ['fontSize', 'fontStyle', 'letterSpacing', 'lineHeight', 'textTransform',
    'textAlign', 'whiteSpace', 'wordBreak', 'textIndent', 'direction', 'backgroundColor'];
  return names.map((name) => style[name]);
});
seen.rude = await styleOf();
await rude.evaluate(() => { document.documentElement.style.colorScheme = 'light dark'; });
seen.dark = (await styleOf()).at(-1);

await browser.close();
process.stdout.write(JSON.stringify(seen));
