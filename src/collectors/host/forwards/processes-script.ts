import { knownPrograms } from './programs.ts';
import { networkFunction } from './script-parts.ts';

const names = [...knownPrograms.keys()].join('|');
const argued = [...knownPrograms].flatMap(([name, reading]) => (reading === 'arguments' ? [name] : [])).join('|');

/**
 * sh that prints the programs that forward, `process:PID NETWORK NAME ARGUMENTS…` separated by tabs. One grep reads what all processes are
 * called, before each line the file that it stands in; busybox's grep stops at a NUL, so there, or where they are too many for one
 * command line, each process is read by itself.
 */
export const processesScript = `export LC_ALL=C
echo "uid:$(id -u)"
read -r first < /proc/1/comm && echo all-seen
tab=$(printf '\\t')
${networkFunction}
cd /proc || exit 1
everything() {
  set -- [0-9]*
  if [ $# -le 20000 ] && [ "$(printf 'a\\000b\\n' | grep -aH '' | tr '\\000' 0)" = '(standard input):a0b' ]; then
    grep -aH '' [0-9]*/comm [0-9]*/cmdline
    [ $? -le 2 ] || return 0
  else
    for pid do
      read -r comm < "$pid/comm" || continue
      printf '%s/comm:%s\\n%s/cmdline:' "$pid" "$comm" "$pid"
      head -c 16384 "$pid/cmdline" | tr '\\n' ' '
      echo
    done
  fi
  echo whole
}
{
  everything | tr '\\t\\000' ' \\t' | cut -c1-16384 | awk -F'\\t' '
    function base(path) { sub(/ .*/, "", path); sub(/.*\\//, "", path); sub(/:$/, "", path); return path }
    function look(   name, one, two, text, plain, word, i, at) {
      if (line == "") return
      $0 = line
      one = base($1); two = base($2)
      if (comm[last] ~ /^(${names})$/) name = comm[last]
      else if (one ~ /^(${names})$/) name = one
      else if (one ~ /^(python|perl|ruby|node|java|sh|bash|dash)[0-9.]*$/ && two ~ /^(${names})$/) name = two
      if (name == "") return
      text = name
      if (name ~ /^(${argued})$/) for (i = 2; i <= NF && i <= 200; i++) {
        word = $i
        if (name ~ /^(ssh|autossh|dbclient)$/) {
          if (word !~ /^-/ && $(i - 1) !~ /^-[A-Za-z0-9]*[BbcDEeFIiJLlMmOopPQRSWw]$/ && ++plain > 1) break
          if ($(i - 1) ~ /^-[A-Za-z0-9]*o$/ && tolower(word) !~ /^(local|remote|dynamic)forward|^tunnel|^gatewayports/) word = "***"
          if (word ~ /^-[A-Za-z0-9]*o[A-Za-z]/ && tolower(word) !~ /o((local|remote|dynamic)forward|tunnel|gatewayports)/) word = "-o***"
        }
        if (tolower(word) ~ /^(exec|system|shell):/) sub(/ .*/, "", word)
        if ($(i - 1) ~ /^(-[a-z]*[ce]|--exec|--sh-exec|--lua-exec)$/) word = "***"
        sub(/^--(sh-|lua-)?exec=.*/, "--exec=***", word)
        while (match(tolower(word), /(pass|passwd|password|secret|token|auth|proxyauth|key|user|login)[a-z-]*=[^,*][^,]*/)) { at = index(substr(word, RSTART), "="); word = substr(word, 1, RSTART + at - 1) "***" substr(word, RSTART + RLENGTH) }
        gsub(/:\\/\\/[^\\/@ ]*@/, "://", word)
        if (i > 2 && tolower($(i - 1)) ~ /^--?(password|passwd|secret|token|auth|proxy-auth|key|user)$/) word = "***"
        text = text "\\t" substr(word, 1, 300)
      }
      print last "\\t" text
    }
    $0 == "whole" { whole = 1; next }
    {
      colon = index($0, ":"); slash = index($0, "/")
      pid = substr($0, 1, slash - 1); rest = substr($0, colon + 1)
      if (substr($0, slash + 1, colon - slash - 1) == "comm") { if (!(pid in comm)) { gsub(/^ +| +$/, "", rest); comm[pid] = rest } }
      else if (pid == last) line = substr(line " " rest, 1, 16384)
      else { look(); last = pid; line = rest }
    }
    END { look(); if (whole) print "end" }' | while IFS= read -r line; do
    if [ "$line" = end ]; then echo end
    else printf 'process:%s\\t%s\\t%s\\n' "\${line%%"$tab"*}" "$(network_of "\${line%%"$tab"*}")" "\${line#*"$tab"}"
    fi
  done
} 2>/dev/null`;
