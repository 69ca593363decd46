import { open } from 'node:fs/promises';
import { codeOf, messageOf } from '../../errors.ts';
import { Unavailable } from '../collector.ts';

/** The first bytes of a SQLite file: its header, and the start of the page that holds its schema (sqlite.org/fileformat.html, 1.3 and 1.6). */
const bytes = 108;
const magic = 'SQLite format 3\0';

/**
 * What the start of a file says: `plain`, a database that anybody can read; `empty`; `unreadable`, no header of SQLite, as SQLCipher and its kin leave
 * it (salt and ciphertext), or anything else; `extended`, a header whose pages keep room for a cipher’s code, or do not begin as pages do.
 * Throws {@link Unavailable} if the file is not there or may not be read.
 */
export async function readSqliteHeader(path: string): Promise<'plain' | 'empty' | 'unreadable' | 'extended'> {
  try {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    if (bytesRead === 0) return 'empty';
    if (buffer.toString('latin1', 0, magic.length) !== magic) return 'unreadable';
    // Byte 20: reserved at the end of each page. Byte 100: 0x05 and 0x0d are the only kinds of page that a schema begins with.
    const isTablePage = buffer[100] === 0x05 || buffer[100] === 0x0d;
    return bytesRead === bytes && buffer[20] === 0 && isTablePage ? 'plain' : 'extended';
  } catch (error) {
    const code = codeOf(error);
    throw new Unavailable(code === 'ENOENT' ? 'not-found' : code === 'EACCES' ? 'denied' : 'failed', messageOf(error));
  }
}
