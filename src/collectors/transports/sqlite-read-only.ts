import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** What a child process that reads SQLite is told of the file; `immutable` where nobody writes it, so that no file appears beside it. */
export type SqliteFile = { readonly path: string; readonly immutable: boolean };

/** Opens a file of SQLite for reading only, and says which version of SQLite reads it. */
export function openReadOnly({ path, immutable }: SqliteFile): { database: DatabaseSync; version: string } {
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'ro');
  if (immutable) url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true, timeout: 5000 });
  return { database, version: String(database.prepare('SELECT sqlite_version() AS version').get()?.version) };
}

/** The one answer of a child process on standard output, or what went wrong on standard error. */
export function printAnswer(answer: () => unknown): void {
  try {
    process.stdout.write(JSON.stringify(answer()));
  } catch (error) {
    process.stderr.write(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** A name as an identifier of SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
