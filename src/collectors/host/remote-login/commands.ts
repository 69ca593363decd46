import type { Command } from '../../collector.ts';
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
for file in /etc/pam.d/*; do
  [ -f "$file" ] || continue
  case \${file##*/} in *[!A-Za-z0-9_.-]* | *.rpmnew | *.rpmsave | *.dpkg-*) continue ;; esac
  if [ ! -r "$file" ]; then echo "unread:pam"; continue; fi
  head -c 65536 "$file" | awk -v file="\${file##*/}" '
    { sub(/\\r$/, ""); while (sub(/\\\\$/, "") && (getline more) > 0) $0 = $0 more; sub(/#.*/, "") }
    $1 == "@include" { print "pam:" file "\\tany\\tinclude\\t" $2 "\\t"; next }
    $1 ~ /^-?(auth|account)$/ {
      type = $1; sub(/^-/, "", type); rest = $0; sub(/^[ \\t]*-?[a-z]+[ \\t]+/, "", rest)
      if (match(rest, /^\\[[^]]*\\]/)) { control = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1) }
      else { control = rest; sub(/[ \\t].*/, "", control); rest = substr(rest, length(control) + 1) }
      n = split(rest, word, " "); module = word[1]; sub(/.*\\//, "", module); args = ""
      for (i = 2; i <= n; i++) if (word[i] ~ /^(deny=[0-9]+|even_deny_root|even_deny_root_account|preauth|authfail|authsucc|conf=.*)$/) args = args " " word[i]
      gsub(/\\t/, " ", control); print "pam:" file "\\t" type "\\t" control "\\t" module "\\t" args
    }'
done
[ -r /etc/security/faillock.conf ] && awk '{ sub(/#.*/, ""); gsub(/[ \\t]/, "") } /^(deny=[0-9]+|even_deny_root)$/ { print "faillock:" $0 }' /etc/security/faillock.conf
for file in /etc/profile /etc/profile.d/*.sh /etc/bashrc /etc/bash.bashrc /etc/bash/bashrc /etc/environment; do
  [ -f "$file" ] || continue
  if [ ! -r "$file" ]; then echo unread:profile; continue; fi
  head -c 262144 "$file" | awk '/^[^#]*TMOUT=/ { sub(/.*TMOUT=["\\047]?/, ""); print "tmout:" ($0 ~ /^[0-9]+/ ? $0 + 0 : "odd") } /^[^#]*unset[ \\t].*TMOUT/ { print "tmout:0" }'
done
echo end`,
  },
];
