// stdin: {parts, expressions, responses}; stdout: for each response what each expression says.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const job = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(`${job.parts}/`);
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

const compiled = job.expressions.map((expression) => fhirpath.compile(expression, r4));
const said = job.responses.map((response) => compiled.map((run) => run(response, { resource: response })));
process.stdout.write(JSON.stringify(said));
