import type { Command } from '../../collector.ts';
import { knownAgents } from '../agents.ts';
import { keysScript } from './keys-script.ts';
import { sudoScript } from './sudo-script.ts';

/**
 * The questions about who administers a host. Full names, password hashes, keys and command arguments stay on the host:
 * the scripts print only what is judged. Each ends with the line `end`, so that a script that was cut short is noticed.
 */
export const commands: readonly Command[] = [
  {
    name: 'accounts',
    why: 'accounts and groups, without the people’s full names, and where else accounts come from',
    // A directory's answer comes second: an account of the same name in the local file is the one that counts.
    script: `fields='{ state = $2 == "" ? "empty" : $2 ~ /^[!*]/ ? "locked" : $2 == "x" ? "shadow" : "set"; print kind $1 ":" $3 ":" $4 ":" state ":" $7 }'
awk -F: -v kind=account: "$fields" /etc/passwd
awk -F: '{ print "group:" $1 ":" $3 ":" $4 }' /etc/group
if command -v getent >/dev/null 2>&1; then
  getent passwd | awk -F: -v kind=listed: "$fields"
  getent group | awk -F: '{ print "group:" $1 ":" $3 ":" $4 }'
fi
awk '$1 ~ /^(passwd|group|sudoers):$/ { for (i = 2; i <= NF; i++) print "source:" $i }' /etc/nsswitch.conf 2>/dev/null | sort -u
echo end`,
  },
  {
    name: 'shadow',
    why: 'whether each account has a password, never the hash',
    asRoot: true,
    script: `echo "uid:$(id -u)"
awk -F: '{ print "state:" $1 ":" ($2 == "" ? "empty" : $2 ~ /^[!*]/ ? "locked" : "set") }' /etc/shadow && echo end`,
  },
  { name: 'sudo', why: 'who may become root by sudo, doas or polkit', asRoot: true, script: sudoScript },
  {
    name: 'keys',
    why: 'fingerprints of the keys that open each account, and what else the SSH service accepts',
    asRoot: true,
    timeout: 60,
    script: keysScript,
  },
  { name: 'logins', why: 'who logged in, from where and when', asRoot: true, script: loginsScript() },
  {
    name: 'processes',
    why: 'names of running programs, to recognise agents',
    asRoot: true,
    // Only names are printed: arguments may hold secrets. Of an interpreter's arguments the script's name is needed.
    script: `read -r first < /proc/1/comm && echo all-seen
{
  cat /proc/[0-9]*/comm
  head -c 512 /proc/[0-9]*/cmdline | tr '\\000' '\\t' | awk '
    function base(path) { sub(/.*\\//, "", path); sub(/[ :].*/, "", path); return path }
    /^==> \\/proc\\/[0-9]+\\/cmdline <==$/ { fresh = 1; next }
    fresh && NF > 0 {
      fresh = 0; count = split($0, word, "\\t"); print base(word[1])
      if (base(word[1]) ~ /^(python|perl|ruby|node|java|php|sh|bash|dash)[0-9.]*$/)
        for (i = 2; i <= count; i++) if (word[i] ~ /^\\//) { print base(word[i]); break }
    }'
} 2>/dev/null | sort -u | sed 's/^/process:/'
echo end`,
  },
  {
    name: 'services',
    why: 'names of installed services, to recognise agents',
    script: `for folder in /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system /etc/init.d /etc/rc.d/init.d; do
  [ -d "$folder" ] || continue
  ls -1 "$folder" || echo denied
done 2>/dev/null | sort -u | sed 's/^/service:/'
echo end`,
  },
  {
    name: 'paths',
    why: 'folders that known agents are installed in',
    asRoot: true,
    script: `for path in ${knownAgents.flatMap((agent) => agent.paths).join(' ')}; do
  [ -e "$path" ] && echo "path:$path"
done
echo "uid:$(id -u)"
echo end`,
  },
];

// last(1) of util-linux shows addresses (-i), years (-F) and whole names (-w); busybox knows none of these, hence the second try.
function loginsScript(): string {
  return `export TZ=UTC0
for file in /var/log/wtmp /var/log/wtmp.1; do
  [ -e "$file" ] || continue
  if [ -r "$file" ] && { last -i -F -w -n 1000 -f "$file" 2>/dev/null || last -W -f "$file" 2>/dev/null; }
  then echo "read:$file"
  else echo "unread:$file"
  fi
done
if [ -e /var/lib/wtmpdb/wtmp.db ]; then
  if wtmpdb last -i -F -w -n 1000; then echo read:wtmpdb; else echo unread:wtmpdb; fi
fi
echo end`;
}
