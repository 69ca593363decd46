/** A configuration file as a host printed it. */
export type ConfigFile = { readonly path: string; readonly lines: readonly string[] };

/**
 * sh function `each_line BYTES PROGRAM FILE…`: so much of each file through awk, which calls `start()` and `finish()` for each $file and `line()` for each
 * $text, numbered; a line() that is true ends the file. Small files share one process; `!!` names what could not be read after all.
 */
export const eachLineFunction = `each_line_program='
function run(   got) {
  number = 0; start()
  while ((got = piped ? (getline text) : (getline text < file)) > 0) { number++; if (line()) break }
  if (got < 0) print "!! " denied file
  finish()
  if (!piped) close(file)
}
BEGIN {
  if (ENVIRON["LEQI_FILE"] != "") { piped = 1; file = ENVIRON["LEQI_FILE"]; run() }
  else for (i = 1; i < ARGC; i++) { file = ARGV[i]; run() }
}'
each_line() {
  bytes=$1 program=$2$each_line_program
  shift 2
  # A huge file without a line end must not be taken into memory.
  if [ $# -gt 1 ] && larger=$(find -H "$@" -prune -size "+$((bytes / 512))" 2>/dev/null) && [ -z "$larger" ]; then 
    awk "$program" "$@" || for f do echo "!! $f"; done
  else for f do head -c "$bytes" "$f" | LEQI_FILE=$f awk "$program" || echo "!! $f"; done
  fi
}`;

/**
 * sh functions: `show FILE…` prints a heading and each line behind a blank, so that no content can pass for a heading;
 * `show_folder FOLDER` does so for what lies in a folder. What cannot be read is named by `!!`.
 */
export const showFunctions = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
${eachLineFunction}
show() {
  for f do
    shift
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; esac
    if [ -r "$f" ]; then set -- "$@" "$f"; else echo "!! $f"; fi
  done
  each_line 65536 'function start() { print "== " file } function line() { print " " text } function finish() {}' "$@"
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
