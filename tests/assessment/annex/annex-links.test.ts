import { describe, expect, test } from 'vitest';
import type { Annex } from '../../../src/assessment/annex/annex-links.ts';
import { neededKinds } from '../../../src/assessment/needs.ts';
import { loadProfile } from '../../../src/assessment/profile.ts';
import { complaints, inFolder } from '../../support/folder.ts';

const clock = '{ host/clock: { maxOffset: 1 } }';
const base = (annex: readonly string[]): string =>
  [
    'profile: land',
    'title: { zh: 某省, en: Land }',
    'mode: self-use',
    'base: true',
    'maxAge: { months: 3 }',
    'papers: { report: { zh: 项目报告, en: Project report } }',
    'facts: { volume: { zh: 业务量, en: Volume, form: monthly, unit: 张 } }',
    ...annex,
    'requirements:',
    ...['asked', 'clock', 'zone', 'plan'].map(
      (id) =>
        `  ${id}: { title: { zh: 甲, en: One }, part: ${id === 'plan' ? 'business' : 'technology'}, occasions: always, checks: [${clock}] }`,
    ),
    '',
  ].join('\n');

const arranged = [
  'annex:',
  '  title: { zh: 项目情况, en: The project }',
  '  follows: asked',
  '  paper: report',
  '  parts:',
  '    - title: { zh: 业务部分, en: Business }',
  '      others: business',
  '      topics:',
  '        volume: { title: { zh: 业务量, en: Volume }, facts: [volume], chapters: [volume] }',
  '    - title: { zh: 技术部分, en: Technology }',
  '      others: technology',
  '      topics:',
  '        hardware: { title: { zh: 硬件, en: Hardware }, rows: [clock], shows: [hosts] }',
  '        network: { title: { zh: 网络, en: Network }, papers: [report] }',
  '    - title: { zh: 管理部分, en: Management }',
  '      others: risk',
  '      topics: {}',
];

const town = (rows: readonly string[], more: readonly string[] = []): string =>
  [
    'profile: town',
    'title: { zh: 某市, en: Town }',
    'mode: self-use',
    'extends: [land]',
    'sources: { T: { title: { zh: 指引, en: Guidance } } }',
    ...more,
    'requirements:',
    ...rows,
    '',
  ].join('\n');

const row = (id: string, is: string): string => `  ${id}: { is: ${is}, cites: [{ source: T, clause: ${id} }] }`;
const own = (id: string, part: string): string =>
  `  ${id}: { title: { zh: 乙, en: Own }, part: ${part}, occasions: [exit], cites: [{ source: T, clause: ${id} }], checks: [${clock}] }`;

const load = (files: Readonly<Record<string, string>>) => inFolder(files, (at) => loadProfile(at('town.yaml')));
const rowsIn = (annex: Annex | undefined) =>
  annex?.parts.map(({ topics }) => topics.map(({ key, requirements }) => [key, requirements]));

