import type { Assessment } from '../assessment/assessment.ts';
import { assessmentText } from '../assessment/file.ts';

/** The line of assessment.json that a requirement begins on, and those of its findings. */
export type RequirementLines = { readonly line: number; readonly findings: readonly number[] };

/**
 * Where requirements and findings stand in assessment.json, counted from 1. No string of JSON spans lines, so indentation alone
 * tells what begins where.
 */
export function findingLines(assessment: Assessment): RequirementLines[] {
  const places: { line: number; findings: number[] }[] = [];
  const lines = assessmentText(assessment).split('\n');
  let inFindings = false;
  for (let at = lines.indexOf(' "requirements": [') + 1; at > 0 && lines[at] !== ' ],' && at < lines.length; at += 1) {
    const line = lines[at];
    if (line === '  {') places.push({ line: at + 1, findings: [] });
    else if (line?.startsWith('   "')) inFindings = line === '   "findings": [';
    else if (line === '    {' && inFindings) places.at(-1)?.findings.push(at + 1);
  }
  return places;
}
