import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCli, type Cost, cost, row } from './lab.ts';

/** A server with a table `invoices` in the database `trade`, which `auditor` may read. */
export type ClearTextLab = {
  readonly engine: 'postgresql' | 'mariadb';
  readonly server: { readonly port: number };
  /** Runs a statement as an administrator would, by the server’s own client. */
  byHand(sql: string): Cost;
  /** What the server read meanwhile. */
  reading<T>(work: () => Promise<T> | T): Promise<{ result: T; read: { rows: number; megabytes: number } }>;
};

// What an administrator would write to look for identity numbers: patterns alone, over all rows.
const shape = '(^|[^0-9])[1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]($|[^0-9])';
const byPattern = {
  postgresql: `SELECT count(*) FROM invoices WHERE number ~ '${shape}' OR unit ~ '${shape}'`,
  mariadb: `SELECT count(*) FROM invoices WHERE number REGEXP '${shape}' OR unit REGEXP '${shape}'`,
} as const;

const profile = `profile: clear-text
title: { zh: 库内明文, en: Clear text }
mode: any
maxAge: { months: 3 }
sources: { S: { title: { zh: 测量, en: Measurement } } }
requirements:
  X-1:
    title: { zh: 库内明文, en: Clear text }
    cites: [{ source: S, clause: 1-1 }]
    part: technology
    occasions: always
    basis: measured
    checks: [{ data/clear-text: { forbid: [identity-number], explain: [], certain: 1000000, suspect: 1000 } }]
`;

/** The search for clear text beside one by patterns over all rows. */
export async function measureClearText({ engine, server, byHand, reading }: ClearTextLab): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-clear-text-'));
  try {
    const cli = await buildCli(folder);
    const file = join(folder, 'platform.yaml');
    await writeFile(join(folder, 'profile.yaml'), profile);
    await writeFile(file, JSON.stringify(platform(engine, server.port)));
    const words = ['collect', '--platform', file, '--profile', join(folder, 'profile.yaml'), '--origin', 'database'];
    const collect = (): Cost => {
      const env = { LEQI_BENCHMARK: 'right' };
      return cost([...cli, ...words, '--out', join(folder, 'out'), '--quiet'], { env });
    };
    process.stdout.write(`  ${engine}, clear text in a table\n`);
    // The first run of each warms the server’s memory.
    collect();
    const ours = await reading(collect);
    byHand(byPattern[engine]);
    const plain = await reading(() => byHand(byPattern[engine]));
    print('leqi-audit collect (its start among it)', ours.result, ours.result, ours.read);
    print('patterns over all rows, by hand', plain.result, ours.result, plain.read);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// JSON is YAML.
function platform(engine: ClearTextLab['engine'], port: number): object {
  return {
    profile: 'clear-text',
    unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
    platform: { name: '示例直连平台', mode: 'joint-use', since: '2023-01-01' },
    stores: [
      {
        ...{ name: 'store', engine, address: '127.0.0.1', port, database: 'trade', user: 'auditor', tls: 'none' },
        password: { env: 'LEQI_BENCHMARK' },
        tables: [{ name: 'invoices', holds: 'invoices', time: 'issued_at' }],
      },
    ],
  };
}

function print(what: string, spent: Cost, first: Cost, { rows, megabytes }: { rows: number; megabytes: number }): void {
  process.stdout.write(row(what, spent, first, `${rows} rows, ${megabytes.toFixed(0)} MB read`));
}
