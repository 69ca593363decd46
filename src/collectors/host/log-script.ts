import { timeSteps } from '../../evidence/host/log-times.ts';
import type { DeclaredHost } from '../../platform.ts';
import { containersScript } from './log-containers-script.ts';
import {
  type DeclaredLog,
  declaredLogs,
  isPattern,
  patternFolders,
  patternWord,
  quoted,
  readPatterns,
  usualRoots,
} from './log-places.ts';
import { datesProgram } from './log-program.ts';

/** What one run may read and print on a host. */
export type Bounds = {
  /** Bytes up to which a plain file is read whole; of a larger one the ends, and pieces if days lie between them. */
  readonly whole: number;
  /** Bytes that are unpacked of one packed file. */
  readonly unpacked: number;
  /** Bytes of all plain files together, and as many unpacked; after that only the ends of a file, or its start, are read. */
  readonly budget: number;
  /** Files that are opened. */
  readonly files: number;
  /** Seconds after which no further file is opened. */
  readonly seconds: number;
};

export const defaultBounds: Bounds = {
  whole: 2 ** 20,
  unpacked: 64 * 2 ** 20,
  budget: 512 * 2 ** 20,
  files: 4000,
  seconds: 240,
};

// "$f" is never part of a command's text. Descriptor 3 carries what must not pass through a pipe. A piece ends in \001, so that
// neither its last line nor the first of the next is taken for a whole one. Small plain files are read together, and are too late
// until they were: one that is gone by then ends some awks.
const consumer = ({ whole, unpacked, budget, files }: Bounds) => `
dates() { cut -b1-"$wide" | awk "$LEQI_AWK"; }
ends() { head -c 65536 "$1"; printf '\\001\\n'; tail -c 65536 "$1"; }
pieces() {
  head -c 65536 "$1"; i=1
  while [ "$i" -lt "$3" ]; do
    printf '\\001\\n'
    dd if="$1" bs=16384 skip=$(( $2 / 16384 * i / $3 )) count=1 2>/dev/null
    i=$((i + 1))
  done
  printf '\\001\\n'; tail -c 65536 "$1"
}
late() { [ "$(date +%s)" -gt "$LEQI_END" ] || [ "$n" -gt ${files} ]; }
together() { [ $# -eq 0 ] || late || awk "$LEQI_AWK" "$@"; }
opened() {
  if late; then echo 'state too-late'; return; fi
  case $f in *.gz|*.Z) d=gzip ;; *.xz) d=xz ;; *.bz2) d=bzip2 ;; *.zst) d=zstd ;; *) d= ;; esac
  if [ -n "$d" ]; then
    command -v "$d" >/dev/null || { echo 'state no-decoder'; return; }
    most=$(( size * 20 + 65536 ))
    if [ "$most" -gt ${unpacked} ]; then most=${unpacked}; fi
    if [ $(( unpacked + most )) -gt ${budget} ] && [ "$most" -gt 262144 ]; then most=262144; fi
    unpacked=$(( unpacked + most ))
    { "$d" -dc <"$f" 2>/dev/null; echo "exit $?" >&3; } | head -c "$most" | dates
    return
  fi
  echo 'state sampled'; used=$(( used + 131072 ))
  shown=$(ends "$f" | dates); between=\${shown##* }
  many=$(( between * 6 + 16 > 256 ? 256 : between * 6 + 16 ))
  if { [ "$between" -ge 0 ] && [ "$between" -le 1 ]; } || [ $(( used + many * 16384 )) -gt ${budget} ]; then
    printf '%s\\n' "$shown"; return
  fi
  used=$(( used + many * 16384 ))
  pieces "$f" "$size" "$many" | dates
}
n=0; used=0; unpacked=0; all=no; wide=400; LEQI_TIME=; set --
while IFS= read -r line; do
  case $line in
    '=all '*) all=\${line#* }; continue ;;
    '=time '*) together "$@"; set --; LEQI_TIME=\${line#* }; if [ -n "$LEQI_TIME" ]; then wide=32768; else wide=400; fi; continue ;;
    [0-9]*' '[0-9]*' /'*) ;;
    *) printf '%s\\n' "$line"; continue ;;
  esac
  printf 'file %s\\n' "$line"
  size=\${line%% *}; f=\${line#* }; f=\${f#* }
  if [ "$all" = no ]; then case $f in ${readPatterns}) ;; *) continue ;; esac; fi
  [ "$size" -gt 0 ] || continue
  n=$((n + 1))
  if [ ! -r "$f" ]; then echo 'state denied'; continue; fi
  case $f in
    *.gz|*.Z|*.xz|*.bz2|*.zst) opened ;;
    *) if [ "$size" -gt ${whole} ] || { [ "$size" -gt 131072 ] && [ $(( used + size )) -gt ${budget} ]; }; then opened; continue; fi
      echo 'state too-late'; used=$(( used + size )); set -- "$@" "$f"
      if [ $# -ge 100 ]; then together "$@"; set --; fi ;;
  esac
done
together "$@"`;

