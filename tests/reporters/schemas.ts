import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { packageRoot } from '../../src/package-root.ts';

// SARIF's own schema, as the package of SARIF's editors carries it.
const sarifSchema = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

/** What SARIF 2.1.0's schema finds wrong. */
export const sarifMistakes = lazily(() => {
  // Some patterns of the schema are no regular expressions with the `u` flag.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajvFormats.default(ajv);
  // Draft 4, but for the name of its id written as later drafts do.
  const { $schema, id, ...schema } = schemaIn(sarifSchema);
  return ajv.compile({ ...schema, $id: String(id) });
});

/** What docs/assessment.schema.json finds wrong. */
export const assessmentMistakes = lazily(() => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajvFormats.default(ajv);
  return ajv.compile(schemaIn(join(packageRoot, 'docs', 'assessment.schema.json')));
});

/** What xmllint finds wrong with a JUnit document, read from a file. */
export function junitMistakes(file: string): string {
  const schema = join(packageRoot, 'tests', 'fixtures', 'junit.xsd');
  try {
    execFileSync('xmllint', ['--noout', '--nonet', '--huge', '--schema', schema, file], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
}

function schemaIn(path: string): AnySchemaObject {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function lazily(compile: () => ValidateFunction): (data: unknown) => string[] {
  let validate: ValidateFunction | undefined;
  return (data) => {
    validate ??= compile();
    if (validate(data)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
