import type { Command } from '../collector.ts';
import { showFunctions } from './config-files.ts';
import { shippingScript } from './log-shipping-script.ts';

/** sh functions `picked FILE…`, `picked_folder FOLDER`: only lines that delete, empty or set a path, continued lines joined. */
export const deletingFunction = `picked() {
  for f do
    shift
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; esac
    if [ -r "$f" ]; then set -- "$@" "$f"; else echo "!! $f"; fi
  done
  each_line 131072 '
    function start() { print "== " file; buf = ""; count = 0 }
    function line(   joined) {
      if (buf == "") n = number
      if (sub(/\\\\$/, "", text)) { buf = buf text " "; return 0 }
      joined = n ": " buf text; buf = ""
      if (joined !~ /(^|[^A-Za-z])(find|rm|unlink|shred|truncate|vacuum|tmpwatch|tmpreaper|cd)[^A-Za-z]|>[ ]*\\/|^[0-9]+:[ ]*(export |local )?[A-Za-z_0-9]+=.?/) return 0
      print " " joined
      return ++count == 400
    }
    function finish() {}' "$@"
}
picked_folder() {
  [ -d "$1" ] || return 0
  if [ -r "$1" ] && [ -x "$1" ]; then picked "$1"/*; else echo "!! $1"; fi
}`;

/** The commands of host/log-policies. */
export const policyCommands: readonly Command[] = [
  {
    name: 'logrotate',
    why: 'logrotate: its rules, whether it is installed, what starts it, its last run',
    asRoot: true,
    script: `${showFunctions}
command -v logrotate >/dev/null && echo installed=yes
found=
for each in hourly daily weekly monthly; do
  { [ -x "/etc/cron.$each/logrotate" ] || [ -x "/etc/periodic/$each/logrotate" ]; } && found="$found $each"
done
if [ -e /etc/systemd/system/timers.target.wants/logrotate.timer ]; then
  when=$(cat /lib/systemd/system/logrotate.timer /etc/systemd/system/logrotate.timer /etc/systemd/system/logrotate.timer.d/*.conf 2>/dev/null | sed -n 's/^OnCalendar=//p' | tail -n 1)
  case $when in hourly|daily|weekly|monthly) found="$found $when" ;; *) found="$found hourly" ;; esac
fi
lines=$(cat /etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/* 2>/dev/null | grep -v '^[[:space:]]*#' | grep logrotate | grep -v run-parts)
[ -n "$lines" ] && found="$found hourly"
echo "schedule=$found"
echo "state=$(cat /var/lib/logrotate/status /var/lib/logrotate/logrotate.status /var/lib/logrotate.status /var/lib/logrotate/state 2>/dev/null | awk '{ print $NF }' | sort -u | tail -n 400 | tr '\\n' ' ')"
show /etc/logrotate.conf
show_folder /etc/logrotate.d
{ cat /etc/logrotate.conf 2>/dev/null | sed -n 's/^[[:space:]]*include[[:space:]]\\{1,\\}//p'
  echo "$lines" | grep -oE ' /[A-Za-z0-9._/-]+' | sed 's/^ //' | grep -v 'bin/' | grep -v '^/dev/'
} | sort -u | head -n 50 | while read -r path; do
  case $path in /etc/logrotate.d|/etc/logrotate.d/|/etc/logrotate.conf) ;; /*) if [ -d "$path" ]; then show_folder "\${path%/}"; else show "$path"; fi ;; esac
done
echo done`,
  },
  {
    name: 'journald',
    why: 'systemd-journald: settings in force, room on its file system',
    script: `${showFunctions}
{ command -v journalctl >/dev/null || [ -d /var/log/journal ]; } && echo journald=yes
if command -v systemd-analyze >/dev/null && systemd-analyze cat-config systemd/journald.conf >/dev/null 2>&1; then
  echo "== systemd/journald.conf"; systemd-analyze cat-config systemd/journald.conf | sed 's/^/ /'; echo
else
  show /usr/lib/systemd/journald.conf /etc/systemd/journald.conf /usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf.d/*.conf
fi
[ -d /var/log/journal ] && { df -Pk /var/log/journal | tail -n 1; echo "used=$(du -sk /var/log/journal 2>/dev/null | cut -f1)"; }
echo done`,
  },
  {
    name: 'auditd',
    why: 'auditd: how much it keeps',
    asRoot: true,
    script: `${showFunctions}
[ -d /etc/audit ] && [ ! -x /etc/audit ] && echo "!! /etc/audit"
show /etc/audit/auditd.conf
echo done`,
  },
  {
    name: 'tmpfiles',
    why: 'tmpfiles.d: what is cleaned by age',
    limit: 4 * 1024 * 1024,
    script: `${showFunctions}
show_folder /etc/tmpfiles.d; show_folder /run/tmpfiles.d; show_folder /usr/local/lib/tmpfiles.d; show_folder /usr/lib/tmpfiles.d
echo done`,
  },
  {
    name: 'schedules',
    why: 'cron tables, timers and the scripts they start: lines that delete or empty files',
    asRoot: true,
    limit: 4 * 1024 * 1024,
    script: `${showFunctions}
${deletingFunction}
picked /etc/crontab /etc/anacrontab
for d in /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/periodic/* /var/spool/cron /var/spool/cron/crontabs /var/spool/cron/tabs /etc/crontabs; do picked_folder "$d"; done
set --
for t in /etc/systemd/system/*.timer /run/systemd/system/*.timer /lib/systemd/system/*.timer; do set -- "$@" "\${t%.timer}.service"; done
picked "$@"
cat /etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/* /etc/crontabs/* /etc/systemd/system/*.service 2>/dev/null | grep -v '^[[:space:]]*#' | grep -oE '(/[A-Za-z0-9._-]+)+\\.sh' | sort -u | head -n 100 |
  {
    set --
    while read -r path; do set -- "$@" "$path"; done
    picked "$@"
  }
echo done`,
  },
  {
    name: 'shipping',
    why: 'rsyslog, syslog-ng, systemd-journal-upload, Filebeat, Fluent Bit, Fluentd, Vector, Promtail: what is sent where, and which run',
    asRoot: true,
    script: shippingScript,
  },
];
