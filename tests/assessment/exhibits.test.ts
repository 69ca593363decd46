import { describe, expect, test } from 'vitest';
import { check as dataRetention } from '../../checks/data/retention.ts';
import { check as logRetention } from '../../checks/logs/retention.ts';
import { calendarsIn } from '../../src/assessment/exhibits/calendars.ts';
import { mapIn } from '../../src/assessment/exhibits/map.ts';
import { seriesIn } from '../../src/assessment/exhibits/series.ts';
import { spansIn } from '../../src/assessment/exhibits/spans.ts';
import type { Requirement, Use } from '../../src/assessment/profile.ts';
import type { Records } from '../../src/evidence/database/records.ts';
import { type Month, monthsFrom } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { LogStore } from '../../src/evidence/host/log-stores.ts';
import { seen } from '../support/check-tester.ts';
import { declaration, endpoint } from '../support/declaration.ts';
import { register } from '../support/ledgers.ts';
import { openPort, portScan } from '../support/port-scans.ts';

const profileOf = (...uses: Use[]) => ({ requirements: [{ uses }] as unknown as Requirement[] });
const profile = profileOf(
  { check: logRetention, parameters: { of: 'application', months: 6 } },
  { check: dataRetention, parameters: { holds: ['invoices'], months: 36 } },
);

const log = (value: Partial<LogStore> = {}): LogStore => ({
  path: '/opt/app/app.log',
  of: 'application',
  streams: [],
  carrier: 'files',
  files: [],
  parts: 1,
  bytes: 10,
  oldest: '2025-01-01',
  newest: '2026-03-01',
  days: 100,
  missing: [],
  missingDays: 0,
  sampled: false,
  volatile: false,
  problems: [],
  ...value,
});

const host = (subject: string, ...stores: LogStore[]) =>
  seen('logStores', { today: '2026-03-01', minutesAhead: 480, stores, unread: [], cut: false }, { subject });

type Table = Records['tables'][number];

const table = (value: Partial<Table>, without: readonly Month[] = []): Table => ({
  name: 'invoices',
  holds: 'invoices',
  counted: 'all',
  rows: 1,
  oldest: '2023-01-05',
  newest: '2026-02-28',
  months: Object.fromEntries(
    monthsFrom('2023-01', '2026-02')
      .filter((month) => !without.includes(month))
      .map((month) => [month, 1]),
  ),
  undated: 0,
  deleters: [],
  unread: [],
  ...value,
});

const store = (...tables: Table[]) =>
  seen('records', { engine: 'sqlite', version: '3', tables, missing: [] }, { subject: 'ledger' });

const none = { logStores: [], centralLogs: [], records: [], platform: [] };

