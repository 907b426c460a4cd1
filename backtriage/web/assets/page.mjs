// Where the page begins: its rules stand in it as data.

import { App } from './app.mjs';

const app = new App(
  document.getElementById('page'), JSON.parse(document.getElementById('rules').textContent),
);

// who closes the page by mistake would lose the answers
window.addEventListener('beforeunload', (event) => {
  if (app.interview.answers.size && !app.isKept) event.preventDefault();
});

// so would who goes back in the browser; that goes back in the page
document.addEventListener('click', () => window.history.pushState(null, ''), { once: true });
window.addEventListener('popstate', () => {
  if (app.screen.dataset.screen === 'start') {
    window.history.back();
    return;
  }
  window.history.pushState(null, '');
  app.stepBack();
});
