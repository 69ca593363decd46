import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadProfile, profileNames } from '../../src/assessment/profile.ts';
import { complaints, inFolder } from '../support/folder.ts';

const head = [
  'profile: town',
  'title: { zh: 某市, en: Town }',
  'mode: joint-use',
  'maxAge: { months: 3 }',
  'sources: { T: { title: { zh: 指引, en: Guidance } } }',
];

/** A profile file whose rows begin on line 7; what it says before can be changed line by line. */
function town(rows: readonly string[], changes: Readonly<Record<number, string>> = {}): string {
  const lines = head.map((line, index) => changes[index + 1] ?? line);
  return [...lines, 'requirements:', ...rows.map((row) => `  ${row}`), ''].join('\n');
}

const row = [
  'T-1:',
  '  title: { zh: 钟, en: Clock }',
  '  cites: [{ source: T, clause: 1-1 }]',
  '  part: technology',
  '  occasions: always',
  '  checks: [{ host/clock: { maxOffset: 1 } }]',
];

/** The row with lines replaced, and more put after. */
function rowWith(changes: Readonly<Record<number, string>>, ...more: readonly string[]): string[] {
  return [...row.flatMap((line, index) => changes[index] ?? line), ...more];
}

const load = (files: Readonly<Record<string, string>>) =>
  inFolder(files, (at) => loadProfile(at(Object.keys(files)[0] ?? '')));
const wrong = async (text: string, others: Readonly<Record<string, string>> = {}): Promise<string[]> =>
  (await complaints({ 'town.yaml': text, ...others }, loadProfile)).en;

