/** A configuration file as a host printed it. */
export type ConfigFile = { readonly path: string; readonly lines: readonly string[] };

/**
 * sh functions: `show FILE…` prints a heading and each line behind a blank, so that no content can pass for a heading;
 * `show_folder FOLDER` does so for what lies in a folder. What cannot be read is named by `!!`.
 */
export const showFunctions = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
show() {
  for f do
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; esac
    if [ -r "$f" ]; then echo "== $f"; head -c 65536 "$f" | sed 's/^/ /'; echo; else echo "!! $f"; fi
  done
}
show_folder() {
  [ -d "$1" ] || return 0
  if [ -r "$1" ] && [ -x "$1" ]; then show "$1"/*; else echo "!! $1"; fi
}`;

/** Reads what `show` printed: the files, in order, and what could not be read. */
export function readConfigFiles(text: string): { files: ConfigFile[]; unread: string[] } {
  const files: { path: string; lines: string[] }[] = [];
  const unread: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('== ')) files.push({ path: line.slice(3), lines: [] });
    else if (line.startsWith('!! ')) unread.push(line.slice(3));
    else if (line.startsWith(' ')) files.at(-1)?.lines.push(line.slice(1, 2049));
  }
  return { files, unread };
}

/** Bytes from `500M`, `4G`, `100k` (1024 each); undefined if it is no size. */
export function bytesIn(text: string): number | undefined {
  const [, number, unit = ''] = text.trim().match(/^\+?(\d{1,12}(?:\.\d{1,6})?)\s*([KMGTPE]?)(?:i?B)?$/i) ?? [];
  return number === undefined ? undefined : Number(number) * 1024 ** ' KMGTPE'.indexOf(unit.toUpperCase() || ' ');
}

const unitDays: Readonly<Record<string, number>> = {
  us: 1e-6 / 86_400,
  ms: 1e-3 / 86_400,
  s: 1 / 86_400,
  m: 1 / 1440,
  h: 1 / 24,
  d: 1,
  w: 7,
  M: 30.44,
  y: 365.25,
};

/** Days from a time span of systemd.time(7): `6month`, `2w 3d`, `3600`; a month is 30.44 days there. */
export function daysIn(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-z]*)\s*/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return undefined;
  const days = parts.map(([, number, unit = '']) => Number(number) * (unitDays[unitOf(unit)] ?? Number.NaN));
  const sum = days.reduce((total, each) => total + each, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

function unitOf(unit: string): string {
  if (unit === '') return 's';
  if (unit === 'M' || /^mon(th)?s?$/.test(unit)) return 'M';
  return unit.match(/^(us|ms|s|m|h|d|w|y)(?=(ec|econd|in|inute|r|our|ay|eek|ear)?s?$)/)?.[1] ?? unit;
}
