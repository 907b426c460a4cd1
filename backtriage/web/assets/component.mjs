// <back-triage country="GB">: the same within another page, which hears of each result.
// DATA (the rules) and CSS stand in front of this.

import { App } from './app.mjs';

class BackTriage extends HTMLElement {
  connectedCallback() {
    window.addEventListener('beforeunload', this);
    if (!this.shadowRoot) this.build();
  }

  disconnectedCallback() {
    window.removeEventListener('beforeunload', this);
  }

  /** The page around it is about to be left. */
  handleEvent(event) {
    this.app?.askBeforeLeaving(event);
  }

  build() {
    const style = new CSSStyleSheet();
    style.replaceSync(CSS);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    const container = document.createElement('div');
    container.className = 'element';
    container.lang = DATA.language;
    container.dir = DATA.direction;
    root.append(container);
    const country = (this.getAttribute('country') ?? '').toUpperCase();
    this.app = new App(container, DATA, { country, isPage: false });
  }
}

// a script that stands twice in a page must not fail there
if (!customElements.get('back-triage')) customElements.define('back-triage', BackTriage);
