import { type DataLab, printLine } from './data-lab.ts';

// What an administrator would write to look for identity numbers: patterns alone, over all rows.
const shape = '(^|[^0-9])[1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]($|[^0-9])';
const byPattern = {
  postgresql: `SELECT count(*) FROM invoices WHERE number ~ '${shape}' OR unit ~ '${shape}'`,
  mariadb: `SELECT count(*) FROM invoices WHERE number REGEXP '${shape}' OR unit REGEXP '${shape}'`,
} as const;

const check = { 'data/clear-text': { forbid: ['identity-number'], explain: [], certain: 1_000_000, suspect: 1000 } };
const declared = [{ name: 'invoices', holds: 'invoices', time: 'issued_at' }];

/** The search for clear text beside one by patterns over all rows. */
export async function measureClearText({ engine, collect, byHand, reading }: DataLab): Promise<void> {
  process.stdout.write(`  ${engine}, clear text in a table\n`);
  // The first run of each warms the server’s memory.
  await collect(check, declared);
  const ours = await reading(() => collect(check, declared));
  byHand(byPattern[engine]);
  const plain = await reading(() => byHand(byPattern[engine]));
  printLine('leqi-audit collect (its start among it)', ours.result, ours.result, ours.read);
  printLine('patterns over all rows, by hand', plain.result, ours.result, plain.read);
}