describe('a profile', () => {
  test('is what its file says, checks with their parameters read', async () => {
    const profile = await load({
      'town.yaml': town(
        rowWith({ 5: "  checks: [{ figures/at-least: { fact: paid-in-capital, amount: '10' } }]" }, '  basis: filed'),
      ),
    });
    expect(profile).toMatchObject({ name: 'town', mode: 'joint-use', maxAgeMonths: 3 });
    expect(profile.requirements).toMatchObject([
      {
        id: 'T-1',
        title: { zh: '钟', en: 'Clock' },
        part: 'technology',
        occasions: 'always',
        cites: [{ source: 'T', clause: '1-1' }],
        basis: 'filed',
        awaits: [],
        divisible: false,
      },
    ]);
    const [use] = profile.requirements[0]?.uses ?? [];
    expect(use?.check.id).toBe('figures/at-least');
    expect(use?.parameters).toEqual({ fact: 'paid-in-capital', amount: '10', unit: '元' });
  });

  test('takes from other rows and files whatever it does not say itself, except clauses', async () => {
    const profile = await load({
      'town.yaml': town(
        [
          'T-1: { is: clock, cites: [{ source: T, clause: 1-1 }], occasions: [access] }',
          'T-2: { is: T-1, cites: [{ source: T, clause: 1-2 }], title: { zh: 另, en: Other }, awaits: [] }',
        ],
        { 4: 'extends: [county]' },
      ),
      'county.yaml': town(['clock: { is: time, divisible: true, awaits: [ledger] }'], {
        4: 'extends: [land]\nbase: true',
      }),
      'land.yaml': town(['time:', ...row.slice(1), '  remedy: { zh: 修, en: mend }']),
    });
    const taken = { part: 'technology', occasions: ['access'], divisible: true, remedy: { zh: '修', en: 'mend' } };
    expect(profile.requirements).toMatchObject([
      { ...taken, id: 'T-1', title: { zh: '钟', en: 'Clock' }, cites: [{ clause: '1-1' }], awaits: ['ledger'] },
      { ...taken, id: 'T-2', title: { zh: '另', en: 'Other' }, cites: [{ clause: '1-2' }], awaits: [] },
    ]);
    expect(profile.requirements.map(({ uses }) => uses.map(({ check }) => check.id))).toEqual([
      ['host/clock'],
      ['host/clock'],
    ]);
    expect(profile.maxAgeMonths, 'of the nearest file that says it').toBe(3);
    expect(profile.files?.map(({ name }) => name)).toEqual(['town.yaml', 'land.yaml', 'county.yaml']);
  });

  test('names its files by the hashes of their bytes', async () => {
    const text = `\uFEFF${town(row)}`;
    const { files } = await load({ 'town.yaml': text });
    expect(files).toEqual([{ name: 'town.yaml', sha256: createHash('sha256').update(text).digest('hex') }]);
  });

  test('takes single checks of other rows with their parameters, after its own', async () => {
    const borrowing = (id: string, keys: string): string =>
      `${id}: { title: { zh: 另, en: Other }, cites: [{ source: T, clause: 1-2 }], part: technology, occasions: always, ${keys} }`;
    const profile = await load({
      'town.yaml': town(
        [
          borrowing('T-1', 'checks: [{ host/clock: { maxOffset: 9 } }], checksOf: { time: [host/clock] }'),
          'T-2: { is: other, cites: [{ source: T, clause: 1-3 }] }',
          // What a base borrows is the base's row, whatever this file calls so.
          borrowing('near', 'checks: [{ host/clock: { maxOffset: 7 } }]'),
        ],
        { 4: 'extends: [land]' },
      ),
      'land.yaml': town([
        borrowing('other', 'checksOf: { near: [host/clock] }'),
        'near: { is: time }',
        borrowing(
          'time',
          "checks: [{ figures/at-least: { fact: paid-in-capital, amount: '10' } }, { host/clock: { maxOffset: 1 } }]",
        ),
      ]),
    });
    const offsets = profile.requirements.map(({ id, uses }) => [
      id,
      uses.map(({ parameters }) => parameters.maxOffset),
    ]);
    expect(offsets).toEqual([
      ['T-1', [9, 1]],
      ['T-2', [1]],
      ['near', [7]],
    ]);
  });

  test('of a further province is one file of ids and clauses', async () => {
    const province = town(
      [
        'T-1: { is: registered-capital-at-renewal, cites: [{ source: T, clause: 4-1 }], occasions: [renewal] }',
        'T-2: { is: tax-data-retention, cites: [{ source: T, clause: 5-5 }], occasions: always }',
      ],
      { 4: 'extends: [joint-use]' },
    );
    const [qingdao, other] = [await loadProfile('qingdao-joint-use'), await load({ 'town.yaml': province })];
    const usesOf = (profile: typeof other, id: string) =>
      profile.requirements.find((each) => each.id === id)?.uses.map(({ check, parameters }) => [check.id, parameters]);
    expect(usesOf(other, 'T-1')).toEqual(usesOf(qingdao, 'QD-4.3-2'));
    expect(usesOf(other, 'T-2')).toEqual(usesOf(qingdao, 'QD-5.5-5'));
    expect(other.requirements[0]?.cites).toEqual([{ source: 'T', clause: '4-1' }]);
  });

  test('prefers a base beside it to one that ships', async () => {
    const profile = await load({
      'town.yaml': town(['T-1: { is: mine, cites: [{ source: T, clause: 1-1 }] }'], { 4: 'extends: [joint-use]' }),
      'joint-use.yaml': town(['mine:', ...row.slice(1)]),
    });
    expect(profile.requirements.map(({ title }) => title.en)).toEqual(['Clock']);
  });

  test('that ships loads by the name it carries; a base is not among them', async () => {
    const names = await profileNames();
    expect(names).toEqual(expect.arrayContaining(['natural-system-security', 'qingdao-joint-use']));
    expect(names).not.toContain('joint-use');
    for (const name of names) expect((await loadProfile(name)).name).toBe(name);
  });
});

