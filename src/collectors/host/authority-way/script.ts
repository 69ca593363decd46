import type { DeclaredHost } from '../../../platform.ts';
import { quoted } from '../log-places.ts';
import { realFunction } from '../volumes/script.ts';
import { switchFunction } from './switches.ts';

// Of a configuration: URLs without user, path and query, names of the authority, numbers of switches. Lines that are comments are none.
const configProgram = `${switchFunction}
function take(   rest, head, place, at, near, plain, port, seen) {
  if (length(text) > 100000) { print "long:" first; text = ""; return }
  near = index(text, "chinatax.gov.cn") && length(text) < 500
  switches(text, "switch:" first "\\t", near ? "here" : "some")
  plain = text; gsub(/\\\\/, "", plain); rest = plain; seen = ""
  while (at = index(rest, "://")) {
    seen = seen substr(rest, 1, at - 1)
    head = at > 20 ? substr(rest, at - 20, 20) : substr(rest, 1, at - 1)
    near = at > 80 ? substr(rest, at - 80, 80) : substr(rest, 1, at - 1); rest = substr(rest, at + 3)
    if (!match(head, /[A-Za-z][A-Za-z0-9+.-]*$/)) continue
    place = substr(rest, 1, 400); head = tolower(substr(head, RSTART))
    # The name of a namespace leads nowhere; what may stand in a comment is a name and no more.
    sub(/[A-Za-z][A-Za-z0-9+.-]*$/, "", near)
    if (tolower(near) ~ /(^|[^a-z0-9])(xmlns(:[a-z0-9_.-]+)?|(target)?namespace(uri)?)["\\047]?[ \\t]*[=:][ \\t]*["\\047]?$/) continue
    if (head == "http" && seen ~ /[ \\t](#|\\/\\/)[ \\t]/) head = "none"
    sub(/[\\/?# \\t"\\047<>,;)].*$/, "", place); sub(/^.*@/, "", place)
    if (place !~ /^[A-Za-z0-9._-]+(:[0-9]+)?$/ && place !~ /^\\[[0-9A-Fa-f:.]+\\](:[0-9]+)?$/) place = "?"
    print "to:" first "\\t" head "\\t" substr(place, 1, 260)
  }
  rest = tolower(plain)
  while (at = index(rest, "chinatax.gov.cn")) {
    head = at > 200 ? substr(rest, at - 200, 200) : substr(rest, 1, at - 1); rest = substr(rest, at + 15)
    match(head, /[a-z0-9.-]*$/); near = substr(head, 1, RSTART - 1)
    place = substr(head, RSTART) "chinatax.gov.cn"
    port = match(rest, /^:[0-9]+/) ? substr(rest, 1, RLENGTH) : ""
    # In a URL it was seen already.
    if (near !~ /:\\/\\/([^\\/ \\t]*@)?$/) print "to:" first "\\tnone\\t" place port
  }
  text = ""
}
{
  sub(/\\r$/, "")
  if (NR == 1) { sub(/^\\357\\273\\277/, ""); xml = $0 ~ /^[ \\t]*</ }
  if (xml) {
    if (comment) { if (!sub(/^.*-->/, "")) next; comment = 0 }
    while (match($0, /<!--/)) {
      head = substr($0, 1, RSTART - 1); tail = substr($0, RSTART + 4); at = index(tail, "-->")
      if (!at) { $0 = head; comment = 1; break }
      $0 = head substr(tail, at + 3)
    }
  }
  if ($0 ~ /^[ \\t]*(#|;|!|\\/\\/)/ && text == "") next
  if (text == "") first = NR
  text = text $0
  if (text ~ /\\\\$/) sub(/\\\\$/, "", text); else if (text !~ /[:=][ \\t]*$/ || length(text) > 4000) take()
}
END { if (text != "") take() }`;

// The patterns stand in the arguments of this very program and of the shell that runs it: what carries this mark is not looked at.
const mark = 'reader-of-switches';

