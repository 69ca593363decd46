import type { DeclaredHost } from '../../../platform.ts';
import { type DeclaredLog, declaredPaths, isPattern, patternWord, quoted } from '../log-places.ts';
import { declaredNames, usualNames } from './names.ts';
import { recordsProgram } from './program.ts';

/** The application logs that are looked at, in the order in which the script numbers them. */
export function applicationLogs(host: DeclaredHost): DeclaredLog[] {
  const askable = new Set(declaredPaths(host));
  return host.logs.filter(({ of, path }) => of === 'application' && askable.has(path.replace(/\/+$/, '') || '/'));
}

/** Of a folder that is not declared as an audit log, the files whose names say that they are. */
const auditNames = 'audit|oper(ation|ate)?[-_.]?log|审计|操作日志';

// Of each series (names alike up to the first digit) the newest file, the one of middle age and the oldest.
const pick = `BEGIN { all = ENVIRON["LEQI_ALL"]; stem = ENVIRON["LEQI_STEM"]; ending = ENVIRON["LEQI_ENDING"] }
{ size = $2; path = $0; sub(/^[0-9]+ [0-9]+ /, "", path); name = path; sub(/.*\\//, "", name) }
size == 0 || name ~ /\\.(pid|lock|sock|jar|war|hprof|conf|cfg|ini|properties|ya?ml|xml|sh|py|md|db|sqlite|dat|idx|pos|tmp|swp)$/ { next }
stem != "" {
  rest = substr(name, length(stem) + 1); sub(/.(gz|xz|bz2|zst|Z)$/, "", rest); gsub(/.(old|bak|archive)/, "", rest)
  at = index(rest, ending); if (ending != "" && at) rest = substr(rest, 1, at - 1) substr(rest, at + length(ending))
  if (rest !~ /^[-._0-9T]*$/) next
}
all == "no" && tolower(name) !~ /${auditNames}/ { next }
{
  key = path; sub(/\\.(gz|xz|bz2|zst|Z)$/, "", key); sub(/.*\\//, "", key); sub(/[0-9].*/, "", key); sub(/[-_.]+$/, "", key)
  if (!(key in count)) { if (series == 12) { more = 1; next } series++ }
  count[key]++; line[key, count[key]] = $0
}
END {
  for (key in count) {
    n = count[key]; print line[key, 1]
    if (n > 2) print line[key, int((n + 1) / 2)]
    if (n > 1) print line[key, n]
  }
  if (more) print "more"
}`;

// A plain file of more than three pieces is read at its head, in its middle and at its tail; of a packed one the first 96 KiB.
const shared = `ended() { printf '\\n\\001\\n'; }
pieces() {
  case $2 in *.gz|*.Z) d=gzip ;; *.xz) d=xz ;; *.bz2) d=bzip2 ;; *.zst) d=zstd ;; *) d= ;; esac
  if [ -n "$d" ]; then "$d" -dc <"$2" 2>/dev/null | head -c 98304; ended
  elif [ "$1" -le 98304 ]; then head -c 98304 "$2"; ended
  else
    head -c 32768 "$2"; ended
    dd if="$2" bs=32768 skip=$(( $1 / 65536 )) count=1 2>/dev/null; ended
    tail -c 32768 "$2"; ended
  fi
}
sample() {
  while read -r time size f; do
    if [ "$time" = more ]; then echo "more $p"; continue; fi
    echo "file $time $size $f"
    if [ ! -r "$f" ]; then echo 'state denied'; continue; fi
    case $f in *.gz|*.Z) d=gzip ;; *.xz) d=xz ;; *.bz2) d=bzip2 ;; *.zst) d=zstd ;; *) d= ;; esac
    if [ -n "$d" ]; then command -v "$d" >/dev/null 2>&1 || { echo 'state no-decoder'; continue; }; fi
    pieces "$size" "$f" | tr -d '\\000' | awk "$LEQI_PROGRAM"
  done
}
list() {
  find -H "$@" -type f ! -path '*[[:cntrl:]]*' -exec stat -c '%Y %s %n' {} + 2>/dev/null | sort -rn | awk "$LEQI_PICK" | sample
}
log() {
  p=$1; LEQI_STEM= LEQI_ENDING=
  if [ -d "$p" ]; then
    find -H "$p" -xdev -type d -exec sh -c 'for d do [ -r "$d" ] && [ -x "$d" ] || echo "closed $d"; done' sh {} + 2>/dev/null
    [ -z "$(find -H "$p" -xdev -type f -path '*[[:cntrl:]]*' 2>/dev/null | head -c 1)" ] || echo "odd $p"
    list "$p" -xdev
  else
    [ -e "$p" ] || echo "none $p"
    LEQI_STEM=\${p##*/}; case $LEQI_STEM in ?*.*) LEQI_ENDING=.\${LEQI_STEM##*.}; LEQI_STEM=\${LEQI_STEM%.*} ;; esac
    stem=$(printf %s "$LEQI_STEM" | sed 's/[][*?\\\\]/\\\\&/g')
    folder=\${p%/*}
    list "\${folder:-/}" -xdev -maxdepth 1 -name "$stem*"
  fi
}
pattern() {
  p=$1; LEQI_STEM= LEQI_ENDING=; shift
  if [ ! -e "$1" ]; then echo "none $p"; return; fi
  [ -z "$(find -H "$@" -xdev -type f -path '*[[:cntrl:]]*' 2>/dev/null | head -c 1)" ] || echo "odd $p"
  list "$@" -xdev
}`;

/** Samples the declared application logs, and prints how many records have which fields. */
export function recordsScript(host: DeclaredHost): string {
  return `export LC_ALL=C
LEQI_PROGRAM=${quoted(recordsProgram)}
LEQI_PICK=${quoted(pick)}
LEQI_USUAL=${quoted(usualNames)}
export LEQI_PROGRAM LEQI_USUAL LEQI_ALL LEQI_STEM LEQI_ENDING LEQI_NAMES LEQI_FORMAT LEQI_PATTERN LEQI_SEPARATOR LEQI_COLUMNS
${shared}
echo "now $(date +%s) $(date +%z)"
${applicationLogs(host).map(asked).join('\n')}
echo done`;
}

function asked({ path, records }: DeclaredLog, index: number): string {
  const { format = '', pattern = '', separator = '', columns = [] } = records ?? {};
  const place = path.replace(/\/+$/, '') || '/';
  return `echo 'log ${index}'
LEQI_ALL=${records ? 'yes' : 'no'} LEQI_FORMAT=${format} LEQI_PATTERN=${quoted(pattern)} LEQI_SEPARATOR=${quoted(separator)}
LEQI_COLUMNS=${quoted(columns.join('\t'))} LEQI_NAMES=${quoted(records ? declaredNames(records) : '')}
${isPattern(place) ? `pattern ${quoted(place)} ${patternWord(place)}*` : `log ${quoted(place)}`}`;
}
