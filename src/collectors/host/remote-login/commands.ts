import type { Command } from '../../collector.ts';
import { eachLineFunction } from '../config-files.ts';
import { settingsScript } from './settings-script.ts';

/** The questions about remote login. Each prints `uid:` first and ends with the line `end`, so that a script that was cut short is noticed. */
export const commands: readonly Command[] = [
  {
    name: 'sshd',
    why: 'settings of the SSH service that decide who may log in and how',
    asRoot: true,
    timeout: 30,
    script: settingsScript,
  },
  {
    name: 'listening',
    why: 'listening TCP ports with their programs, to find every way to log in',
    asRoot: true,
    // /proc/net/tcp: state 0A listens; it names no program.
    script: `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
echo "uid:$(id -u)"
if command -v ss >/dev/null 2>&1 && sockets=$(ss -H -tlnp 2>/dev/null || ss -tlnp 2>/dev/null); then
  printf '%s\\n' "$sockets" | awk '$1 == "LISTEN" { names = ""; rest = $0; while (match(rest, /\\("[^"]*"/)) { name = substr(rest, RSTART + 2, RLENGTH - 3); if (index("," names ",", "," name ",") == 0) names = names (names == "" ? "" : ",") name; rest = substr(rest, RSTART + RLENGTH) } print "socket:" $4 " " names }'
elif [ -r /proc/net/tcp ]; then
  echo no-programs
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print "hex:" $2 }'
else echo unread:listening
fi
echo end`,
  },
  {
    name: 'login-limits',
    why: 'rules that lock an account after failed logins, ask for a second factor or end idle sessions',
    asRoot: true,
    // Of module arguments only those that decide; the others may name servers or files with secrets.
    script: `export LC_ALL=C
echo "uid:$(id -u)"
${eachLineFunction}
set --
for each in /etc/pam.d/*; do
  [ -f "$each" ] || continue
  case \${each##*/} in *[!A-Za-z0-9_.-]* | *.rpmnew | *.rpmsave | *.dpkg-*) continue ;; esac
  if [ -r "$each" ]; then set -- "$@" "$each"; else echo "unread:pam"; fi
done
each_line 65536 '
    function start() { whole = ""; isOpen = 0; name = file; sub(/.*\\//, "", name) }
    function line() {
      if (!isOpen) sub(/\\r$/, "", text)
      whole = whole text; isOpen = sub(/\\\\$/, "", whole)
      if (!isOpen) { rule(); whole = "" }
    }
    function finish() { if (isOpen) rule() }
    function rule(   type, rest, control, n, word, module, args, i) {
      $0 = whole; sub(/#.*/, "")
      if ($1 == "@include") { print "pam:" name "\\tany\\tinclude\\t" $2 "\\t"; return }
      if ($1 !~ /^-?(auth|account)$/) return
      type = $1; sub(/^-/, "", type); rest = $0; sub(/^[ \\t]*-?[a-z]+[ \\t]+/, "", rest)
      if (match(rest, /^\\[[^]]*\\]/)) { control = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1) }
      else { control = rest; sub(/[ \\t].*/, "", control); rest = substr(rest, length(control) + 1) }
      n = split(rest, word, " "); module = word[1]; sub(/.*\\//, "", module); args = ""
      for (i = 2; i <= n; i++) if (word[i] ~ /^(deny=[0-9]+|even_deny_root|even_deny_root_account|preauth|authfail|authsucc|conf=.*)$/) args = args " " word[i]
      gsub(/\\t/, " ", control); print "pam:" name "\\t" type "\\t" control "\\t" module "\\t" args
    }
' "$@" | sed 's/^!! .*/unread:pam/'
[ -r /etc/security/faillock.conf ] && awk '{ sub(/#.*/, ""); gsub(/[ \\t]/, "") } /^(deny=[0-9]+|even_deny_root)$/ { print "faillock:" $0 }' /etc/security/faillock.conf
set --
for each in /etc/profile /etc/profile.d/*.sh /etc/bashrc /etc/bash.bashrc /etc/bash/bashrc /etc/environment; do
  [ -f "$each" ] || continue
  if [ -r "$each" ]; then set -- "$@" "$each"; else echo unread:profile; fi
done
each_line 262144 '
    function start() {}
    function line() {
      if (text ~ /^[^#]*TMOUT=/) { sub(/.*TMOUT=["\\047]?/, "", text); print "tmout:" (text ~ /^[0-9]+/ ? text + 0 : "odd") }
      if (text ~ /^[^#]*unset[ \\t].*TMOUT/) print "tmout:0"
    }
    function finish() {}
' "$@" | sed 's/^!! .*/unread:profile/'
echo end`,
  },
];
