const date = '(?:19|20)\\d\\d(?:[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\\d|3[01]))?)';
const clock = '(?:[-_.T]?\\d{2}(?:[-_:.]?\\d{2}){0,2})?';

const compression = /\.(gz|xz|bz2|zst|Z)$/;
// app.log.1, app.log-20260101, app.log-2026-01-01-03, app.log.old, app.log-1767225600
const ending = new RegExp(`(?:\\.\\d{1,4}|[-._]${date}${clock}|-1\\d{9}|\\.old|\\.bak)$`);
// app.2026-01-01.log, app-2026-01-01.0.log, localhost_access_log.2026-01-01.txt
const middle = new RegExp(`[-._]?${date}${clock}(?:[-._]\\d{1,4})?(?=\\.[A-Za-z]{2,5}$)`);
// app.3.log
const number = /\.\d{1,3}(?=\.(?:log|txt|out|json)$)/;
const dated = new RegExp(`^(?:${date}|(?:19|20)\\d\\d)$`);
const archive = /^(archives?|archived|old|olddir|backups?|bak|history|his|rotated)$/i;

/**
 * The path of the live file that a path is a rotated part of, or the path itself. A folder named for a date becomes `*`; one named
 * for an archive is left out, so that the parts moved there count as the live file's.
 */
export function storePathOf(path: string): string {
  const parts = path.split('/');
  const name = liveName(parts.pop() ?? '');
  const folders: string[] = [];
  for (const part of parts) {
    const below = folders.at(-1) === '*' && /^(0[1-9]|[12]\d|3[01])$/.test(part);
    if (dated.test(part)) folders.push('*');
    else if (!below && !(folders.length > 1 && archive.test(part))) folders.push(part);
  }
  return [...folders, name].join('/');
}

function liveName(name: string): string {
  let live = name.replace(compression, '');
  for (let cut = live.replace(ending, ''); cut !== live && cut !== ''; cut = live.replace(ending, '')) live = cut;
  const bare = live.replace(middle, '').replace(number, '');
  if (new RegExp(`^${date}${clock}$`).test(bare)) return '*';
  return bare.startsWith('.') && !name.startsWith('.') ? `*${bare}` : bare;
}
