// Where the page begins: its rules stand in it as data.

import { App } from './app.mjs';
import { guard } from './dom.mjs';

const app = new App(
  document.getElementById('page'), JSON.parse(document.getElementById('rules').textContent),
);

window.addEventListener('beforeunload', (event) => app.askBeforeLeaving(event));

// who goes back in the browser would leave the page; that goes back in it
document.addEventListener('click', () => window.history.pushState(null, ''), { once: true });
window.addEventListener('popstate', guard(app.screen, () => {
  if (app.screen.dataset.screen === 'start') {
    window.history.back();
    return;
  }
  window.history.pushState(null, '');
  app.stepBack();
}));