describe('how far logs and records reach back', () => {
  test('a log against the day it must reach, with its gaps oldest first', () => {
    const late = { from: '2026-02-01', to: '2026-02-03', days: 3, certain: true };
    const early = { from: '2025-12-01', to: '2025-12-01', days: 1, certain: true };
    const found = host('app-1', log({ missing: [late, early] }));
    const { rows, more } = spansIn({ ...none, logStores: [found] }, profile);
    expect(rows).toEqual([
      {
        ...{ of: 'application', subject: 'app-1', name: '/opt/app/app.log', cite: found.id },
        ...{ due: '2025-09-01', first: '2025-01-01', last: '2026-03-01' },
        gaps: [
          { from: '2025-12-01', to: '2025-12-01' },
          { from: '2026-02-01', to: '2026-02-03' },
        ],
      },
    ]);
    expect(more).toEqual({});
  });

  test('kinds that the profile asks no period of, and logs without a date, are not drawn', () => {
    const { oldest: _, ...undated } = log();
    const hosts = [host('app-1', log({ of: 'system' }), log({ of: 'other' }), undated)];
    expect(spansIn({ ...none, logStores: hosts, records: [store(table({ holds: 'other' }))] }, profile).rows).toEqual(
      [],
    );
  });

  test('the longest period that any requirement asks', () => {
    const longer = profileOf(...profile.requirements.flatMap(({ uses }) => uses), {
      check: logRetention,
      parameters: { of: 'application', months: 12 },
    });
    expect(spansIn({ ...none, logStores: [host('app-1', log())] }, longer).rows[0]?.due).toBe('2025-03-01');
  });

  test('an empty month is a gap, but not in a sample', () => {
    const records = [store(table({}, ['2024-02']), table({ name: 'sampled', counted: 'sample' }, ['2024-02']))];
    const { rows } = spansIn({ ...none, records }, profile);
    expect(rows.map(({ name, due, gaps, partial }) => ({ name, due, gaps, partial }))).toEqual([
      { name: 'invoices', due: '2023-03-01', gaps: [{ from: '2024-02-01', to: '2024-02-29' }], partial: undefined },
      { name: 'sampled', due: '2023-03-01', gaps: [], partial: true },
    ]);
  });

  test('of many the shortest are kept, and the others counted', () => {
    const hosts = Array.from({ length: 70 }, (_, index) => host(`app-${100 + index}`, log()));
    const short = host('young', log({ oldest: '2026-01-01' }));
    const { rows, more } = spansIn({ ...none, logStores: [...hosts, short] }, profile);
    expect(rows).toHaveLength(60);
    expect(rows[0]?.subject).toBe('young');
    expect(more).toEqual({ application: 11 });
  });
});

describe('addresses and ports', () => {
  const offered = {
    version: 'TLSv1.2',
    state: 'offered',
    suite: 'TLS_AES_128_GCM_SHA256',
    clientCertificate: 'unknown',
  } as const;
  const refused = { version: 'TLSv1.0', state: 'refused', answer: 'protocol_version' } as const;
  const platform = [
    seen('platform', {
      ...declaration({
        hosts: [{ name: 'web', addresses: ['203.0.113.10'] }],
        endpoints: [
          endpoint({ port: 443 }),
          endpoint({ port: 8443 }),
          endpoint({ address: '198.51.100.7', direction: 'outbound' }),
        ],
      }),
    }),
  ];

  test('declared beside found, what is odd first', () => {
    const scan = portScan([443, openPort(2024, { service: 'xinuexpansion4' })]);
    const talk = seen('tls', { speaksTls: true, versions: [offered, refused] }, { subject: '203.0.113.10:443' });
    const { places, more } = mapIn({ platform, openPorts: [scan], tls: [talk] });
    expect(more).toBe(0);
    expect(places).toEqual([
      {
        address: '203.0.113.10',
        hosts: ['web'],
        scan: {
          ...{ zone: '互联网', loopback: false, complete: true, filtered: 0 },
          ...{ ports: '1-65535', method: 'nmap -sS' },
        },
        ports: [
          { port: 2024, declared: false, state: 'open', service: 'xinuexpansion4', guessed: true },
          { port: 8443, declared: true, state: 'closed', service: 'https' },
          { port: 443, declared: true, state: 'open', service: 'https', tls: ['TLSv1.2'] },
        ],
        cites: [scan.id, talk.id],
      },
    ]);
  });

  test('without a scan a port is unknown, unless it shook hands', () => {
    const talk = seen('tls', { speaksTls: true, versions: [offered] }, { subject: '203.0.113.10:443' });
    const { places } = mapIn({ platform, openPorts: [], tls: [talk] });
    expect(places[0]?.ports.map(({ port, state }) => [port, state])).toEqual([
      [8443, 'unknown'],
      [443, 'open'],
    ]);
    expect(mapIn({ platform: [], openPorts: [], tls: [] })).toEqual({ places: [], more: 0 });
  });

  test('an address that was scanned from two places stands once for each', () => {
    const inside = portScan([443, 3306], { address: '203.0.113.10' }, { subject: '203.0.113.10', zone: '内网' });
    const outside = portScan([443], { address: '203.0.113.10' }, { subject: '203.0.113.10', zone: '互联网' });
    const { places } = mapIn({ platform, openPorts: [outside, inside], tls: [] });
    expect(places.map(({ scan, ports }) => [scan?.zone, ports.filter((each) => !each.declared).length])).toEqual([
      ['内网', 1],
      ['互联网', 0],
    ]);
  });

  test('open undeclared ports come before declared ones that are closed, however many there are', () => {
    const silent = Array.from({ length: 70 }, (_, index) =>
      [8001, 8002].map((port) => endpoint({ address: `10.0.0.${index + 1}`, port })),
    );
    const declared = [
      seen('platform', declaration({ endpoints: [...silent.flat(), endpoint({ address: '10.0.1.1' })] })),
    ];
    const stray = portScan([443, 9999], { address: '10.0.1.1' }, { subject: '10.0.1.1' });
    const { places } = mapIn({ platform: declared, openPorts: [stray], tls: [] });
    expect(places[0]?.address).toBe('10.0.1.1');
    const ports = Array.from({ length: 40 }, (_, index) => endpoint({ address: '10.0.2.1', port: 1000 + index }));
    const scan = portScan([9999], { address: '10.0.2.1' }, { subject: '10.0.2.1' });
    const crowded = mapIn({
      platform: [seen('platform', declaration({ endpoints: ports }))],
      openPorts: [scan],
      tls: [],
    });
    expect(crowded.places[0]?.ports[0]?.port).toBe(9999);
  });

  test('many ports and addresses are cut and counted, none silently', () => {
    const endpoints = Array.from({ length: 70 }, (_, index) => endpoint({ address: `203.0.113.${index + 1}` }));
    const many = [seen('platform', declaration({ endpoints }))];
    const scan = portScan(
      Array.from({ length: 40 }, (_, index) => 1000 + index),
      { address: '203.0.113.9' },
      { subject: '203.0.113.9' },
    );
    const { places, more } = mapIn({ platform: many, openPorts: [scan], tls: [] });
    expect([places.length, more]).toEqual([60, 10]);
    expect([places[0]?.address, places[0]?.ports.length, places[0]?.morePorts]).toEqual(['203.0.113.9', 24, 17]);
  });
});

