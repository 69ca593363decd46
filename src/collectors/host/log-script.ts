import type { DeclaredHost } from '../../platform.ts';
import { declaredPaths, quoted, readPatterns, usualRoots } from './log-places.ts';

/** What one run may read and print on a host. */
export type Bounds = {
  /** Bytes (after decompression) up to which a file is read whole; a larger one is sampled. */
  readonly whole: number;
  /** Bytes read of all files together before the rest are sampled, too. */
  readonly budget: number;
  readonly files: number;
  /** Seconds after which no further file is opened. */
  readonly seconds: number;
};

export const defaultBounds: Bounds = { whole: 64 * 2 ** 20, budget: 2 ** 30, files: 4000, seconds: 240 };

// Prints the dates of lines, never a line: one date token a line, run-length encoded, then how many lines there were.
// mawk of Debian 12 knows no {n}; the fast path at the top spares seven searches for a line dated like the one before.
const program = `
function emit(token) {
  dated++
  if (token == last) { run++; return }
  flush(); last = token; run = 1
}
function flush() {
  if (run > 0 && runs < 20000) print "t", run, last
  if (run > 0) runs++
  run = 0
}
function consider(found, kind) {
  if (found && (best == 0 || RSTART < best)) { best = RSTART; length_ = RLENGTH; which = kind }
}
function zone(rest) {
  if (match(rest, /^[T ][0-9][0-9]:[0-9][0-9](:[0-9][0-9])?([.,][0-9]+)? ?(Z|[+-][0-9][0-9]:?[0-9][0-9])/)) {
    hour = substr(rest, 2, 2); rest = substr(rest, 1, RLENGTH)
    if (rest ~ /Z$/) return "T" hour "Z"
    match(rest, /[+-][0-9][0-9]:?[0-9][0-9]$/)
    return "T" hour substr(rest, RSTART)
  }
  return ""
}
BEGIN { skip = 0 }
/\\001$/ { skip = 1; next }
skip { skip = 0; next }
{
  lines++
  if ($0 ~ /^\t/) next
  if (size && substr($0, at, size) == text) { dated++; run++; next }
  size = 0; best = 0
  consider(match($0, /(19|20)[0-9][0-9][-\\/][01]?[0-9][-\\/][0-3]?[0-9]/), "iso")
  consider(match($0, /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]?[0-9] [0-2][0-9]:[0-5][0-9]/), "syslog")
  consider(match($0, /[0-3]?[0-9][- \\/](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[- \\/](19|20)[0-9][0-9]/), "named")
  consider(match($0, /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-3]?[0-9], (19|20)[0-9][0-9]/), "american")
  consider(match($0, /audit\\(1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][.:]/), "epoch")
  consider(match($0, /"[@A-Za-z_]*([Tt]ime|ts|TS|timestamp|date)[A-Za-z_]*" *: *"?1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/), "epoch")
  consider(match($0, /(19|20)[0-9][0-9]年[01]?[0-9]月[0-3]?[0-9]日/), "chinese")
  consider(match($0, /^.?.?20[0-9][0-9][01][0-9][0-3][0-9][ T_:-]?[0-2][0-9]:?[0-5][0-9]/), "compact")
  if (best == 0 || (best > 60 && $0 !~ /^[ ]*[{]/ && substr($0, best - 1, 1) != "[")) next
  value = substr($0, best, length_); rest = substr($0, best + length_)
  at = best; text = value; size = length_
  if (which == "iso") {
    if (best > 1 && substr($0, best - 1, 1) ~ /[0-9.]/) { size = 0; next }
    z = zone(rest)
    if (rest == "" || rest ~ /^[0-9]/) { size = 0; next }
    n = z == "" ? 1 : 3
    text = value substr(rest, 1, n); size += n
    emit(value z)
  } else if (which == "syslog") {
    if (best > 16) { size = 0; next }
    if (match(rest, /^[:.0-9]* (19|20)[0-9][0-9]/)) { size = 0; y = substr(rest, RLENGTH - 3, 4); sub(/^ */, "", value); split(value, part, / +/); emit(part[2] "/" part[1] "/" y) }
    else { size -= 6; text = substr(value, 1, size); emit(text) }
  } else if (which == "named") {
    gsub(/[- ]/, "/", value)
    if (match(rest, /^:[0-9][0-9]:[0-9][0-9]:[0-9][0-9] [+-][0-9][0-9][0-9][0-9]/)) {
      text = text substr(rest, 1, 3); size += 3
      emit(value substr(rest, 1, 3) substr(rest, RLENGTH - 4, 5))
    } else emit(value)
  } else if (which == "american") {
    split(value, part, /[ ,]+/); emit(part[2] "/" part[1] "/" part[3])
  } else if (which == "epoch") {
    size = 0; match(value, /1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/)
    emit("@" int(substr(value, RSTART, 10) / 3600))
  } else if (which == "chinese") {
    gsub(/[^0-9]+/, "-", value); sub(/-$/, "", value); emit(value)
  } else {
    match(value, /20[0-9][0-9][01][0-9][0-3][0-9]/); d = substr(value, RSTART, 8)
    size = 0; emit(substr(d, 1, 4) "-" substr(d, 5, 2) "-" substr(d, 7, 2))
  }
}
END { flush(); print "lines", lines + 0, dated + 0, runs + 0 }
`;

