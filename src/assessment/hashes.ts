import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { Observation } from '../evidence/observation.ts';
import type { AssessedFinding } from './assessment.ts';
import type { Profile, Requirement } from './profile.ts';

/** Hash of what a profile asks by a requirement: two assessments compare where it is the same. */
export function ruleHash(
  { uses, basis, awaits, attest, divisible, occasions }: Requirement,
  { maxAgeMonths, ledgerDays }: Profile,
): string {
  const checks = uses.map(({ check, parameters }) => [check.id, parameters]);
  return short(canonicalJson({ checks, basis, awaits, attest, divisible, occasions, maxAgeMonths, ledgerDays }));
}

/** Hashes what findings cite: the observed values or why there are none, whenever and with whatever method they were had. */
export function seenHasher(
  byId: ReadonlyMap<string, Observation>,
): (findings: readonly AssessedFinding[]) => { seen?: string } {
  const known = new Map<string, string>();
  const hashOf = (id: string): string[] => {
    const observation = byId.get(id);
    if (!observation) return [];
    const hash = known.get(id) ?? valueHash(observation);
    known.set(id, hash);
    return [hash];
  };
  return (findings) => {
    const hashes = new Set(findings.flatMap(({ cites }) => cites).flatMap(hashOf));
    return hashes.size === 0 ? {} : { seen: short([...hashes].toSorted().join('\n')) };
  };
}

function valueHash({ kind, subject, observed, unobserved }: Observation): string {
  return short(canonicalJson([kind, subject, unobserved ? unobserved.reason : observed]));
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