// head(1) puts the name of each file before its content; of a process nothing is printed but the numbers of switches.
const processProgram = `# ${mark}
${switchFunction}
function ended() {
  if (arguments != "" && !isOwn) switches(substr(arguments, 1, 65536), "process:" pid "\\t", "some")
  arguments = ""; isOwn = 0
}
/^==> \\/proc\\/[0-9]+\\/(environ|cmdline) <==$/ { ended(); split($2, part, "/"); pid = part[3]; isArguments = part[4] == "cmdline"; next }
pid == "" { next }
isArguments { if (index($0, "${mark}")) isOwn = 1; if (length(arguments) < 65536) arguments = arguments " " $0; next }
index($0, "=") { switches(substr($0, 1, 4096), "process:" pid "\\t", "some") }
END { ended() }`;

// /proc/net/tcp: proc(5); states 0A (LISTEN) and 01 (ESTABLISHED). What came in by a port that listens was not opened here.
const sessionProgram = `FNR > 1 {
  split($2, own, ":")
  if ($4 == "0A") listens[own[2]] = 1
  else if ($4 == "01") stands[own[2] " " $3]++
}
END {
  for (each in stands) { split(each, part, " "); if (!(part[1] in listens)) peers[part[2]] += stands[each] }
  for (peer in peers) print "session:" peer " " peers[peer]
}`;

/** The whole question, for the connector that the platform file declares. */
export function wayScript({ connector }: DeclaredHost): string {
  const { config, programs } = connector ?? { config: [], programs: [] };
  return `${realFunction}
echo "uid:$(id -u)"
config_program=${quoted(configProgram)}
config() {
  if ! real "$2"; then printf 'config:%s\\tunclear\\n' "$1"; return 0; fi
  if [ ! -e "$out" ]; then
    above=$out state=missing
    while [ -n "$above" ]; do above=\${above%/*}; [ -d "\${above:-/}" ] && { [ -x "\${above:-/}" ] || state=denied; break; }; done
    printf 'config:%s\\t%s\\n' "$1" "$state"; return 0
  fi
  if [ ! -f "$out" ]; then printf 'config:%s\\tunclear\\n' "$1"; return 0; fi
  if [ ! -r "$out" ]; then printf 'config:%s\\tdenied\\n' "$1"; return 0; fi
  state=read
  [ "$(head -c 1048577 "$out" | wc -c)" -gt 1048576 ] && state=too-large
  printf 'config:%s\\t%s\\n' "$1" "$state"
  head -c 1048576 "$out" | tr -d '\\000' | awk "$config_program" | head -n 2000
}
${config.map((path, index) => `config ${index} ${quoted(path)}`).join('\n')}
echo 'config:-'
if [ -r /proc/1/environ ]; then echo all-seen; fi
head -c 131072 /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\000' '\\n' | awk ${quoted(processProgram)} | sort -u | head -n 2000 |
while IFS= read -r line; do
  pid=\${line#process:}
  pid=\${pid%%[!0-9]*}
  name=
  [ "$pid" = $$ ] || { read -r name < "/proc/$pid/comm"; } 2>/dev/null
  [ -n "$name" ] && printf '%s\\t%s\\n' "$line" "$name"
done
for comm in /proc/[0-9]*/comm; do
  read -r name < "$comm" || continue
  case $name in ${programs.length === 0 ? '-' : programs.map((name) => quoted(name.slice(0, 15))).join(' | ')}) echo "runs:$name" ;; esac
done 2>/dev/null | sort -u
echo end-processes
{ echo /proc/self/ns/net; ls -l /proc/[0-9]*/ns/net 2>/dev/null | awk '{ if (!($NF in seen)) { seen[$NF] = 1; if (++count <= 100) print $(NF - 2) } }'; } | while read -r place; do
  net=\${place%/ns/net}/net
  [ "$(readlink "$place")" = "$own" ] && continue
  [ "$place" = /proc/self/ns/net ] && own=$(readlink "$place")
  { cat "$net/tcp" 2>/dev/null; cat "$net/tcp6" 2>/dev/null; } | awk ${quoted(sessionProgram)}
done | sort | head -n 5000
[ -r /proc/net/tcp ] || echo '!! denied /proc/net/tcp'
[ -r /etc/hosts ] && awk '!/^[ \\t]*#/ { sub(/#.*/, ""); for (i = 2; i <= NF; i++) if (tolower($i) ~ /chinatax[.]gov[.]cn$/) print "alias:" $1 " " tolower($i) }' /etc/hosts | head -n 100
echo end`;
}