describe('registers', () => {
  test('entries a month, and those whose correction is open', () => {
    const events = register('events', [
      { on: '2025-05-03', dueOn: '2025-06-01', correctedOn: '2025-05-20' },
      { on: '2025-05-30', dueOn: '2025-06-30' },
      { on: '2026-01-02' },
    ]);
    const drills = register('drills', [{ heldOn: '2025-11-11', topic: '断网' }]);
    expect(
      calendarsIn([drills, events]).map(({ ledger, months, open, cite }) => ({ ledger, months, open, cite })),
    ).toEqual([
      { ledger: 'events', months: { '2025-05': 2, '2026-01': 1 }, open: { '2025-05': 1 }, cite: events.id },
      { ledger: 'drills', months: { '2025-11': 1 }, open: {}, cite: drills.id },
    ]);
  });
});

describe('monthly figures', () => {
  const facts = { trade: { zh: '交易收入', en: 'trade', form: 'monthly' as const } };
  const fact = (months: Record<string, string>) =>
    seen('facts', { name: 'trade', value: { type: 'monthly', unit: '元', months }, declared: '表' } satisfies Fact, {
      subject: 'trade',
    });

  test('are kept exactly, under the title that the profile gives', () => {
    const trade = fact({ '2026-01': '10000000000000000.01' });
    expect(seriesIn([trade], { facts })).toEqual([
      {
        fact: 'trade',
        title: { zh: '交易收入', en: 'trade' },
        unit: '元',
        months: { '2026-01': '10000000000000000.01' },
        cite: trade.id,
      },
    ]);
  });

  test('two that are declared apart are not drawn', () => {
    expect(seriesIn([fact({ '2026-01': '1' }), fact({ '2026-01': '2' })], { facts })).toEqual([]);
  });
});
