import { join } from 'node:path';
import { writeAssessment } from '../../src/assessment/file.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { writeBundle } from '../../src/bundle/write.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { declared, observed } from './evidence.ts';

/** Writes what a scan leaves before its report: a bundle of evidence, and an assessment that rests on it. */
export async function writeAssessed(out: string, platform = '示例平台'): Promise<void> {
  const drafts = [declared(), observed('clock', { services: [], servers: [], synchronised: true })];
  await writeBundle(join(out, 'evidence'), drafts, {
    tool: { name: 'leqi-audit', version: '0.0.0' },
    platform,
    zone: 'test',
    profile: 'p',
    occasion: 'renewal',
    contacts: [],
  });
  const { manifestDigest } = await verifyBundle(join(out, 'evidence'));
  const assessment = assessmentFixture((body) => {
    body.evidence.manifest = manifestDigest;
  });
  await writeAssessment(join(out, 'assessment.json'), assessment);
}
