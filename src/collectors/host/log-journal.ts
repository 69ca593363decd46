import { addDays, type PlainDate } from '../../evidence/dates.ts';
import type { LogProblem, LogStore } from '../../evidence/host/log-stores.ts';
import type { Command, CommandResult } from '../collector.ts';
import { type HostClock, hostDate } from './log-dates.ts';
import { missingIn, startsDaily } from './log-days.ts';
import { wholeLines } from './output.ts';

const daysAsked = 200;

/** Asks the journal for its first and last entry, and for each of the last 200 days whether it has one: journalctl(1). Times only. */
export const journalCommand: Command = {
  name: 'journal',
  why: 'systemd journal: first and last entry, days with entries, size',
  asRoot: true,
  timeout: 120,
  script: `export LC_ALL=C
for d in /var/log/journal /run/log/journal; do
  [ -d "$d" ] || continue
  [ -r "$d" ] || echo "closed $d"
  for f in "$d"/*/*.journal; do [ -e "$f" ] && echo "at $d $(du -sk "$d" | cut -f1)" && break; done
done
echo "groups $(id -nG)"
command -v journalctl >/dev/null || { echo no-journalctl; exit 0; }
ask() { journalctl -q --no-pager -o short-unix "$@" 2>/dev/null </dev/null | cut -d. -f1 | grep -E '^[0-9]+$' | head -n 1; }
first=$(ask); last=$(ask -r)
echo "first $first"; echo "last $last"
[ -n "$first" ] || exit 0
now=$(date +%s); z=$(date +%z); h=\${z#?}; m=\${h#??}; h=\${h%??}
ahead=$(( \${h#0} * 3600 + \${m#0} * 60 )); case $z in -*) ahead=-$ahead ;; esac
day=$(( now - (now + ahead) % 86400 )); i=0
while [ "$i" -lt ${daysAsked} ] && [ "$(( day + 86400 ))" -gt "$first" ]; do
  [ "$(( $(date +%s) - now ))" -lt 60 ] || { echo "stopped"; break; }
  t=$(ask "--since=@$day" "--until=@$(( day + 86399 ))" -n 1)
  echo "day $day \${t:-none}"
  day=$(( day - 86400 )); i=$((i + 1))
done
echo done`,
};

/** The journal as a store; undefined if the host was seen to have none. */
export function readJournal(result: CommandResult, clock: HostClock): LogStore | undefined {
  const lines = wholeLines(result.stdout);
  const words = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const places = words('at').map((place) => place.split(' '));
  const closed = words('closed').length > 0;
  const first = secondsOf(words('first')[0]);
  const looked = words('groups').length > 0;
  if (looked && places.length === 0 && first === undefined && !closed) return undefined;

  const persistent = places.find(([path]) => path?.startsWith('/var/')) ?? places[0];
  const kilobytes = Number(persistent?.[1] ?? 0);
  const bytes = (Number.isFinite(kilobytes) ? kilobytes : 0) * 1024;
  const ahead = clock.minutesAhead;
  const oldest = first === undefined ? undefined : hostDate(first, ahead);
  const newest = hostDate(secondsOf(words('last')[0]) ?? Number.NaN, ahead);
  const { days, asked } = daysAskedFor(words('day'), ahead);
  // Where the days asked about do not reach the first entry, no more is known than from the first day found.
  const lookedFrom = asked === oldest ? undefined : (days[0] ?? clock.today);
  const yesterday = addDays(clock.today, -1);
  const missing = missingIn(days, yesterday);
  const daily = days[0] !== undefined && days[0] === oldest ? startsDaily(days, yesterday) : undefined;
  const growth = oldest === undefined ? undefined : growthOf(bytes, oldest, clock.today);
  const problems = looked ? problemsOf(result, lines, closed, first !== undefined) : [unasked(result)];
  return {
    path: persistent?.[0] ?? '/var/log/journal',
    of: 'system',
    streams: ['general', 'auth'],
    carrier: 'journal',
    files: [],
    parts: 0,
    bytes,
    ...(oldest ? { oldest } : {}),
    ...(newest ? { newest } : {}),
    days: days.length,
    ...(daily === undefined ? {} : { startsDaily: daily }),
    missing: missing.slice(0, 100),
    missingDays: missing.reduce((sum, run) => sum + run.days, 0),
    ...(lookedFrom ? { lookedFrom } : {}),
    sampled: false,
    volatile: persistent !== undefined && persistent[0]?.startsWith('/run/') === true,
    ...(growth === undefined ? {} : { bytesPerDay: growth }),
    problems,
  };
}

function problemsOf(result: CommandResult, lines: readonly string[], closed: boolean, seen: boolean): LogProblem[] {
  if (lines.includes('no-journalctl')) return ['not-installed'];
  // journalctl(1): all entries are shown to root and to the groups systemd-journal, adm and wheel; others see only their own.
  const groups = lines.find((line) => line.startsWith('groups '))?.split(' ') ?? [];
  const reader =
    !result.withoutRoot || groups.some((group) => ['systemd-journal', 'adm', 'wheel', 'root'].includes(group));
  if (closed || !reader) return ['denied'];
  if (!seen) return ['undated'];
  return result.timedOut || result.truncated || !lines.includes('done') ? ['too-late'] : [];
}

// The command broke off before it had looked for the journal, or was not let run at all: sudo(8) refuses in silence.
function unasked({ timedOut, truncated }: CommandResult): LogProblem {
  return timedOut || truncated ? 'too-late' : 'denied';
}

function daysAskedFor(answers: readonly string[], ahead: number): { days: PlainDate[]; asked: PlainDate | undefined } {
  const asked = answers.slice(0, daysAsked).flatMap((answer) => {
    const [start, entry] = answer.split(' ');
    const date = hostDate(secondsOf(start) ?? Number.NaN, ahead);
    return date === undefined ? [] : [{ date, there: entry !== 'none' }];
  });
  const days = asked.filter(({ there }) => there).map(({ date }) => date);
  const earliest = asked.map(({ date }) => date).toSorted()[0];
  return { days: [...new Set(days)].toSorted(), asked: earliest };
}

function growthOf(bytes: number, oldest: PlainDate, today: PlainDate): number | undefined {
  const days = (Date.parse(today) - Date.parse(oldest)) / 86_400_000;
  return days >= 7 ? bytes / days : undefined;
}

function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}
