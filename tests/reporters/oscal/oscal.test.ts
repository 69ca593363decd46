import { describe, expect, test } from 'vitest';
import type { Assessment } from '../../../src/assessment/assessment.ts';
import { type Language, languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { renderedText } from '../rendered.ts';
import { oscalReferenceMistakes, oscalSchema } from './model.ts';

const assessment = assessmentFixture((body) => {
  body.profile.maxAge = { months: 3, ledgerDays: 31 };
});

async function documentOf(of: Assessment, language: Language = 'zh') {
  const document = oscalSchema.parse(JSON.parse(await renderedText('oscal', of, language)));
  expect(oscalReferenceMistakes(document)).toEqual([]);
  return document['assessment-results'];
}

async function resultOf(of: Assessment, language: Language = 'zh') {
  const { results } = await documentOf(of, language);
  const [result] = results;
  if (!result || results.length > 1) throw new Error('one result is wanted');
  return result;
}

describe.each(languages)('in %s', (language) => {
  test('is valid, its ids unique, its references lead somewhere', async () => {
    const { observations = [] } = await resultOf(assessment, language);
    expect(observations).toHaveLength(assessment.requirements.flatMap(({ findings }) => findings).length);
  });

  test('a finding for each requirement that applies; two states, and our own word beside them', async () => {
    const { findings = [], risks = [] } = await resultOf(assessment, language);
    const states = {
      met: ['satisfied', 'pass'],
      partial: ['not-satisfied', 'fail'],
      unmet: ['not-satisfied', 'fail'],
      unproven: ['not-satisfied', 'other'],
    } as const;
    const wanted = assessment.requirements.flatMap(({ id, verdict }) =>
      verdict === 'not-applicable' ? [] : [[`${id}_obj`, ...states[verdict], verdict]],
    );
    expect(
      findings.map(({ target, props = [] }) => [
        target['target-id'],
        target.status.state,
        target.status.reason,
        props.find(({ name }) => name === 'verdict')?.value,
      ]),
    ).toEqual(wanted);
    expect(risks).toHaveLength(assessment.counts.unmet + assessment.counts.partial);
  });
});

test('what does not apply is left out of the controls, with its reason', async () => {
  const { 'reviewed-controls': reviewed } = await resultOf(assessment);
  const [selection] = reviewed['control-selections'];
  const notApplicable = assessment.requirements.filter(({ verdict }) => verdict === 'not-applicable');
  expect(selection?.['exclude-controls']?.map((each) => each['control-id'])).toEqual(notApplicable.map(({ id }) => id));
  for (const { id } of notApplicable) expect(selection?.remarks).toContain(`${id}: `);
});

test('an assessment in which nothing applies is valid, too', async () => {
  const none = assessmentFixture((body) => {
    body.requirements = body.requirements.filter(({ verdict }) => verdict === 'not-applicable');
    body.index = [];
  });
  expect((await resultOf(none)).findings).toBeUndefined();
});

test('observations: when collected, until when good, how, and by which evidence', async () => {
  const { observations = [] } = await resultOf(assessment);
  const findings = assessment.requirements.flatMap((row) => row.findings);
  const resources = (await documentOf(assessment))['back-matter'].resources;
  const entries = new Map(assessment.index.map((entry) => [entry.id, entry]));
  for (const [index, finding] of findings.entries()) {
    const cited = finding.cites.flatMap((id) => entries.get(id) ?? []);
    const observation = observations[index];
    expect(observation?.collected).toBe(cited[0]?.at ?? assessment.evidence.to);
    // Three months on, in Asia/Shanghai, the day after the last one.
    const isMeasured = cited.some(({ origin }) => origin !== 'filed');
    expect(observation?.expires).toBe(isMeasured ? '2027-02-22T16:00:00Z' : undefined);
    const hrefs = observation?.['relevant-evidence']?.map(({ href }) => href.slice(1)) ?? [];
    const hashes = hrefs.map((href) => resources.find(({ uuid }) => uuid === href)?.rlinks?.[0]?.hashes[0]?.value);
    expect(hashes).toEqual(cited.map(({ raw }) => raw));
  }
  const methods = new Set(observations.flatMap((each) => each.methods));
  expect(methods).toEqual(new Set(['EXAMINE', 'INTERVIEW']));
});

test('ids that are no tokens stay apart', async () => {
  const odd = assessmentFixture((body) => {
    for (const [index, id] of ['9 9', '9-9', '《9》', '=9'].entries()) {
      const row = body.requirements[index];
      if (row) row.id = id;
    }
  });
  const { findings = [] } = await resultOf(odd);
  expect(new Set(findings.map(({ target }) => target['target-id'])).size).toBe(findings.length);
});

test('markup in texts is no markup', async () => {
  const words = '# [a](javascript:x) <b>&amp;*_`{{ insert: param, x }} | \n- 1. x';
  const hostile = assessmentFixture((body) => {
    const [finding] = body.requirements[0]?.findings ?? [];
    if (finding) finding.text = { zh: words, en: words };
  });
  const { observations = [] } = await resultOf(hostile);
  expect(observations[0]?.description).toBe(
    '\\# \\[a\\](javascript:x) \\<b\\>\\&amp;\\*\\_\\`\\{\\{ insert: param, x \\}\\} \\|\n\n\\- 1. x',
  );
});

test('the same evidence has the same id in every run', async () => {
  const uuids = async (of: Assessment) => (await documentOf(of))['back-matter'].resources.map(({ uuid }) => uuid);
  const later = assessmentFixture((body) => Object.assign(body, { asOf: '2026-12-01' }));
  expect(await uuids(later)).toEqual(await uuids(assessment));
});
