import type { DeclaredHost } from '../../../platform.ts';
import { eachLineFunction } from '../config-files.ts';
import { quoted } from '../log-places.ts';
import { deviceScript, realFunction } from '../volumes/script.ts';
import { backupAgents, backupTools } from './programs.ts';

const toolProgram = `function start() { denied = "denied "; if (!count) count = split("${backupTools.join(' ')}", tool, " ") }
function line(   at, words) {
  if (text ~ /^[ \\t]*#/) return 0
  # Nearly all lines end here.
  if (text !~ /${backupTools.join('|')}/) return 0
  words = " " text " "
  for (at = 1; at <= count; at++) if (words ~ "[^A-Za-z0-9_.-]" tool[at] "[^A-Za-z0-9_.-]") print "job:" file ":" number "\\t" tool[at]
}
function finish() {}
`;

// Behind time and size the last date in the name below the folder, 8 digits; hashes and counters are longer runs of digits.
const namedProgram = `
function dated(name,   found, rest, date) {
  found = "-"
  while (match(name, /20[0-9][0-9][-_.]?[01][0-9][-_.]?[0-3][0-9]/)) {
    date = substr(name, RSTART, RLENGTH)
    rest = substr(name, RSTART + RLENGTH)
    if ((RSTART == 1 || substr(name, RSTART - 1, 1) !~ /[0-9]/) && (rest !~ /^[0-9]/ || rest ~ /^[0-9][0-9][0-9][0-9]([0-9][0-9])?([^0-9]|$)/)) {
      gsub(/[-_.]/, "", date)
      found = date
      name = rest
    } else name = substr(name, RSTART + 1)
  }
  return found
}
/^[0-9]+ [0-9]+ \\// { path = $0; sub(/^[0-9]+ [0-9]+ /, "", path); print $1, $2, (skip == "" ? "-" : dated(substr(path, skip + 1))), path; next }
{ print "- - -", $0 }`;

const noBackups = [
  'log',
  'err',
  'out',
  'md5',
  'sha1',
  'sha256',
  'sha512',
  'sm3',
  'tmp',
  'part',
  'lock',
  'pid',
  'sh',
  'conf',
];

/** Prints which lines of schedules name a backup tool, which agents run, and of each declared folder its files' ages, sizes and first bytes. */
export function backupsScript({ backups }: DeclaredHost): string {
  return `${realFunction}
${eachLineFunction}
echo "uid:$(id -u)"
echo "now:$(date +%s) $(date +%z)"
named_program=${quoted(namedProgram)}
tool_program=${quoted(toolProgram)}
tools_in() {
  for f do
    shift
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; esac
    if [ -r "$f" ]; then set -- "$@" "$f"; else echo "!! denied $f"; fi
  done
  each_line 131072 "$tool_program" "$@"
}
tools_below() {
  [ -d "$1" ] || return 0
  if [ -r "$1" ] && [ -x "$1" ]; then tools_in "$1"/*; else echo "!! denied $1"; fi
}
{
  tools_in /etc/crontab /etc/anacrontab
  for d in /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/periodic/* /var/spool/cron /var/spool/cron/crontabs /var/spool/cron/tabs /etc/crontabs; do tools_below "$d"; done
  set --
  for t in /etc/systemd/system/*.timer /usr/lib/systemd/system/*.timer; do set -- "$@" "\${t%.timer}.service"; done
  tools_in "$@"
  cat /etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/* /etc/crontabs/* /etc/systemd/system/*.service 2>/dev/null | grep -v '^[[:space:]]*#' | grep -oE '(/[A-Za-z0-9._-]+)+\\.(sh|py|pl)' | sort -u | head -n 100 |
    {
      set --
      while read -r path; do real "$path" && set -- "$@" "$out"; done
      tools_in "$@"
    }
} | head -n 1000
for comm in /proc/[0-9]*/comm; do
  read -r name < "$comm" || continue
  case $name in ${Object.keys(backupAgents).map(quoted).join(' | ')}) echo "agent:$name" ;; esac
done 2>/dev/null | sort -u
${deviceScript}
# list NUMBER FOLDER DEPTH PATTERN [LENGTH]: of each file when it was written, how large it is and, given the length of the folder's path,
# which date its name below that bears; then the first bytes of the newest
list() {
  # What a failed run writes, too, is no backup.
  find "$2" -xdev -maxdepth "$3" -type f -name "$4" ${noBackups.map((ending) => `! -name '*.${ending}'`).join(' ')} -exec stat -c '%Y %s %n' {} + 2>/dev/null | head -n 20001 | sort -rn | awk -v skip="$5" "$named_program" | {
    left=5
    while read -r time size date file; do
      case $time$size in '' | *[!0-9]*) echo "!! unclear $2"; continue ;; esac
      printf 'file:%s\\t%s\\t%s\\t%s\\n' "$1" "$time" "$size" "$date"
      [ "$left" -gt 0 ] && [ "$size" -gt 0 ] && [ -f "$file" ] || continue
      left=$((left - 1))
      case $file in *.gpg | *.pgp | *.age | *.enc | *.aes) mark=named ;; *) mark=- ;; esac
      printf 'head:%s\\t%s\\t%s\\n' "$1" "$mark" "$(od -An -v -tx1 -N 24 "$file" 2>/dev/null | tr -d ' \\n')"
    done
  }
  find "$2" -xdev -maxdepth "$3" -type d 2>/dev/null | head -n 5000 | while IFS= read -r below; do
    case $below in *[[:cntrl:]]*) continue ;; esac
    { [ -r "$below" ] && [ -x "$below" ]; } || echo "!! denied $below"
  done
}
place() {
  if ! real "$2"; then printf 'place:%s\\tfar\\t%s\\n' "$1" "$out"; return 0; fi
  case $out in *[[:cntrl:]]*) printf 'place:%s\\tunclear\\t\\n' "$1"; return 0 ;; esac
  if [ ! -e "$out" ]; then
    above=$out state=missing
    while [ -n "$above" ]; do above=\${above%/*}; [ -d "\${above:-/}" ] && { [ -x "\${above:-/}" ] || state=denied; break; }; done
    printf 'place:%s\\t%s\\t%s\\n' "$1" "$state" "$out"; return 0
  fi
  if [ -d "$out" ] && { [ ! -r "$out" ] || [ ! -x "$out" ]; }; then printf 'place:%s\\tdenied\\t%s\\n' "$1" "$out"; return 0; fi
  printf 'place:%s\\tthere\\t%s\\n' "$1" "$out"
  if [ -f "$out/config" ] && [ -d "$out/keys" ] && [ -d "$out/snapshots" ] && [ -d "$out/data" ]; then
    echo "form:$1	restic"; list "$1" "$out/snapshots" 1 '*'
  elif [ -f "$out/config" ] && [ -d "$out/data" ] && grep -q '^\\[repository\\]' "$out/config" 2>/dev/null; then
    grep -q '^key[ =]' "$out/config" && echo "form:$1	borg	key" || echo "form:$1	borg"
    list "$1" "$out" 1 'index.*'
  else list "$1" "$out" 4 '*' "\${#out}"
  fi
}
${backups.map(({ path }, index) => `place ${index} ${quoted(path)}`).join('\n')}
echo end`;
}
