import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import {
  addDays,
  addMonths,
  addToMonth,
  daysFrom,
  type Month,
  monthOf,
  type PlainDate,
} from '../src/evidence/dates.ts';
import type { Gate } from '../src/gate.ts';
import { packageRoot } from '../src/package-root.ts';

/** The day that the dates in the examples are written for. */
const writtenFor: PlainDate = '2026-11-22';

/** Where the example's platform file says that the platform keeps its files. */
const declaredHome = '/opt/example-platform';

/** The address that the example's papers state; in the copy this machine's own takes its place. */
const filedAddress = '192.52.193.18';

// Over loopback nobody is disturbed by more packets a second than the default; and no resolver need hear of the example's names.
const limits = "\nlimits:\n  ports: '1-65535'\n  rate: 20000\nresolvers: ['127.0.0.1']\n";

/** The month without transactions, counted back from today: the report must find it. */
const holeMonthsAgo = 17;

/** The unit itself: it alone issues before others join. */
const unitCode = '91370200MA3EXMPL6T';

/** A platform made for the day: files to scan, and the platform file that names them. */
export type ExamplePlatform = { file: string; certificate: string; key: string; port: number };

/**
 * Makes the example's platform in a folder, for one day: its papers and ledgers with their dates moved, a SQLite ledger over 40
 * months with one month missing, an audit log over 7 months, a certificate authority with a server certificate, and the platform
 * file that names them. What was made for the same day before is kept.
 */
export async function makeExamplePlatform(folder: string, today: PlainDate, gate: Gate): Promise<ExamplePlatform> {
  const made: ExamplePlatform = {
    file: join(folder, 'platform.yaml'),
    certificate: join(folder, 'tls', 'server.pem'),
    key: join(folder, 'tls', 'server.key'),
    port: 18443,
  };
  const files = await exampleFiles('qingdao-joint-use', today);
  for (const [path, text] of files)
    files.set(path, text.replaceAll(declaredHome, folder).replaceAll(filedAddress, '127.0.0.1'));
  files.set('platform.yaml', `${files.get('platform.yaml') ?? ''}${limits}`);
  const stamp = createHash('sha256')
    .update(JSON.stringify([today, ...files]))
    .digest('hex');
  if ((await readFile(join(folder, 'made-for'), 'utf8').catch(() => '')) === stamp) return made;
  const temporary = `${folder}.partial`;
  await rm(temporary, { recursive: true, force: true });
  await writeFiles(temporary, files);
  writeLedger(join(temporary, 'ledger.sqlite'), today, files.get('documents/ledgers/using-units.csv') ?? '');
  await writeAuditLog(join(temporary, 'logs'), today);
  await makeCertificates(join(temporary, 'tls'), gate);
  await writeFile(join(temporary, 'made-for'), stamp);
  await rm(folder, { recursive: true, force: true });
  await rename(temporary, folder);
  return made;
}

/** Copies `examples/NAME` to a folder, with its dates moved. */
export async function copyExample(name: string, folder: string, today: PlainDate): Promise<void> {
  await writeFiles(folder, await exampleFiles(name, today));
}

// All files of an example are text: by path, with the dates moved.
async function exampleFiles(name: string, today: PlainDate): Promise<Map<string, string>> {
  const root = join(packageRoot, 'examples', name);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, string>();
  for (const path of paths.toSorted())
    files.set(path.slice(root.length + 1), movedTo(await readFile(path, 'utf8'), today));
  return files;
}

async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Moves every date and month of a text by whole months, so that `today` lies where {@link writtenFor} lay; rating years by whole years. */
export function movedTo(text: string, today: PlainDate): string {
  const [years, months] = [0, 5].map(
    (at) => Number(today.slice(at, at === 0 ? 4 : 7)) - Number(writtenFor.slice(at, at === 0 ? 4 : 7)),
  );
  const by = (years ?? 0) * 12 + (months ?? 0);
  return text
    .replace(/'(20\d\d)'/g, (_, year: string) => `'${Number(year) + (years ?? 0)}'`)
    .replace(/\b(20\d\d-\d\d)(-\d\d)?\b/g, (all: string, month: Month, day?: string) =>
      day ? addMonths(all, by) : addToMonth(month, by),
    );
}

type Member = { readonly code: string; readonly from: PlainDate; readonly until: PlainDate };

