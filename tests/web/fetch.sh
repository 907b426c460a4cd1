#!/usr/bin/env bash
# Fetches what the tests of pages need beside a browser: `tests/web/fetch.sh` needs npm, and puts
# playwright-core, which drives a browser that is there, and axe-core into tests/web/parts.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p parts
cd parts
[ -e package.json ] || echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --no-package-lock playwright-core@1.65.1 axe-core@4.14.1
