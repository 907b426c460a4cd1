// Holds whole interviews in a browser, and tells what was seen.
//
// stdin: {chromium, today, pages: [{path, people}], axe} where each of the people has `answers`
// (two sets, for the first and the next time that something is asked), `draws` (numbers from 0
// to 1 that decide about going back and changing) and a `code` of a country. With `axe`, each
// screen is looked at for what keeps people out, also with large letters and from right to left.
// stdout: for each page, for each of the people, what was seen: [kind, ...] in order; and `faults`.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch, parts } from './browser.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const browser = await launch(job.chromium);
const faults = [];

/** Runs in the page: makes one move on the present screen, and tells what it was. */
function move(person) {
  const state = window.person === undefined || window.person.id !== person.id
    ? { id: person.id, place: 0, asked: {}, changes: 0, more: false } : window.person;
  window.person = state;
  const screen = document.querySelector('[data-screen]');
  const press = (selector) => screen.querySelector(selector).click();
  const heading = screen.querySelector('h1').textContent;
  const draw = () => person.draws[state.place++ % person.draws.length];

  function answer(ids) {
    const given = Object.fromEntries(ids.map((id) => {
      state.asked[id] = (state.asked[id] ?? 0) + 1;
      return [id, person.answers[(state.asked[id] - 1) % 2][id]];
    }));
    const [first] = Object.values(given);
    const field = screen.querySelector('.number');
    if (screen.querySelector('.rows')) {
      for (const [id, value] of Object.entries(given)) {
        const boxes = [...screen.querySelectorAll('input')].filter(({ name }) => name === id);
        // who thinks again: the last box that is ticked counts
        if (value === 'not sure') boxes.find((box) => box.value === 'yes').click();
        boxes.find((box) => box.value === value)?.click();
      }
      press('[data-answer="list"]');
    } else if (field && first !== 'not sure') {
      const [number, unit] = first;
      const radio = screen.querySelector(`input[type="radio"][value="${unit}"]`);
      // some choose the unit, others write it
      const isWritten = radio && number.length % 2;
      field.value = isWritten ? `${number} ${unit}` : number;
      if (radio && !isWritten) radio.click();
      press('[data-answer="number"]');
    } else {
      press(`[data-answer="${first}"]`);
    }
  }

  switch (screen.dataset.screen) {
    case 'start': {
      const country = screen.querySelector('#country');
      if (country && country.value !== person.code) {
        country.value = person.code;
        country.dispatchEvent(new Event('change'));
      }
      document.querySelector('[data-move="start"]').click();
      return ['start'];
    }
    case 'emergency':
      press('[data-move="on"]');
      return ['emergency', heading];
    case 'doubtful': {
      const keep = draw() < 0.5;
      press(keep ? '[data-move="keep"]' : '[data-move="drop"]');
      return ['doubtful', keep];
    }
    case 'question': {
      const ids = screen.dataset.questions.split(' ');
      const seen = ['question', ids, heading, screen.querySelector('.progress span').textContent];
      if (draw() < 0.06) {
        press('[data-move="back"]');
        return [...seen, 'back'];
      }
      answer(ids);
      return [...seen, 'answer'];
    }
    case 'review': {
      const changes = [...screen.querySelectorAll('[data-change]')];
      const told = changes.map((button) => [
        button.dataset.change, button.previousElementSibling.textContent,
      ]);
      const drawn = draw();
      if (drawn < 0.4 && state.changes < 2 && changes.length) {
        state.changes += 1;
        changes[Math.floor(drawn * 1e4) % changes.length].click();
        return ['review', told, 'change'];
      }
      press('[data-move="result"]');
      return ['review', told, 'result'];
    }
    case 'result': {
      const more = screen.querySelector('[data-move="more"]');
      const seen = ['result', window.result, heading];
      if (more && !state.more && draw() < 0.5) {
        state.more = true;
        more.click();
        return [...seen, 'more'];
      }
      press('[data-move="again"]');
      document.querySelector('[data-move="delete"]').click();
      return [...seen, 'end'];
    }
    default:
      throw new Error(`the page shows ${screen.dataset.screen}: ${heading}`);
  }
}

async function look(page) {
  const { violations } = await page.evaluate(() => window.axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const screen = await page.evaluate(() => document.querySelector('[data-screen]').dataset.screen);
  for (const { id, nodes } of violations) faults.push(`${screen}: ${id} ${nodes[0].html}`);
  for (const [width, height] of [[390, 844], [320, 640]]) {
    await page.setViewportSize({ width, height });
    for (const [size, dir, over] of await page.evaluate(measure)) {
      if (over > 0) faults.push(`${screen}: at ${width} with ${size} ${dir} ${over} too wide`);
    }
  }
}

/** Runs in the page: by how much it is wider than the window, also with letters twice as large. */
function measure() {
  const root = document.documentElement;
  const { dir } = root;
  const seen = [];
  for (const size of ['200%', '']) {
    for (const way of ['rtl', dir]) {
      root.style.fontSize = size;
      root.dir = way;
      // what runs out of a window at its left cannot be scrolled to, and is in no scrollWidth
      const places = [...document.querySelectorAll('[data-screen] *')]
        .filter((one) => !one.closest('.aside')).map((one) => one.getBoundingClientRect());
      const least = Math.min(0, ...places.map(({ left }) => Math.ceil(left)));
      const most = Math.max(...places.map(({ right }) => Math.floor(right)));
      seen.push([size, way, Math.max(root.scrollWidth, most - least) - window.innerWidth]);
    }
  }
  return seen;
}

/** All moves of one interview; one by one where each screen is looked at. */
async function hold(page, person) {
  const seen = [];
  for (let moves = 0; moves < 600; moves += 1) {
    if (job.axe) await look(page);
    const call = `(${many})(${move}, ${JSON.stringify(person)}, ${job.axe ? 1 : 600})`;
    seen.push(...await page.evaluate(call));
    if (seen.at(-1).at(-1) === 'end') return seen;
  }
  throw new Error(`the interview of ${person.id} does not end`);
}

/** Runs in the page: so many moves, or all up to the end. */
function many(makeMove, person, most) {
  const seen = [];
  while (seen.length < most && seen.at(-1)?.at(-1) !== 'end') seen.push(makeMove(person));
  return seen;
}

const told = [];
for (const { path, people } of job.pages) {
  const context = await browser.newContext({
    locale: 'en-GB', viewport: { width: 320, height: 640 }, bypassCSP: Boolean(job.axe),
    colorScheme: job.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => faults.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) faults.push(`asked for ${request.url()}`);
  });
  await page.clock.setFixedTime(new Date(`${job.today}T12:00:00`));
  await page.goto(pathToFileURL(path).href);
  if (job.axe) await page.evaluate(readFileSync(parts.resolve('axe-core/axe.min.js'), 'utf8'));
  await page.evaluate(() => {
    document.addEventListener('backtriage-result', ({ detail }) => {
      window.result = detail;
    });
  });
  const seen = [];
  for (const person of people) seen.push(await hold(page, person));
  told.push(seen);
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify({ told, faults }));