// The using units of the example's register, each from the day after it joined to the day before it left.
function membersOf(register: string): Member[] {
  return register
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, code = '', joined = '', left = ''] = line.split(',');
      return code === ''
        ? []
        : [{ code, from: addDays(joined, 1), until: left === '' ? '9999-12-31' : addDays(left, -1) }];
    });
}

// 40 full months and the current one up to today; one month has no record. A fixed seed gives the same ledger every time.
function writeLedger(path: string, today: PlainDate, register: string): void {
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE transactions (id INTEGER PRIMARY KEY, created_at TEXT NOT NULL, using_unit TEXT NOT NULL, amount_fen INTEGER NOT NULL);
    CREATE TABLE invoices (id INTEGER PRIMARY KEY, invoice_no TEXT NOT NULL UNIQUE, transaction_id INTEGER NOT NULL REFERENCES transactions, issuer TEXT NOT NULL, issued_at TEXT NOT NULL, uploaded_at TEXT, amount_fen INTEGER NOT NULL);
    CREATE INDEX invoices_by_time ON invoices (issued_at); CREATE INDEX invoices_by_transaction ON invoices (transaction_id);
    BEGIN`);
  const addTransaction = database.prepare(
    'INSERT INTO transactions (created_at, using_unit, amount_fen) VALUES (?, ?, ?)',
  );
  const addInvoice = database.prepare(
    'INSERT INTO invoices (invoice_no, transaction_id, issuer, issued_at, uploaded_at, amount_fen) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const random = seeded(20_261_122);
  const members = membersOf(register);
  const hole = addToMonth(monthOf(today), -holeMonthsAgo);
  for (const day of daysFrom(`${addToMonth(monthOf(today), -40)}-01`, addDays(today, -1))) {
    if (monthOf(day) === hole) continue;
    const present = members.filter(({ from, until }) => from <= day && day <= until);
    for (let count = 4 + Math.floor(random() * 12); count > 0; count -= 1) {
      const hour = `${day} ${String(8 + Math.floor(random() * 12)).padStart(2, '0')}:${String(Math.floor(random() * 60)).padStart(2, '0')}`;
      const fen = 10_000 + Math.floor(random() * 5_000_000);
      const code = present[Math.floor(random() * present.length)]?.code ?? unitCode;
      const { lastInsertRowid: id } = addTransaction.run(`${hour}:00`, code, fen);
      addInvoice.run(`26${String(id).padStart(18, '0')}`, id, code, `${hour}:00`, `${hour}:40`, fen);
    }
  }
  database.exec('COMMIT');
  database.close();
}

// One file a day, compressed after a week, as a well-kept platform would have it.
async function writeAuditLog(folder: string, today: PlainDate): Promise<void> {
  await mkdir(folder);
  for (const day of daysFrom(addMonths(today, -7), today)) {
    const lines = [8, 12, 17]
      .map(
        (hour) =>
          `${day}T${String(hour).padStart(2, '0')}:00:00+08:00 audit user=operator-${hour} action=issue-invoice type=create result=success\n`,
      )
      .join('');
    const name = join(folder, day === today ? 'audit.log' : `audit-${day.replaceAll('-', '')}.log`);
    if (day < addDays(today, -7)) await writeFile(`${name}.gz`, gzipSync(lines));
    else await writeFile(name, lines);
  }
}

async function makeCertificates(folder: string, gate: Gate): Promise<void> {
  await mkdir(folder);
  const openssl = async (...args: string[]): Promise<void> => {
    const { status, stderr } = await gate.run('openssl', args, { timeout: 30, limit: 65_536 });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  const at = (name: string): string => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '3650',
    '-utf8',
    '-subj',
    '/C=CN/O=示例供应链科技/CN=示例内部证书颁发机构',
  );
  await writeFile(at('server.ext'), 'subjectAltName=DNS:platform.example,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  await openssl(
    'req',
    ...key,
    '-keyout',
    at('server.key'),
    '-out',
    at('server.csr'),
    '-utf8',
    '-subj',
    '/C=CN/O=示例供应链科技/CN=platform.example',
  );
  await openssl(
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '398',
    '-extfile',
    at('server.ext'),
    '-out',
    at('server.pem'),
  );
}

/** mulberry32: numbers in [0, 1) that follow from the seed alone. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
