// <back-triage country="GB">: the same within another page, which is told each result.
// DATA (the rules) and CSS stand in front of this.

import { App } from './app.mjs';

class BackTriage extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const style = new CSSStyleSheet();
    style.replaceSync(CSS);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    const container = document.createElement('div');
    root.append(container);
    this.app = new App(container, DATA, {
      country: this.getAttribute('country') ?? '',
      isPage: false,
      onResult: (detail) => this.dispatchEvent(
        new CustomEvent('backtriage-result', { detail, bubbles: true, composed: true }),
      ),
    });
  }
}

customElements.define('back-triage', BackTriage);
