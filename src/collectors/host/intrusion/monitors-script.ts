import { knownMonitors } from './monitors.ts';

// The kernel cuts a process name to 15 characters: proc(5), /proc/pid/comm.
const comms = [...new Set(knownMonitors.flatMap(({ processes }) => processes.map((name) => name.slice(0, 15))))];
const services = [...new Set(knownMonitors.flatMap((each) => each.services))];
const paths = [...new Set(knownMonitors.flatMap((each) => each.paths))];
const written = [...new Set(knownMonitors.flatMap(({ life = [], database = [] }) => [...life, ...database]))];
const packages = [...new Set(knownMonitors.flatMap((each) => each.packages ?? []))];
const periodic = knownMonitors.filter((each) => each.periodic).map(({ name }) => name);

/**
 * Prints which known monitors run, which files below local mounts they hold open for writing and when these were last written, to
 * whom they hold connections (the program's name only), what is installed and starts with the host, the age of their logs and
 * databases, how many audit rules, jails and rules of Suricata and Snort are loaded, and versions from the package database. Of logs only
 * the count of rules is read that Suricata or Snort says it loaded.
 */
export const monitorsScript = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
echo "uid:$(id -u)"
echo "now:$(date +%s)"
# Nothing on another machine's disk is touched: it may hang.
remote=$(awk '{ for (i = 7; i <= NF; i++) if ($i == "-") { if ($(i + 1) ~ /^(nfs|cifs|smb|ceph|gluster|lustre|fuse|9p|afs|ocfs|gfs)/) print $1 " " $5; break } }' /proc/self/mountinfo)
ids=" $(printf '%s\\n' "$remote" | awk '{ printf "%s ", $1 }')"
is_remote() {
  for mount in $(printf '%s\\n' "$remote" | awk '{ print $2 }'); do case $1 in "$mount"/*) return 0 ;; esac; done
  return 1
}
read -r first < /proc/1/comm && echo all-seen
audit= jails= suricata= snort=
for folder in /proc/[0-9]*; do
  read -r comm < "$folder/comm" || continue
  case $comm in ${comms.join('|')}) ;; *) continue ;; esac
  echo "process:$comm"
  case $comm in auditd) audit=yes ;; fail2ban-server) jails=yes ;; suricata | Suricata-Main) suricata=yes ;; snort | snort3) snort=yes ;; esac
  open=
  count=0
  for info in "$folder"/fdinfo/[0-9]*; do
    count=$((count + 1)); [ "$count" -le 300 ] || break
    # Standard output may be shared with others.
    case \${info##*/} in 0 | 1 | 2) continue ;; esac
    flags=0 mount=-
    while read -r key value; do
      case $key in flags:) flags=$value ;; mnt_id:) mount=$value; break ;; esac
    done < "$info"
    case $flags in *[12]) ;; *) continue ;; esac
    case $ids in *" $mount "*) continue ;; esac
    open="$open $folder/fd/\${info##*/}"
  done
  # Of regular files only; their names may be anything, so they are not printed.
  # shellcheck disable=SC2086
  [ -z "$open" ] || stat -L -c '%Y %F' $open | awk -v comm="$comm" '/regular/ && $1 > newest { newest = $1 } END { if (newest) print "written:" newest " " comm }'
done 2>/dev/null
if command -v ss >/dev/null 2>&1; then
  ss -H -tnp state established 2>/dev/null | awk '$4 !~ /^(127\\.|\\[::1\\]|\\[::ffff:127\\.)/ && match($0, /users:\\(\\("[^"]*"/) { print "connected:" substr($0, RSTART + 9, RLENGTH - 10) }' | grep -xE 'connected:(${comms.join('|')})' | sort -u
fi
for name in ${services.join(' ')}; do
  found= state=disabled
  for place in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do [ -e "$place/$name.service" ] && found=yes; done
  [ -e "/etc/init.d/$name" ] && found=yes
  [ -n "$found" ] || continue
  for link in /etc/systemd/system/*.wants/"$name.service" /etc/rc.d/rc[35].d/S[0-9][0-9]"$name" /etc/rc[2345].d/S[0-9][0-9]"$name" /etc/runlevels/*/"$name"; do [ -L "$link" ] && state=enabled; done
  echo "service:$name $state"
done
for path in ${paths.join(' ')}; do [ -e "$path" ] && echo "path:$path"; done
count=0
for file in ${written.join(' ')}; do
  [ -e "$file" ] || continue
  # Line ends in a name would pass for lines of this output.
  case $file in *[[:cntrl:]]*) continue ;; esac
  count=$((count + 1)); [ "$count" -le 300 ] || break
  is_remote "$file" && { echo "!! denied \${file%/*}"; continue; }
  time=$(stat -c %Y "$file" 2>/dev/null) && echo "file:$time $file"
done
for name in ${periodic.join(' ')}; do
  grep -lsw -e "$name" /etc/crontab /etc/cron.d/* /etc/cron.daily/* /etc/cron.weekly/* /var/spool/cron/root /var/spool/cron/crontabs/root >/dev/null && echo "scheduled:$name"
  for link in /etc/systemd/system/timers.target.wants/*"$name"*; do [ -L "$link" ] && echo "scheduled:$name"; done
done
if [ -n "$audit" ] && command -v auditctl >/dev/null 2>&1; then
  rules=$(auditctl -l 2>&1) && printf '%s\\n' "$rules" | awk '/^-/ { count++ } END { print "audit-rules:" count + 0 }'
  auditctl -s 2>/dev/null | awk '$1 == "enabled" { print "audit-enabled:" $2 } $1 == "AUDIT_STATUS:" { sub(/.*enabled=/, ""); print "audit-enabled:" $1 }'
fi
if [ -n "$jails" ] && command -v fail2ban-client >/dev/null 2>&1; then
  fail2ban-client status 2>/dev/null | awk -F: '/Number of jail/ { print "jails:" $2 + 0 }'
fi
# What was loaded last: the end of each log is read, 4 MiB at most.
ends() {
  for log do [ -f "$log" ] && [ -r "$log" ] && ! is_remote "$log" && tail -c 4194304 "$log"; done 2>/dev/null
}
if [ -n "$suricata" ]; then
  count=$(ends /var/log/suricata/suricata.log | awk '/ rules successfully loaded, / { sub(/ rules successfully loaded, .*/, ""); sub(/.* /, ""); count = $0 } /no rules were loaded!|No signatures supplied/ { count = 0 } END { print count }')
  [ -n "$count" ] || count=$(ends /var/log/suricata/eve.json | grep -o '"rules_loaded":[0-9]*' | tail -n 1)
  [ -z "$count" ] || echo "suricata-rules:\${count##*:}"
fi
if [ -n "$snort" ]; then
  { ends /var/log/messages /var/log/syslog; journalctl -q --no-pager -o cat -n 20000 -t snort -t snort3 2>/dev/null; } |
    awk '/ Snort rules read/ { sub(/ Snort rules read.*/, ""); sub(/.* /, ""); count = $0 } / total rules loaded: [0-9]+$/ { count = $NF } END { if (count != "") print "snort-rules:" count }'
fi
if command -v dpkg-query >/dev/null 2>&1; then
  dpkg-query -W -f='version:\${Package} \${Version} \${db:Status-Abbrev}\\n' ${packages.join(' ')} 2>/dev/null | sed -n 's/ ii *$//p'
elif command -v rpm >/dev/null 2>&1; then
  rpm -q --qf 'version:%{NAME} %{VERSION}-%{RELEASE}\\n' ${packages.join(' ')} 2>/dev/null | grep '^version:'
fi
echo end`;
