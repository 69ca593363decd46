import type { Assessment } from '../assessment/assessment.ts';
import type { Reporter } from './reporter.ts';

/** The assessment as a file; the PDF carries these very bytes. */
export function assessmentJson(assessment: Assessment): Uint8Array {
  return Buffer.from(`${JSON.stringify(assessment, null, 1)}\n`, 'utf8');
}

/** The whole assessment, for machines. */
export const json: Reporter = {
  file: 'report.json',
  render: async (assessment) => ({ bytes: assessmentJson(assessment), notes: [] }),
};
