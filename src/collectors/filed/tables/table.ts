import type { FileHandle } from 'node:fs/promises';
import { mostBytes } from './limits.ts';
import { TableMistake } from './mistake.ts';
import type { Table, TableOptions } from './shape.ts';

export { TableMistake } from './mistake.ts';
export type { Table, TableOptions, TableRow } from './shape.ts';

const zipStart = Buffer.from('504b0304', 'hex');
const compoundStart = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * Reads a table from an XLSX, CSV or YAML file, told by content; `.yaml` and `.yml` alone are told by name. `name` is for that, and
 * for messages. Throws {@link TableMistake} where anything cannot be read exactly.
 */
export async function readTable(
  file: FileHandle,
  name: string,
  options: TableOptions,
  signal: AbortSignal,
): Promise<Table> {
  signal.throwIfAborted();
  const { size } = await file.stat();
  if (size > mostBytes) throw tooLarge(name, size);
  const start = await bytesAt(file, 0, zipStart.length + compoundStart.length);
  if (start.subarray(0, zipStart.length).equals(zipStart)) {
    const { readXlsx } = await import('./xlsx.ts');
    return readXlsx(file, name, options, signal);
  }
  if (start.subarray(0, compoundStart.length).equals(compoundStart)) throw await compoundFile(file, name, size);
  const bytes = await allBytes(file, name, size, signal);
  if (bytes.length === 0) {
    throw new TableMistake('unparsable', { file: name }, { zh: '文件为空', en: 'the file is empty' });
  }
  if (/\.ya?ml$/i.test(name)) {
    const { readYamlTable } = await import('./yaml.ts');
    return readYamlTable(bytes, name, options);
  }
  const { readCsv } = await import('./csv.ts');
  return readCsv(bytes, name, options, signal);
}

function tooLarge(name: string, size: number): TableMistake {
  return new TableMistake(
    'too-large',
    { file: name },
    { zh: `文件有 ${size} 字节，超过上限 ${mostBytes}`, en: `the file has ${size} bytes; the limit is ${mostBytes}` },
  );
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

// By position, one byte more than it should have: the file may grow while it is read.
async function allBytes(file: FileHandle, name: string, size: number, signal: AbortSignal): Promise<Buffer> {
  const buffer = Buffer.alloc(size + 1);
  let filled = 0;
  while (filled < buffer.length) {
    signal.throwIfAborted();
    const length = Math.min(4 * 1024 * 1024, buffer.length - filled);
    const { bytesRead } = await file.read(buffer, filled, length, filled);
    if (bytesRead === 0) return buffer.subarray(0, filled);
    filled += bytesRead;
  }
  throw new TableMistake(
    'unparsable',
    { file: name },
    {
      zh: '读取时文件仍在变化，请关闭正在写入它的程序后重试',
      en: 'the file grew while it was read; close what writes it',
    },
  );
}

const windowLength = 64 * 1024;

// [MS-CFB] 2.2: the sector size is a power of two at 30, the first sector of the directory stands at 48.
// [MS-OFFCRYPTO] 2.3.4.4: an encrypted package is a stream of this name.
async function compoundFile(file: FileHandle, name: string, size: number): Promise<TableMistake> {
  const encrypted = Buffer.from('EncryptedPackage', 'utf16le');
  const first = await bytesAt(file, 0, windowLength);
  const directory = first.length < 52 ? 0 : (first.readUInt32LE(48) + 1) * 2 ** Math.min(first.readUInt16LE(30), 12);
  const second = directory < size ? await bytesAt(file, directory, windowLength) : Buffer.alloc(0);
  const text =
    first.includes(encrypted) || second.includes(encrypted)
      ? { zh: '已加密，请另存为无密码的 xlsx', en: 'encrypted; save it as xlsx without a password' }
      : {
          zh: '旧式 Excel 97-2003 文件，请另存为 .xlsx 或 CSV',
          en: 'an old Excel 97-2003 file; save it as .xlsx or CSV',
        };
  return new TableMistake('not-supported', { file: name }, text);
}
