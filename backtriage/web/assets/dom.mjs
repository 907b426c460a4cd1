// Elements. Every text becomes a text node, so nothing in it is ever read as HTML.

/** An element with attributes, listeners (`onclick`: a function) and children (elements, texts). */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), guard(element, value));
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Tells the page if something goes wrong, so that nobody relies on what is shown then. */
export function guard(element, listener) {
  return async (event) => {
    try {
      await listener(event);
    } catch (error) {
      element.dispatchEvent(new CustomEvent('broken', { detail: error, bubbles: true }));
      throw error;
    }
  };
}

const TWICE = 400; // milliseconds that may lie between the two of a double click

/**
 * Keeps what a second click was not meant for from being pressed by it.
 *
 * Whoever double clicks, or taps twice, would else answer, tick, open or call on the screen that
 * has just appeared. A key is pressed on purpose, and has no `detail`. Gives what is to be called
 * when a new screen is shown.
 */
export function guardNewScreens(root) {
  let pressed = -Infinity;
  let shown = -Infinity;
  // the times of the events count: a slow device may take long to show what the first click asks
  const isTooSoon = (event) => event.detail > 0 && event.timeStamp - shown < TWICE;
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener('click', (event) => {
    if (event.detail > 1 || isTooSoon(event)) swallow(event);
    else if (event.detail) pressed = event.timeStamp;
  }, true);
  // a list of countries opens before there is a click
  root.addEventListener('mousedown', (event) => isTooSoon(event) && swallow(event), true);
  return () => {
    shown = pressed;
  };
}

/** A button. */
export const makeButton = (text, onPress, attributes = {}) =>
  make('button', { type: 'button', onclick: () => onPress(), ...attributes }, text);

/** A large button that leads on; `move` names it. */
export const makeMove = (text, move, onPress, kind = 'answer') =>
  makeButton(text, onPress, { class: kind, 'data-move': move });

/** The heading of a screen, which is read aloud when the screen appears. */
export const makeHeading = (text, attributes = {}) =>
  make('h1', { tabindex: '-1', id: 'heading', ...attributes }, text);

/** Items, numbered or not. */
export const makeItems = (items, isNumbered) =>
  make(isNumbered ? 'ol' : 'ul', {}, items.map((item) => make('li', {}, item)));

/** What opens on request, and is printed in any case. */
export function makeFold(text, content, attributes = {}) {
  const fold = make('div', { class: 'fold', ...attributes }, content);
  const button = makeButton(text, () => {
    const isOpen = fold.classList.toggle('open');
    button.setAttribute('aria-expanded', String(isOpen));
  }, { class: 'quiet opener', 'aria-expanded': 'false' });
  return [button, fold];
}

/** The numbers in a text such as "999 or 112", as links that call. */
export function makeCalls(call, words) {
  const numbers = call.match(/\d+/g) ?? [];
  return numbers.map((number) => make(
    'a', { href: `tel:${number}`, class: 'button call' }, words.CALL.replace('{number}', number),
  ));
}