// One file after the other; "$f" is never part of a command's text. Descriptor 3 carries what must not pass through a pipe.
const perFile = ({ whole, budget, files }: Bounds) => `
dates() { cut -b1-400 | awk "$LEQI_AWK"; }
pieces() {
  i=0
  while [ "$i" -lt 256 ]; do
    dd if="$1" bs=65536 skip=$(( $2 / 65536 * i / 255 )) count=1 2>/dev/null
    printf "\\001\\n"
    i=$((i + 1))
  done
  tail -c 65536 "$1"
}
n=0; used=0
for f do
  case $f in *[[:cntrl:]]*) echo "odd $(printf %s "$f" | tr "[:cntrl:]" "?" | cut -b1-300)"; continue ;; esac
  n=$((n + 1))
  if [ "$n" -gt ${files} ]; then echo cut; break; fi
  meta=$(stat -c "%s %Y" "$f" 2>/dev/null) || continue
  echo "file $meta $f"
  if [ "$LEQI_ALL" = no ]; then case $f in ${readPatterns}) ;; *) continue ;; esac; fi
  size=\${meta%% *}
  [ "$size" -gt 0 ] || continue
  if [ "$(date +%s)" -gt "$LEQI_END" ]; then echo "state too-late"; continue; fi
  if [ ! -r "$f" ]; then echo "state denied"; continue; fi
  case $f in *.gz|*.Z) d=gzip ;; *.xz) d=xz ;; *.bz2) d=bzip2 ;; *.zst) d=zstd ;; *) d= ;; esac
  if [ -n "$d" ]; then
    command -v "$d" >/dev/null || { echo "state no-decoder"; continue; }
    most=${whole}; if [ "$used" -gt ${budget} ]; then most=262144; fi
    { "$d" -dc <"$f" 2>/dev/null; echo "exit $?" >&3; } | head -c "$most" | dates
    used=$((used + size * 8))
  elif [ "$size" -le ${whole} ] && [ "$used" -le ${budget} ]; then
    head -c ${whole} "$f" | dates
    used=$((used + size))
  else
    echo "state sampled"
    pieces "$f" "$size" | dates
    used=$((used + 16777216))
  fi
done 3>&1`;

/** Lists log files below the usual and the declared places, and prints which dates stand in each. */
export function filesScript(host: DeclaredHost, bounds: Bounds = defaultBounds): string {
  const declared = declaredPaths(host).map(quoted).join(' ');
  return `export LC_ALL=C
LEQI_AWK=${quoted(program)}
LEQI_FILES=${quoted(perFile(bounds))}
LEQI_END=$(( $(date +%s) + ${bounds.seconds} ))
export LEQI_AWK LEQI_END LEQI_ALL
echo "now $(date +%s) $(date +%z)"
search() { find -H "$@" -exec sh -c "$LEQI_FILES" sh {} + 2>/dev/null; }
closed() { find -H "$1" -xdev -type d -exec sh -c 'for d do [ -r "$d" ] && [ -x "$d" ] || echo "closed $d"; done' sh {} + 2>/dev/null; }
LEQI_ALL=yes
for p in ${declared}; do
  if [ -d "$p" ]; then closed "$p"; search "$p" -xdev -type f
  else
    [ -e "$p" ] || echo "none $p"
    stem=\${p##*/}; case $stem in ?*.*) stem=\${stem%.*} ;; esac
    stem=$(printf %s "$stem" | sed 's/[][*?\\\\]/\\\\&/g')
    folder=\${p%/*}
    search "\${folder:-/}" -xdev -maxdepth 3 -type f -name "$stem*"
  fi
done
LEQI_ALL=no
for p in ${usualRoots.join(' ')} /var/log/*/; do
  [ -d "$p" ] || continue
  q=\${p%/}
  case $p in */) [ -L "$q" ] || [ "$(stat -c %d "$p")" != "$(stat -c %d /var/log/.)" ] || continue ;; esac
  closed "$q"
  search "$q" -xdev -type d -name journal -prune -o -type f
done
echo done`;
}
