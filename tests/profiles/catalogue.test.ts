import { describe, expect, test } from 'vitest';
import { loadProfile, profileNames, type Requirement, type Way, ways } from '../../src/assessment/profile.ts';
import { catalogue, catalogued } from './catalogue.ts';

/** The rows that each profile must have: those of its prefixes which name a clause of one of its sources. */
const prefixesOf: Readonly<Record<string, readonly string[]>> = {
  'natural-system-security': ['NS'],
  'qingdao-joint-use': ['QD'],
  'xiamen-self-use': ['SU', 'AG', 'AP', 'XM'],
  'hubei-self-use': ['SU', 'AG', 'AP', 'HB'],
};

/** Ways that a check of this kind answers in part, so that the row still awaits another: what is missing stands in the profile. */
const answeredInPart: Readonly<Record<string, readonly Way[]>> = {
  'QD-5.3-3': ['scan'],
  'QD-5.4-2': ['scan'],
  'SU-2.2-3': ['scan'],
};

const wayOfFolder: Readonly<Record<string, Way>> = {
  tls: 'scan',
  network: 'scan',
  host: 'scan',
  logs: 'scan',
  data: 'scan',
  documents: 'document',
  figures: 'fact',
  ledgers: 'ledger',
  calendar: 'date',
};

/** Ways that a check answers beside its folder’s, where the row asks for them: a register of dates is held against limits. */
const furtherWays: Readonly<Record<string, readonly Way[]>> = {
  'ledgers/on-schedule': ['date'],
  'ledgers/reported-in-time': ['date'],
};

const prefixOf = (id: string): string => id.slice(0, id.indexOf('-'));
const profiles = await Promise.all(Object.keys(prefixesOf).map(loadProfile));

describe('the catalogue', () => {
  test('has lost no row', () => {
    const counts = Map.groupBy(Object.keys(catalogue.rows), prefixOf);
    expect(Object.fromEntries([...counts].map(([prefix, ids]) => [prefix, ids.length]))).toEqual({
      QD: 61,
      SU: 26,
      AG: 20,
      AP: 3,
      XM: 1,
      HB: 5,
      NS: 8,
    });
  });

  test.each(Object.entries(catalogue.rows))('%s names known sources and speaks both languages', (_, row) => {
    for (const source of Object.keys(row.clauses)) expect(Object.keys(catalogue.sources)).toContain(source);
    expect(row.title.zh).toMatch(/\p{Script=Han}/u);
    expect(row.title.en).not.toMatch(/\p{Script=Han}/u);
    expect(new Set(row.how).size).toBe(row.how.length);
  });

  test('every row stands in a profile that ships', () => {
    const shipped = new Set(profiles.flatMap(({ requirements }) => requirements.map((row) => row.id)));
    expect(Object.keys(catalogue.rows).filter((id) => !shipped.has(id))).toEqual([]);
  });

  test('every profile that ships is held against it', async () => {
    expect(await profileNames(), 'list the profile in prefixesOf').toEqual(Object.keys(prefixesOf).toSorted());
  });
});

describe.each(profiles)('$name', ({ name, sources, requirements }) => {
  const expected = Object.entries(catalogue.rows)
    .filter(([id, { clauses }]) => prefixesOf[name]?.includes(prefixOf(id)) && Object.keys(clauses).some(isSource))
    .map(([id]) => id);

  function isSource(code: string): boolean {
    return Object.hasOwn(sources, code);
  }

  test('has every row of the catalogue, in its order, and no other', () => {
    expect(requirements.map((row) => row.id)).toEqual(expected);
  });

  test('names its sources as the catalogue does', () => {
    for (const [code, { title }] of Object.entries(sources)) expect(title, code).toEqual(catalogue.sources[code]);
  });

  describe.each(requirements)('$id', (row) => {
    const { clauses, how, when, title } = catalogued(row.id);
    const asked = ways.filter((way) => how.includes(way));
    const answered = ways.filter((way) =>
      row.uses.some(({ check }) => wayOf(check.id) === way || (asked.includes(way) && isFurther(check.id, way))),
    );

    test('cites the catalogue’s clauses under the catalogue’s title', () => {
      const own = Object.entries(clauses).filter(([source]) => isSource(source));
      expect(row.cites).toEqual(own.flatMap(([source, list]) => list.map((clause) => ({ source, clause }))));
      expect(row.title).toEqual(title);
    });

    test('binds when the catalogue says', () => {
      expect(isWhen(row.occasions, when), `${JSON.stringify(row.occasions)} for ${when}`).toBe(true);
    });

    test('every way is answered by a check of its kind or awaits one', () => {
      const inPart = answeredInPart[row.id] ?? [];
      expect(asked, 'a check of a kind that the catalogue does not name').toEqual(expect.arrayContaining(answered));
      expect(answered, 'answeredInPart').toEqual(expect.arrayContaining([...inPart]));
      const missing = asked.filter((way) => !answered.includes(way) || inPart.includes(way));
      expect(row.awaits.toSorted()).toEqual(missing.toSorted());
    });

    test('a person signs what is manual, and nothing else', () => {
      expect(row.attest !== undefined).toBe(how.includes('manual'));
    });

    test('asks for measured evidence where it is scanned, for papers where it rests on papers', () => {
      if (how.includes('scan')) expect(row.basis).toBe('measured');
      else if (how.includes('document') || how.includes('fact')) expect(row.basis).toBe('filed');
      else expect(['filed', undefined]).toContain(row.basis);
    });

    test('says everything in both languages', () => {
      for (const text of [row.title, row.attest, row.remedy, row.ifMissed]) {
        if (!text) continue;
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        expect(text.en).not.toMatch(/\p{Script=Han}/u);
      }
    });
  });
});

test('every row that is listed as answered in part is a row of a profile', () => {
  const ids = profiles.flatMap(({ requirements }) => requirements.map((row) => row.id));
  expect(ids).toEqual(expect.arrayContaining(Object.keys(answeredInPart)));
});

function isFurther(check: string, way: Way): boolean {
  return furtherWays[check]?.includes(way) ?? false;
}

function wayOf(check: string): Way {
  const way = wayOfFolder[check.slice(0, check.indexOf('/'))];
  if (!way) throw new Error(`${check}: its folder is in no way of answering; add it to wayOfFolder`);
  return way;
}

/** C binds always; A and R at their own occasion; E at a change, an exit or both. */
function isWhen(occasions: Requirement['occasions'], when: readonly string[]): boolean {
  if (when.includes('C') || occasions === 'always') return when.includes('C') && occasions === 'always';
  const events = occasions.filter((each) => each === 'change' || each === 'exit');
  return (
    occasions.includes('access') === when.includes('A') &&
    occasions.includes('renewal') === when.includes('R') &&
    events.length > 0 === when.includes('E')
  );
}
