// What tests/fetch.sh fetched, and a browser that is on this machine.

import { createRequire } from 'node:module';

export const parts = createRequire(new URL('../parts/', import.meta.url));

export function launch(executablePath) {
  return parts('playwright-core').chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
}
