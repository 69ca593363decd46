import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeXlsxFile from 'write-excel-file/node';
import { facts } from '../../../src/collectors/filed/facts.ts';
import { ledgers } from '../../../src/collectors/filed/ledgers.ts';
import { collected, freshFolder, platformOf } from './support.ts';

/** Rows as CSV lines; no cell may need quotes. */
export function csv(...rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** An XLSX file with one sheet, as write-excel-file makes it. */
export function xlsx(sheet: string, rows: readonly (readonly (string | number | Date | null)[])[]): Promise<Buffer> {
  const data = rows.map((cells) =>
    cells.map((value) => (value instanceof Date ? { value, type: Date, format: 'yyyy/m/d' } : value)),
  );
  return writeXlsxFile(data, { sheet }).toBuffer();
}

/** Text as Excel in China exports CSV: GB18030, here its two-byte part. */
export function gb18030(text: string): Buffer {
  const bytes = [...text].flatMap((character) => {
    const code = character.charCodeAt(0);
    return code < 0x80 ? [code] : (twoBytes.get(character) ?? []);
  });
  return Buffer.from(bytes);
}

const twoBytes = new Map<string, readonly [number, number]>();
const decoder = new TextDecoder('gb18030');
for (let lead = 0x81; lead <= 0xfe; lead += 1) {
  for (let trail = 0x40; trail <= 0xfe; trail += 1) {
    if (trail === 0x7f) continue;
    const [character = '', ...more] = decoder.decode(Buffer.from([lead, trail]));
    if (more.length === 0) twoBytes.set(character, [lead, trail]);
  }
}

/** What is collected of one ledger; `declaration` adds to its entry in the platform file. */
export async function ledger(
  of: string,
  file: string,
  content: string | Buffer,
  declaration: Record<string, unknown> = {},
): Promise<unknown> {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, file), content);
  return collected(ledgers, withLedger(folder, { of, file, ...declaration }), of);
}

/** A platform file with one ledger. */
export function withLedger(folder: string, declaration: Record<string, unknown>) {
  return platformOf(folder, {
    documents: { folder: 'papers', items: [] },
    ledgers: [{ from: '2024-01-01', until: '2025-12-31', ...declaration }],
  });
}

/** Why a ledger was refused. */
export async function refusal(
  of: string,
  file: string,
  content: string | Buffer,
  declaration: Record<string, unknown> = {},
): Promise<string> {
  const error: unknown = await ledger(of, file, content, declaration).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error) || error.name !== 'Unavailable')
    throw new Error(`not refused: ${JSON.stringify(error)}`);
  return `${'reason' in error ? error.reason : ''}: ${error.message}`;
}

/** What is collected of a monthly fact in a file. */
export async function monthly(
  file: string,
  content: string | Buffer,
  declaration: Record<string, unknown> = {},
): Promise<unknown> {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, file), content);
  const { sheet, ...rest } = declaration;
  const fact = { name: 'trade', monthly: { file, ...(sheet ? { sheet } : {}) }, unit: '元', ...rest };
  const platform = platformOf(folder, { documents: { folder: 'papers', items: [] }, facts: [fact] });
  return collected(facts, platform, 'trade');
}