// Names with control characters would break the listing: they are told apart, and shown without them.
const producer = `
odd() { find -H "$@" -path '*[[:cntrl:]]*' -exec sh -c 'for f do printf "odd "; printf "%s" "$f" | tr "[:cntrl:]" "?" | cut -b1-300; echo; done' sh {} + | head -n 200; }
search() { find -H "$@" ! -path '*[[:cntrl:]]*' -exec stat -c '%s %Y %n' {} +; odd "$@"; }
closed() { find -H "$1" -xdev -type d ! -path '*[[:cntrl:]]*' -exec sh -c 'for d do [ -r "$d" ] && [ -x "$d" ] || printf "closed %s\\n" "$d"; done' sh {} +; }
log() {
  p=$1
  if [ -d "$p" ]; then closed "$p"; search "$p" -xdev -type f
  else
    [ -e "$p" ] || printf 'none %s\\n' "$p"
    stem=\${p##*/}; case $stem in ?*.*) stem=\${stem%.*} ;; esac
    stem=$(printf %s "$stem" | sed 's/[][*?\\\\]/\\\\&/g')
    folder=\${p%/*}
    search "\${folder:-/}" -xdev -maxdepth 3 -type f -name "$stem*"
  fi
}
pattern() {
  p=$1; shift
  if [ ! -e "$1" ]; then printf 'none %s\\n' "$p"; return; fi
  for f do [ ! -d "$f" ] || closed "$f"; done
  search "$@" -xdev -type f
}
shut() { for d do [ ! -d "$d" ] || { [ -r "$d" ] && [ -x "$d" ]; } || printf 'closed %s\\n' "$d"; done; }
usual() {
  [ -d "$1" ] || return 0
  q=\${1%/}
  case $1 in */) [ -L "$q" ] || [ "$(stat -c %d "$1")" != "$(stat -c %d /var/log/.)" ] || return 0 ;; esac
  closed "$q"
  search "$q" -xdev -type d -name journal -prune -o -type f
}`;

/** Lists log files below the usual and the declared places, and prints which dates stand in each. */
export function filesScript(host: DeclaredHost, bounds: Bounds = defaultBounds): string {
  return `export LC_ALL=C
LEQI_AWK=${quoted(datesProgram)}
LEQI_END=$(( $(date +%s) + ${bounds.seconds} ))
LEQI_JSON=${quoted(planOf({ format: 'iso8601', after: '"time":"' }))}
export LEQI_AWK LEQI_END LEQI_TIME
echo "now $(date +%s) $(date +%z)"
${producer}
${containersScript(host)}
{
  echo '=all yes'
${declaredLogs(host).map(asked).join('')}${host.containers === undefined ? '' : '  containers\n'}  echo '=all no'
  for p in ${usualRoots.join(' ')} /var/log/*/; do usual "$p"; done
} 2>/dev/null | { ${consumer(bounds)}
} 3>&1
echo done`;
}

function asked({ path, time }: DeclaredLog): string {
  const plan = time ? planOf(time) : '';
  const above = patternFolders(path).map((each) => `shut ${patternWord(each)}; `);
  const search = isPattern(path)
    ? `${above.join('')}pattern ${quoted(path)} ${patternWord(path)}*`
    : `log ${quoted(path)}`;
  return `  printf '=time %s\\n' ${quoted(plan)}; ${search}; echo '=time '\n`;
}

/** A form of time as the program reads it: the column, the text before, then what each part says and how it looks. */
export function planOf({ format, after = '', column = 0 }: NonNullable<DeclaredLog['time']>): string {
  const steps = timeSteps(format) ?? [];
  return [String(column), after, ...steps.flat()].join('\t');
}