describe('the annex of a profile', () => {
  test('has the rows that are taken from those it names, and cites the clauses of the one that it follows', async () => {
    const { annex } = await load({
      'town.yaml': town([row('T-1', 'asked'), row('T-2', 'clock'), row('T-3', 'T-2'), row('T-4', 'zone')]),
      'land.yaml': base(arranged),
    });
    expect(annex).toMatchObject({
      title: { zh: '项目情况' },
      paper: 'report',
      cites: [{ source: 'T', clause: 'T-1' }],
    });
    expect(rowsIn(annex)).toEqual([
      [['volume', []]],
      [
        ['hardware', ['T-2', 'T-3']],
        ['network', []],
        ['other', ['T-1', 'T-4']],
      ],
      [],
    ]);
  });

  test('takes further rows from the profile that extends it; what stands in no topic comes last in its part', async () => {
    const rows = [row('T-2', 'clock'), own('T-5', 'technology'), own('T-6', 'risk'), row('T-7', 'plan')];
    const { annex } = await load({
      'town.yaml': town(rows, ['annexRows: { network: [T-5, T-2] }']),
      'land.yaml': base(arranged),
    });
    expect(rowsIn(annex)).toEqual([
      [
        ['volume', []],
        ['other', ['T-7']],
      ],
      [
        ['hardware', ['T-2']],
        ['network', ['T-2', 'T-5']],
      ],
      [['other', ['T-6']]],
    ]);
  });

  test('is its own where it arranges one itself, and there is none where nobody does', async () => {
    const rows = [row('T-2', 'clock')];
    const other = arranged.map((line) => line.replace('项目情况', '另行编排'));
    const files = {
      'town.yaml': town(rows, other),
      'land.yaml': base(arranged),
    };
    expect((await load(files)).annex?.title.zh).toBe('另行编排');
    expect((await load({ 'town.yaml': town(rows), 'land.yaml': base([]) })).annex).toBeUndefined();
  });

  test('what it shows is collected, though no check reads it', async () => {
    const rows = [row('T-2', 'clock')];
    const without = await load({ 'town.yaml': town(rows), 'land.yaml': base([]) });
    const shown = await load({ 'town.yaml': town(rows), 'land.yaml': base(arranged) });
    expect(neededKinds(without, 'renewal')).toEqual(['clock', 'platform', 'statements']);
    expect(neededKinds(shown, 'renewal')).toEqual(['clock', 'hosting', 'patchState', 'platform', 'statements']);
  });

  const changed = (from: string, to: string): string => base(arranged.map((line) => line.replace(from, to)));
  const rows = town([row('T-2', 'clock')]);
  const mistakes: Readonly<Record<string, [string, string, string]>> = {
    'a row that is not there': [
      rows,
      changed('rows: [clock]', 'rows: [clok]'),
      'land.yaml:20:61  annex.parts[1].topics.hardware.rows[0]: neither this profile nor one that it extends has a row clok',
    ],
    'a fact': [
      rows,
      changed('facts: [volume]', 'facts: [volumes]'),
      'land.yaml:16:59  annex.parts[0].topics.volume.facts[0]: facts has no volumes',
    ],
    'a paper': [
      rows,
      changed('papers: [report]', 'papers: [raport]'),
      'land.yaml:21:61  annex.parts[1].topics.network.papers[0]: papers has no raport',
    ],
    'the row that it follows': [
      rows,
      changed('follows: asked', 'follows: nobody'),
      'land.yaml:10:3  annex.follows: neither this profile nor one that it extends has a row nobody',
    ],
    'its paper': [
      rows,
      changed('  paper: report', '  paper: raport'),
      'land.yaml:11:3  annex.paper: papers has no raport',
    ],
    'something to show': [rows, changed('shows: [hosts]', 'shows: [host]'), 'shows[0]: Invalid option'],
    'a key of a topic': [
      rows,
      changed('chapters:', 'chapter:'),
      'chapter: there is no such key; there are: title, rows',
    ],
    'a part of the report that none takes': [
      rows,
      changed('others: risk', 'others: business'),
      'others must name business, technology and risk once each',
    ],
    'a topic that stands twice': [
      rows,
      changed('topics: {}', 'topics: { volume: { title: { zh: 又, en: Again } } }'),
      'no topic may stand in two parts',
    ],
    'rows for a topic that is not there': [
      town([row('T-2', 'clock')], ['annexRows: { networks: [T-2] }']),
      base(arranged),
      'town.yaml:6:14  annexRows.networks: the annex has no topic networks; there are: volume, hardware, network',
    ],
    'an added row that is not there': [
      town([row('T-2', 'clock')], ['annexRows: { network: [T-3] }']),
      base(arranged),
      'town.yaml:6:24  annexRows.network[0]: neither this profile nor one that it extends has a row T-3',
    ],
    'rows added where there is no annex': [
      town([row('T-2', 'clock')], ['annexRows: { network: [T-2] }']),
      base([]),
      'annexRows.network: the annex has no topic network; there are: none',
    ],
  };

  test.each(Object.entries(mistakes))('refuses %s', async (_, [main, land, expected]) => {
    const { zh, en, exitCode } = await complaints({ 'town.yaml': main, 'land.yaml': land }, loadProfile);
    expect(exitCode).toBe(2);
    expect(en).toEqual([expect.stringContaining(expected)]);
    expect(zh).toHaveLength(1);
  });
});

describe.each(['hubei-self-use', 'xiamen-self-use'])('the annex of %s', async (name) => {
  const { annex, requirements } = await loadProfile(name);
  const topics = annex?.parts.flatMap((part) => part.topics) ?? [];

  test('has each requirement, and each topic that the project report must have', () => {
    const placed = new Set(topics.flatMap((topic) => topic.requirements));
    expect([...placed].toSorted()).toEqual(requirements.map(({ id }) => id).toSorted());
    const asked = requirements.flatMap(({ uses }) =>
      uses.flatMap(({ parameters }) => (parameters.document === 'project-report' ? (parameters.topics ?? []) : [])),
    );
    expect(topics.flatMap(({ chapters }) => chapters).toSorted()).toEqual(asked.toSorted());
  });

  test('cites the clauses of the project report, and says everything in both languages', () => {
    expect(annex?.cites).toEqual(requirements.find(({ id }) => id === 'SU-3-4')?.cites);
    for (const { zh, en } of [...topics, ...(annex?.parts ?? [])].map(({ title }) => title)) {
      expect(zh).toMatch(/^\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z][a-z -]+/);
    }
  });
});

test.each(['qingdao-joint-use', 'natural-system-security'])('%s has none: its parts are chapters', async (name) => {
  expect((await loadProfile(name)).annex).toBeUndefined();
});
