import { dateIn } from '../../evidence/dates.ts';
import type { Ledger } from '../../evidence/filed/ledgers.ts';
import type { DeclaredLedger, Platform } from '../../platform.ts';
import { said } from '../../text.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { readFiledTable, tableName } from './filed-table.ts';
import { headReader } from './ledger-heads.ts';
import { rowsOf } from './ledger-rows.ts';
import { paperLink } from './paper.ts';
import { maskedName } from './persons.ts';

/** The registers that the unit keeps: the columns that checks know, read without doubt or not at all; no natural person in them. */
export const ledgers = defineCollector({
  id: 'filed/ledgers',
  kind: 'ledgers',
  subjects: (platform) => platform.ledgers.map(({ of }) => of),
  collect: async (subject, { platform, signal, now }) => {
    const declared = platform.ledgers.find(({ of }) => of === subject);
    if (!declared) throw new Unavailable('not-declared', subject);
    refuseBackwards(declared);
    const { of, from, until } = declared;
    const reader = headReader(of, declared.heads);
    const { path, table, bytes, sha256, sm3 } = await readFiledTable(platform, declared, reader, signal);
    const heads = reader.read(table.head, tableName(path, table.sheet));
    const rows = await rowsOf({ of, path, table, heads }, dateIn(now(), platform.timeZone), signal);
    const closing = await closingOf(declared, platform, signal);
    const value: Ledger = {
      of,
      file: path,
      ...(table.sheet === undefined ? {} : { sheet: table.sheet }),
      bytes,
      sha256,
      sm3,
      from,
      until,
      columns: heads.columns.map(({ key }) => key),
      rows,
      ignored: [...heads.ignored],
      ...(closing ? { closing } : {}),
    };
    return { value, method: `read ${path}: size, SHA-256, SM3, table` };
  },
});

function refuseBackwards({ from, until, closing }: DeclaredLedger): void {
  if (from > until) {
    throw new Unavailable(
      'unparsable',
      said({ zh: `起始日 ${from} 晚于截止日 ${until}`, en: `the ledger begins on ${from}, after it ends on ${until}` }),
    );
  }
  if (closing && closing.from > closing.until) {
    throw new Unavailable(
      'unparsable',
      said({
        zh: `结账声明（closing）的起始日 ${closing.from} 晚于截止日 ${closing.until}`,
        en: `the closing statement begins on ${closing.from}, after it ends on ${closing.until}`,
      }),
    );
  }
}

async function closingOf(
  { closing }: DeclaredLedger,
  platform: Platform,
  signal: AbortSignal,
): Promise<Ledger['closing']> {
  if (!closing) return undefined;
  const { by, document, capacity, signedOn, from, until, entries } = closing;
  return {
    document: await paperLink(platform, document, signal),
    capacity,
    by: maskedName(by),
    signedOn,
    from,
    until,
    entries,
  };
}
