import { describe, expect, test } from 'vitest';
import type { Check, Evidence, Finding, Outcome } from '../../checks/check.ts';
import { fold, type Verdict } from '../../src/assessment/verdict.ts';
import type { PlainDate } from '../../src/evidence/dates.ts';
import { type Kind, kinds, type Value } from '../../src/evidence/kinds.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { fill, placeholders } from '../../src/text.ts';

/** One row of a check's table: the evidence it sees, and what it must say. */
export type Case = { [K in Kind]?: readonly Seen<Value<K>>[] } & {
  /** Message ids that the findings must contain. */
  says?: string | readonly string[];
  parameters?: Record<string, unknown>;
  asOf?: PlainDate;
};

type Table = { readonly [Each in Outcome]?: Readonly<Record<string, Case>> };

let counter = 0;

/** An observed value for a check's table; the value is read by its kind's schema, so that no case shows what cannot occur. */
export function seen<K extends Kind>(
  kind: K,
  value: Value<K>,
  { subject = 'app-1', on = '2026-03-01', zone = 'test' }: { subject?: string; on?: PlainDate; zone?: string } = {},
): Seen<Value<K>> {
  const read = kinds[kind].value.parse(value);
  expect(read).toEqual(value);
  counter += 1;
  return { id: `E-${counter.toString(16).padStart(10, '0')}`, subject, at: `${on}T02:00:00Z`, on, zone, value };
}

/**
 * Runs a check over a table of evidence → outcome, and holds it to what every check promises: it changes no evidence, reads
 * nothing it does not declare, says the same twice, cites only what it was given, cites something when it says met, uses every
 * message, fills every placeholder in both languages, can come out both met and unmet, and has no case twice.
 */
export function testCheck(check: Check, parameters: Record<string, unknown>, asOf: PlainDate, table: Table): void {
  const cases = Object.entries(table).flatMap(([outcome, rows]) =>
    Object.entries(rows).map(([name, row]) => ({ outcome, name, row })),
  );
  const findingsOf = (row: Case): readonly Finding[] =>
    check.judge(onlyDeclared(check, row), check.parameters.parse(row.parameters ?? parameters), row.asOf ?? asOf);

  describe(check.id, () => {
    test.each(cases)('$outcome: $name', ({ outcome, row }) => {
      const findings = findingsOf(row);
      expect(
        fold(
          findings.map((finding) => finding.outcome),
          false,
        ),
        JSON.stringify(findings, null, 1),
      ).toBe(outcome);
      if (row.says !== undefined)
        expect(findings.map((finding) => finding.says)).toEqual(expect.arrayContaining([row.says].flat()));
      expect(findingsOf(row)).toEqual(findings);
      const ids = check.reads.flatMap((kind) => (row[kind] ?? []).map((item) => item.id));
      for (const finding of findings) {
        const message = check.messages[finding.says];
        if (!message) throw new Error(`${check.id} says "${finding.says}", which is none of its messages`);
        const text = fill(message, finding.data);
        expect(text.zh + text.en).not.toMatch(/\{\{|undefined|NaN|\[object/);
        expect(finding.subject, `finding "${finding.says}" has no subject`).not.toBe('');
        expect(ids).toEqual(expect.arrayContaining([...finding.cites]));
        if (finding.outcome === 'met')
          expect(finding.cites, `"${finding.says}" is met without evidence`).not.toEqual([]);
      }
    });

    test('every message is said by some case, and has the same placeholders in both languages', () => {
      const said = new Set(cases.flatMap(({ row }) => findingsOf(row).map((finding) => finding.says)));
      expect([...said].toSorted()).toEqual(Object.keys(check.messages).toSorted());
      for (const message of Object.values(check.messages))
        expect(placeholders(message.zh).toSorted()).toEqual(placeholders(message.en).toSorted());
    });

    test('comes out met on some case and unmet on another, and no case stands twice', () => {
      expect(Object.keys(table.met ?? {}).length).toBeGreaterThan(0);
      expect(Object.keys(table.unmet ?? {}).length).toBeGreaterThan(0);
      const bodies = cases.map(({ row }) => JSON.stringify(row, (key, value) => (key === 'id' ? undefined : value)));
      expect(new Set(bodies).size).toBe(bodies.length);
    });

    test('without evidence nothing is met', () => {
      const outcomes = findingsOf({}).map((finding) => finding.outcome);
      expect(['unproven', 'unmet', 'not-applicable']).toContain(fold(outcomes, false));
    });
  });
}

// A kind the check does not declare throws when read; declared ones are frozen all the way down.
/** What becomes of evidence that a collector brought. */
export function verdictOf(check: Check, evidence: Case, parameters: object, asOf: PlainDate): Verdict {
  const findings = check.judge(onlyDeclared(check, evidence), check.parameters.parse(parameters), asOf);
  return fold(
    findings.map(({ outcome }) => outcome),
    false,
  );
}

function onlyDeclared(check: Check, row: Case): Evidence<Kind> {
  const given = Object.fromEntries(check.reads.map((kind) => [kind, deepFreeze(structuredClone(row[kind] ?? []))]));
  return new Proxy(given, {
    get(target, kind) {
      if (typeof kind === 'string' && !Object.hasOwn(target, kind))
        throw new Error(`${check.id} reads ${kind} without declaring it`);
      return Reflect.get(target, kind);
    },
  }) as Evidence<Kind>;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
