import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { assessmentText } from '../../src/assessment/file.ts';
import type { Format } from '../../src/reporters/index.ts';
import { languages } from '../../src/text.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { rendered, renderedText } from './rendered.ts';
import { assessmentMistakes } from './schemas.ts';

const assessment = assessmentFixture();
const formats: readonly Format[] = ['csv', 'json', 'junit', 'oscal', 'sarif', 'xlsx'];

test('the same bytes in another process, time zone, locale and at another time', async () => {
  const script = `
    import { createHash } from 'node:crypto';
    import { assessmentFixture } from './tests/fixtures/assessment.ts';
    import { rendered } from './tests/reporters/rendered.ts';
    for (const language of ${JSON.stringify(languages)})
      for (const format of ${JSON.stringify(formats)})
        console.log(createHash('sha256').update(await rendered(format, assessmentFixture(), language)).digest('hex'));`;
  const elsewhere = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TZ: 'America/New_York', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    encoding: 'utf8',
  });
  const here: string[] = [];
  for (const language of languages)
    for (const format of formats)
      here.push(
        createHash('sha256')
          .update(await rendered(format, assessment, language))
          .digest('hex'),
      );
  expect(elsewhere.trim().split('\n')).toEqual(here);
});

test('json is assessment.json, and holds by the published schema', async () => {
  const text = await renderedText('json', assessment, 'en');
  expect(text).toBe(assessmentText(assessment));
  expect(assessmentMistakes(JSON.parse(text))).toEqual([]);
});

test('the published schema finds mistakes', () => {
  const wrong = { ...assessment, asOf: 'today', counts: { met: 1.5 }, extra: true };
  expect(assessmentMistakes(wrong).length).toBeGreaterThan(2);
});

test('json keeps what it is given, but shows nothing that a terminal obeys or a reader cannot see', async () => {
  const words = '\u001b\u009b\u202e\u200b\ufeff\u2028😀\u{e0041}\ud800';
  const odd = assessmentFixture((body) => {
    body.unit.name = words;
  });
  const text = await renderedText('json', odd, 'zh');
  expect(text).toContain('"name": "\\u001b\\u009b\\u202e\\u200b\\ufeff\\u2028😀\\udb40\\udc41\\ud800"');
  const read: unknown = JSON.parse(text);
  expect(read).toEqual(odd);
});
