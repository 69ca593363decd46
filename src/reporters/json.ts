import type { Assessment } from '../assessment/assessment.ts';
import { assessmentText } from '../assessment/file.ts';
import type { Renderer } from './reporter.ts';

/** The bytes of assessment.json; the PDF carries these very bytes. */
export function assessmentJson(assessment: Assessment): Uint8Array {
  return Buffer.from(assessmentText(assessment), 'utf8');
}

/** The whole assessment, for machines. */
export const json: Renderer = {
  render: async (assessment) => ({ bytes: assessmentJson(assessment), notes: [] }),
};