describe('what is wrong in a file is named by line, column and key', () => {
  const cases: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'an unknown key at the top': [
      town(row, { 3: 'mode: joint-use\nmoed: x' }),
      [
        'town.yaml:4:1  moed: there is no such key; there are: profile, title, mode, extends, base, maxAge, period, papers, facts, annex, annexRows, sources, requirements',
      ],
    ],
    'an unknown key in a row': [
      town(rowWith({}, '  atest: { zh: 是, en: yes }')),
      [
        'town.yaml:13:5  requirements["T-1"].atest: there is no such key; there are: is, cites, title, part, occasions, basis, checks, checksOf, awaits, attest, divisible, remedy, ifMissed',
      ],
    ],
    'a wrong type': [
      town(row, { 4: 'maxAge: { months: three }' }),
      ['town.yaml:4:11  maxAge.months: Invalid input: expected number, received string'],
    ],
    'an impossible value': [
      town(rowWith({ 3: '  part: technical' })),
      ['town.yaml:10:5  requirements["T-1"].part: Invalid option: expected one of "business"|"technology"|"risk"'],
    ],
    'a text in one language': [
      town(rowWith({ 1: '  title: { zh: 钟 }' })),
      ['town.yaml:8:5  requirements["T-1"].title.en: Invalid input: expected string, received undefined'],
    ],
    'an unknown check': [
      town(rowWith({ 5: '  checks:\n      - host/clok: { maxOffset: 1 }' })),
      [expect.stringMatching(/^town\.yaml:13:9 {2}.*\["host\/clok"\]: there is no such key; there are: .*host\/clock/)],
    ],
    'a wrong parameter of a check': [
      town(rowWith({ 5: '  checks:\n      - host/clock: { maxOffset: -1 }' })),
      ['town.yaml:13:23  requirements["T-1"].checks[0]["host/clock"].maxOffset: Too small: expected number to be >0'],
    ],
    'an unknown parameter of a check': [
      town(rowWith({ 5: '  checks:\n      - host/clock: { maxOffset: 1, minOffset: 0 }' })),
      [
        'town.yaml:13:37  requirements["T-1"].checks[0]["host/clock"].minOffset: there is no such key; there are: maxOffset',
      ],
    ],
    'two checks in one entry': [
      town(
        rowWith({
          5: '  checks:\n      - host/clock: { maxOffset: 1 }\n        host/hosting-party: { allow: [unit] }',
        }),
      ),
      ['town.yaml:13:9  requirements["T-1"].checks[0]: each entry names one check with its parameters'],
    ],
    'a source that the file does not list': [
      town(rowWith({ 2: '  cites: [{ source: T, clause: 1-1 }, { source: X, clause: 1-2 }]' })),
      ['town.yaml:9:43  requirements["T-1"].cites[1].source: sources has no X; there are: T'],
    ],
    'a row that is not there': [
      town(['T-1: { is: watch, cites: [{ source: T, clause: 1-1 }] }']),
      ['town.yaml:7:10  requirements["T-1"].is: neither this profile nor one that it extends has a row watch'],
    ],
    'a check taken from a row that is not there': [
      town(rowWith({}, '  checksOf: { T-9: [host/clock] }')),
      [
        'town.yaml:13:17  requirements["T-1"].checksOf["T-9"]: neither this profile nor one that it extends has a row T-9',
      ],
    ],
    'a check taken from a row that does not list it': [
      town([...row, ...rowWith({ 0: 'T-2:' }, '  checksOf: { T-1: [calendar/ban] }')]),
      ['town.yaml:19:17  requirements["T-2"].checksOf["T-1"]: the row T-1 does not list calendar/ban under checks'],
    ],
    'rows in a circle': [
      town([
        'T-1: { is: T-2, cites: [{ source: T, clause: 1-1 }] }',
        'T-2: { is: T-1, cites: [{ source: T, clause: 1-2 }] }',
        'T-3: { is: T-1, cites: [{ source: T, clause: 1-3 }] }',
      ]),
      [
        'town.yaml:7:10  requirements["T-1"].is: goes in a circle: T-1 → T-2 → T-1',
        'town.yaml:8:10  requirements["T-2"].is: goes in a circle: T-2 → T-1 → T-2',
      ],
    ],
    'a row that is itself': [
      town(['T-1: { is: T-1, cites: [{ source: T, clause: 1-1 }] }']),
      ['town.yaml:7:10  requirements["T-1"].is: goes in a circle: T-1 → T-1'],
    ],
    'a row without what every row needs': [
      town(['T-1: { divisible: false }']),
      [
        'town.yaml:7:3  requirements["T-1"]: title is missing',
        'town.yaml:7:3  requirements["T-1"]: part is missing',
        'town.yaml:7:3  requirements["T-1"]: occasions is missing',
        'town.yaml:7:3  requirements["T-1"]: cites is missing: a profile names its own clauses and takes none from others',
        'town.yaml:7:3  requirements["T-1"]: checks, awaits or attest is missing: nothing answers it',
      ],
    ],
    'a row with an empty list of checks': [
      town(rowWith({ 5: '  checks: []' })),
      ['town.yaml:7:3  requirements["T-1"]: checks, awaits or attest is missing: nothing answers it'],
    ],
    'no row at all': [town(['{}']), ['town.yaml:6:1  requirements: at least one requirement is needed']],
    'no maxAge': [town(row, { 4: '' }), ['town.yaml:1:1  maxAge is missing: say, maxAge: { months: 3 }']],
    'a base': [
      town(row, { 4: 'base: true\nmaxAge: { months: 3 }' }),
      [expect.stringMatching(/^town\.yaml:4:1 {2}base: .*cannot be assessed/)],
    ],
    'a profile to extend that is not there': [
      town(['T-1: { is: far, cites: [{ source: T, clause: 1-1 }] }'], { 4: 'extends: [county]' }),
      [
        'town.yaml:4:11  extends[0]: there is no profile county: no county.yaml beside this file or among those that ship',
      ],
    ],
    'a word where a list of profiles belongs': [
      town(['T-1: { is: far, cites: [{ source: T, clause: 1-1 }] }'], { 4: 'extends: county' }),
      ['town.yaml:4:1  extends: Invalid input: expected array, received string'],
    ],
    'no YAML': ['profile: [town\n', [expect.stringMatching(/^town\.yaml:\d:\d {2}YAML syntax: /)]],
  };

  test.each(Object.entries(cases))('%s', async (_, [text, expected]) => {
    expect(await wrong(text)).toEqual(expected);
  });

  test('profiles that extend each other', async () => {
    const county = town(['clock: {}'], { 4: 'extends: [land]' });
    const land = town(['time: {}'], { 4: 'extends: [county]' });
    expect(
      await wrong(town(row, { 4: 'extends: [county]\nmaxAge: { months: 3 }' }), {
        'county.yaml': county,
        'land.yaml': land,
      }),
    ).toEqual(['land.yaml:4:11  extends[0]: goes in a circle: town → county → land → county']);
  });

  test('in files that it extends too, each of them once', async () => {
    const county = town(['clock: { is: hour, part: technical }'], { 4: 'extends: [land]\nbase: true' });
    const land = town(['time: { basis: seen }'], { 4: 'base: true' });
    const main = town(['T-1: { is: clock, cites: [{ source: T, clause: 1-1 }] }'], {
      4: 'extends: [county, land]\nmaxAge: { months: 3 }',
    });
    expect(await wrong(main, { 'county.yaml': county, 'land.yaml': land })).toEqual([
      expect.stringMatching(/^county\.yaml:8:\d+ {2}requirements\.clock\.part: Invalid option/),
      expect.stringMatching(/^land\.yaml:7:\d+ {2}requirements\.time\.basis: Invalid option/),
      'county.yaml:8:12  requirements.clock.is: neither this profile nor one that it extends has a row hour',
    ]);
  });

  test('all mistakes at once, in both languages, with exit status 2', async () => {
    const text = town(
      [
        ...rowWith(
          { 3: '  part: technical', 5: '  checks: [{ host/clok: {} }, { host/clock: { maxOffset: x } }]' },
          '  atest: 1',
        ),
        'T-2: { is: watch, cites: [{ source: X, clause: 1-2 }] }',
        'T-3: { is: T-3, cites: [{ source: T, clause: 1-3 }] }',
        'T-4: { part: risk }',
      ],
      { 1: 'profile: Town', 4: '' },
    );
    const { zh, en, exitCode } = await complaints({ 'town.yaml': text }, loadProfile);
    expect(exitCode).toBe(2);
    const places = [1, 10, 12, 12, 13, 14, 14, 15, 16, 16, 16, 16, 1];
    expect(en.map((line) => Number(line.split(':')[1]))).toEqual(places);
    expect(zh.map((line) => Number(line.split(':')[1]))).toEqual(places);
    expect(zh.filter((line) => !/\p{Script=Han}/u.test(line))).toEqual([]);
    expect(en.filter((line) => /\p{Script=Han}/u.test(line))).toEqual([]);
  });
});

test('a name that no profile has is answered by those there are', async () => {
  await expect(loadProfile('beijing')).rejects.toThrow(/beijing.*natural-system-security, qingdao-joint-use/);
});
