import { expect, test } from 'vitest';
import { parseObservation } from '../../src/evidence/observation.ts';
import { expectedSubjects } from '../../src/evidence/subjects.ts';
import { largeEvidence, largePlatform } from '../support/large-platform/large-platform.ts';

test('25 hosts, some with each defect, are told apart', async () => {
  const { assessment } = await largePlatform({ hosts: 25 });
  expect(assessment.counts).toEqual({ unmet: 11, partial: 0, unproven: 4, met: 32, 'not-applicable': 14 });
  const findings = assessment.requirements.flatMap((row) => row.findings);
  const saying = (check: string): Record<string, number> => {
    const of = findings.filter((each) => each.check === check);
    const groups = Map.groupBy(of, ({ outcome, says }) => `${outcome} ${says}`);
    return Object.fromEntries([...groups].map(([said, all]) => [said, all.length]));
  };
  expect(saying('host/malware-scanning')).toEqual({
    'met protected': 19,
    'unmet oldSignatures': 2,
    'unproven none': 3,
    'unproven unobserved:unreachable': 1,
  });
  expect(saying('host/patch-state')).toEqual({
    'met current': 19,
    'unmet behind': 3,
    'unmet endOfLife': 1,
    'unproven stale': 1,
    'unproven unobserved:unreachable': 1,
  });
  expect(saying('host/hosting-party')).toEqual({
    'met ownAdministration': 20,
    'unproven undeclaredAccounts': 3,
    'unproven undeclaredAgents': 1,
    'unproven unobserved:unreachable': 2,
  });
  expect(saying('data/retention')).toEqual({ 'met kept': 6, 'unmet emptyMonths': 4 });
  expect(saying('tls/protocol-versions')).toEqual({ 'met good': 10, 'unmet forbiddenOffered': 2, 'unmet notTls': 1 });
  expect(findings.length).toBeGreaterThan(25 * 30);
});

test('the evidence has the shape of its kinds, is complete, and the same twice', () => {
  const { observations, declaration } = largeEvidence({ hosts: 12, endpoints: 9, stores: 3 });
  expect(observations.flatMap((each) => ('problem' in parseObservation(each.kind, each) ? [each] : []))).toEqual([]);
  expect(observations.filter(({ kind }) => kind === 'clock').map(({ subject }) => subject)).toEqual(
    expectedSubjects('host', declaration).toSorted(),
  );
  expect(largeEvidence({ hosts: 12, endpoints: 9, stores: 3 }).manifestDigest).toBe(
    largeEvidence({ hosts: 12, endpoints: 9, stores: 3 }).manifestDigest,
  );
});
