import { polkitScript } from './polkit-script.ts';

// Programs that open a shell, write any file or change who is who.
const openPrograms =
  'sh|bash|dash|ash|ksh|zsh|csh|tcsh|fish|su|sudo|doas|env|nice|nohup|setsid|timeout|xargs|find|vi|vim|view|nano|ed|ex|emacs|less|more|man|awk|gawk|mawk|sed|perl|python[0-9.]*|ruby|node|php|lua|expect|ssh|scp|rsync|tar|zip|cp|mv|ln|tee|dd|install|chmod|chown|mount|insmod|modprobe|nsenter|unshare|chroot|docker|podman|ctr|nerdctl|crictl|lxc|systemd-run|busybox|screen|tmux|script|setcap|curl|wget|kubectl|gdb|strace|tcpdump|crontab|at|visudo|vipw|passwd|chpasswd|useradd|usermod|apt|apt-get|yum|dnf|rpm|dpkg|pip[0-9.]*|npm|make|git|mysql|sqlite3';

/**
 * What a rule of sudoers(5) or doas.conf(5) grants, in awk: 1 any command as root; 2 as root a command given by a pattern, an alias, a
 * folder, or a program that leads to more; 3 any command, but only as others; 0 named commands.
 */
const grade = `
function runs(command) { sub(/.*\\//, "", command); return command ~ /^(${openPrograms})$/ }
function grade(rest,   n, i, part, s, root, maybe, who, any, open, other) {
  sub(/[ \\t]#[^0-9].*$/, "", rest)
  while (match(rest, /\\([^)]*,[^)]*\\)/)) { s = substr(rest, RSTART, RLENGTH); gsub(/,/, "|", s); rest = substr(rest, 1, RSTART - 1) s substr(rest, RSTART + RLENGTH) }
  gsub(/\\\\,/, " ", rest); root = 1; maybe = 0; any = open = other = 0
  if (rest ~ /:[ \\t]*[^ \\t:=]+[ \\t]*=/ && rest ~ /(^|[ \\t,:])ALL([ \\t,]|$)/) any = 1
  n = split(rest, part, ",")
  for (i = 1; i <= n; i++) {
    s = part[i]; sub(/^[ \\t]+/, "", s)
    if (match(s, /^\\([^)]*\\)/)) {
      who = substr(s, 2, RLENGTH - 2); s = substr(s, RLENGTH + 1); gsub(/[ \\t"]/, "", who)
      sub(/:.*/, "", who); root = who ~ /(^|[|])(root|#0|ALL)([|]|$)/
      maybe = who ~ /(^|[|])([%+].*|[A-Z][A-Z0-9_]*)([|]|$)/
    }
    while (sub(/^[ \\t]*([A-Z_]+:|[A-Z_]+=[^ \\t]+[ \\t]|sha[0-9]+:[^ \\t]+[ \\t])/, "", s)) continue
    sub(/^[ \\t]+/, "", s)
    if (s ~ /^!/ || s == "") continue
    who = s; sub(/[ \\t].*/, "", who)
    if (who == "ALL") { if (root) any = 1; else if (maybe) open = 1; else other = 1 }
    else if ((root || maybe) && (s ~ /[*?^[]/ || who ~ /^[A-Z][A-Z0-9_]*$/ || who ~ /\\/$/ || who !~ /^\\// || runs(who))) open = 1
  }
  return any ? 1 : open ? 2 : other ? 3 : 0
}`;

/**
 * Prints the rules of sudoers(5) and doas.conf(5) reduced to who, what the commands amount to, and whether without a password:
 * commands and their arguments stay on the host. Includes are followed as sudo follows them.
 */
export const sudoScript = `echo "uid:$(id -u)"
grade='${grade}'
reduce=$grade'
  { while (sub(/\\\\$/, "") && (getline more) > 0) $0 = $0 more }
  /^[ \\t]*[#@]include(dir)?[ \\t]/ { next }
  /^[ \\t]*(#[^0-9]|#$|$)/ { next }
  /^[ \\t]*Defaults/ {
    if ($0 ~ /![ \\t]*authenticate/) print "defaults:no-password"
    if ($0 ~ /![ \\t]*(targetpw|rootpw)/) print ($0 ~ /^[ \\t]*Defaults[ \\t]/ ? "defaults:own-password" : "odd:")
    else if ($0 ~ /^[ \\t]*Defaults[ \\t]/ && $0 ~ /[ \\t,](targetpw|rootpw)/) print "defaults:root-password"
    next
  }
  /^[ \\t]*(Host|Runas|Cmnd|Cmd)_Alias[ \\t]/ { next }
  /^[ \\t]*User_Alias[ \\t]/ { sub(/^[ \\t]*User_Alias[ \\t]+/, ""); print "alias:" $0; next }
  {
    at = index($0, "=")
    if (at == 0) { print "odd:"; next }
    rest = substr($0, at + 1); free = rest ~ /NOPASSWD/ ? 1 : 0
    print "grant:" grade(rest) ":" free ":" substr($0, 1, at - 1)
  }'
follow() {
  if [ "$2" -gt 8 ] || [ ! -f "$1" ] || [ ! -r "$1" ]; then echo "unread:$1"; return; fi
  awk "$reduce" "$1"
  awk '/^[ \\t]*[#@]include(dir)?[ \\t]/ { word = $1; sub(/^[ \\t]*[#@]include(dir)?[ \\t]+/, ""); gsub(/["\\\\]/, ""); sub(/[ \\t]+$/, ""); print substr(word, 2), $0 }' "$1" |
  while read -r word path; do
    case $path in *%h*) path=\${path%%%h*}$(hostname -s)\${path#*%h} ;; esac
    case $path in /*) ;; *) path=\${1%/*}/$path ;; esac
    case $word in
      include) follow "$path" $(($2 + 1)) ;;
      includedir)
        [ -d "$path" ] || continue
        if [ ! -r "$path" ] || [ ! -x "$path" ]; then echo "unread:$path"; continue; fi
        for file in "$path"/*; do
          case \${file##*/} in *.* | *~) continue ;; esac
          [ -f "$file" ] && follow "$file" $(($2 + 1))
        done ;;
    esac
  done
}
for file in /etc/sudoers /usr/local/etc/sudoers /etc/sudoers-rs; do
  [ -e "$file" ] && follow "$file" 1
done
for file in /etc/doas.conf /usr/local/etc/doas.conf /etc/doas.d/*.conf; do
  [ -e "$file" ] || continue
  [ -r "$file" ] || { echo "unread:$file"; continue; }
  awk "$grade"'
    { sub(/#.*/, ""); while (sub(/\\\\$/, "") && (getline more) > 0) $0 = $0 more }
    $1 == "permit" {
      gsub(/setenv[ \\t]*\\{[^}]*\\}/, ""); who = ""; as = "root"; run = "ALL"; free = 0
      for (i = 2; i <= NF; i++) {
        if (who == "" && $i == "nopass") free = 1
        else if (who == "" && $i ~ /^(persist|keepenv|nolog)$/) continue
        else if (who == "") who = $i
        else if ($i == "as") as = $(++i)
        else if ($i == "cmd") { run = $(i + 1); break }
      }
      sub(/^:/, "%", who)
      print "grant:" (run == "ALL" ? (as == "root" ? 1 : 3) : as == "root" && (run !~ /^\\// || runs(run)) ? 2 : 0) ":" free ":" who " ALL"
    }' "$file"
done
${polkitScript}
echo end`;
