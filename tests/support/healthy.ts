import { expect } from 'vitest';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { answerOf } from '../../src/assessment/coverage.ts';
import type { Profile } from '../../src/assessment/profile.ts';
import { originOf } from '../../src/evidence/observation.ts';

type Row = Assessment['requirements'][number];
type Finding = Row['findings'][number];

/**
 * Expects what a healthy unit is told before anything is measured: rows that papers, facts, ledgers and signatures answer are met,
 * or do not bind; the others say nothing against the unit but that something was not measured.
 */
export function expectHealthy({ requirements }: Assessment, profile: Profile): void {
  for (const row of requirements.filter(({ findings }) => findings.length > 0)) {
    const asked = profile.requirements.find(({ id }) => id === row.id);
    if (!asked) throw new Error(`the profile has no row ${row.id}`);
    const measuring = new Set(
      asked.uses
        .filter(({ check }) => check.reads.some((kind) => originOf(kind) !== 'filed'))
        .map(({ check }) => check.id),
    );
    const isUnmeasured = ({ check, outcome, says }: Finding): boolean =>
      outcome === 'unproven' && (says === 'no-check-yet' || measuring.has(check));
    const against = row.findings.filter(({ outcome }) => outcome === 'unmet' || outcome === 'unproven');
    expect(against.filter((finding) => !isUnmeasured(finding)).map(saying), row.id).toEqual([]);
    const isAnswered = ['filed', 'signed'].includes(answerOf(asked));
    expect(isAnswered ? ['met', 'not-applicable'] : ['unproven'], row.id).toContain(row.verdict);
  }
}

function saying({ check, subject, outcome, text }: Finding): string {
  return `${check} ${subject} ${outcome}: ${text.en}`;
}
