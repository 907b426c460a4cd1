// stdin: {expressions, responses}; stdout: for each response what each expression says.

import { readFileSync } from 'node:fs';
import { parts } from '../web/browser.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const fhirpath = parts('fhirpath');
const r4 = parts('fhirpath/fhir-context/r4');

const compiled = job.expressions.map((expression) => fhirpath.compile(expression, r4));
const said = job.responses.map((response) => compiled.map((run) => run(response, { resource: response })));
process.stdout.write(JSON.stringify(said));
