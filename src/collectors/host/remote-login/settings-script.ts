import { sshKeywords } from '../../../evidence/host/remote-login.ts';

// Older releases know the first by another name.
const kept = ['challengeresponseauthentication', 'skeyauthentication', ...sshKeywords].join('|');

/**
 * Prints the settings of each OpenSSH service that root runs, as `sshd -T` gives them for its own arguments, and what the files
 * say (Match blocks stand only there), includes followed as sshd_config(5) says. A listener is titled `sshd: /path … [listener] …`
 * or shows its own arguments; a title is cut at 1024 characters, which the crypto policy of openEuler and its like exceeds.
 * `loaded` is when the service last read its files: it writes its pid file anew at start and at each reload.
 */
export const settingsScript = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
me=$(id -u)
echo "uid:$me"
read -r first < /proc/1/comm && echo all-seen
reduce='
  { sub(/\\r$/, ""); sub(/^[ \\t]+/, "") }
  match($0, /^[A-Za-z0-9]+/) {
    word = tolower(substr($0, 1, RLENGTH)); rest = substr($0, RLENGTH + 1)
    if (word !~ /^(include|match|${kept})$/) next
    sub(/^[ \\t]*=?[ \\t]*/, "", rest); sub(/[ \\t]+#.*$/, "", rest); gsub(/\\t/, " ", rest)
    if (word == "include" && rest ~ /["\\047\\\\]/) word = "odd"
    gsub(/"/, "", rest); print word, substr(rest, 1, 2000)
  }'
# walk FILE DEPTH CONDITION
walk() {
  if [ "$2" -gt 16 ] || [ ! -f "$1" ] || [ ! -r "$1" ] || [ "$(wc -c < "$1")" -gt 262144 ]; then echo unread:ssh; return; fi
  echo "changed:$(stat -c %Z "$1" 2>/dev/null)"
  tr -d '\\000' < "$1" | awk "$reduce" | {
    condition=$3
    while read -r word rest; do
      case $word in
        odd) echo unread:ssh ;;
        match) condition=$rest ;;
        include)
          for path in $rest; do
            case $path in *[[:cntrl:]]*) echo unread:ssh; continue ;; esac
            case $path in */*) [ -d "\${path%/*}" ] && { [ -r "\${path%/*}" ] && [ -x "\${path%/*}" ] || echo unread:ssh; } ;; esac
            [ -e "$path" ] && walk "$path" $(($2 + 1)) "$condition"
          done ;;
        *) printf 'file:%s\\t%s %s\\n' "$condition" "$word" "$rest" ;;
      esac
    done
  }
}
# server STATE PID CONFIG ARGUMENT…
server() {
  state=$1 pid=$2 config=$3
  shift 3
  echo "server:$state"
  pids=/run/sshd.pid
  if answer=$("$program" -T "$@" 2>/dev/null </dev/null) || answer=$("$program" -G "$@" 2>/dev/null </dev/null); then
    printf '%s\\n' "$answer" | awk 'tolower($1) ~ /^(${kept})$/ { print "set:" $0 }'
    pids=$(printf '%s\\n' "$answer" | awk '$1 == "pidfile" { print $2 }')
    echo answered
  else case " $* " in *' -o'*) echo unread:arguments ;; esac
  fi
  if [ -n "$pid" ]; then
    started=$(awk -v hz="$(getconf CLK_TCK 2>/dev/null || echo 100)" 'FNR == NR { if ($1 == "btime") boot = $2; next } { sub(/.*\\) /, ""); printf "%d", boot + $20 / hz }' /proc/stat "/proc/$pid/stat")
    if [ -f "$pids" ] && read -r number < "$pids" && [ "$number" = "$pid" ]; then started=$(stat -c %Y "$pids" 2>/dev/null || echo "$started"); fi
    echo "loaded:$started"
  fi
  # Includes start there, whatever the file: sshd_config(5).
  if [ -f "$config" ]; then ( cd /etc/ssh 2>/dev/null; walk "$config" 1 '' ); else echo unread:ssh; fi
}
found=
for folder in /proc/[0-9]*; do
  read -r comm < "$folder/comm" && [ "$comm" = sshd ] || continue
  title=$(tr '\\000' ' ' < "$folder/cmdline")
  title=\${title#sshd: }
  # Sessions are titled by their user; -R is the child of an older release on its way there.
  case $title in /*' -R '*) continue ;; /*) ;; *) continue ;; esac
  found="$found."
  [ \${#found} -le 8 ] || { echo unread:ssh; break; }
  program=$(command -v sshd)
  if [ "$me" = 0 ]; then
    if [ ! -O "$folder" ] || ! [ "$folder/root/." -ef / ]; then echo elsewhere; continue; fi
    program=$(readlink "$folder/exe")
    program=\${program% (deleted)}
  fi
  case $program in */sshd) ;; *) echo unread:ssh; continue ;; esac
  if [ \${#title} -ge 1000 ]; then
    policy=$(sed -n "s/^CRYPTO_POLICY='\\{0,1\\}\\([^']*\\)'\\{0,1\\}$/\\1/p" /etc/crypto-policies/back-ends/opensshserver.config)
    before=\${title%%-oCiphers=*} after=\${title#*-oCiphers=}
    case $policy in "-oCiphers=$after"*) title=$before$policy ;; *) echo unread:arguments ;; esac
  fi
  set -f; set -- \${title%% [[]listener]*}; set +f
  shift
  config=/etc/ssh/sshd_config left=$#
  # The words that matter move to the end, the others fall away.
  while [ "$left" -gt 0 ]; do
    word=$1 left=$((left - 1)); shift
    case $word in
      -[fopghcbkuCE])
        [ "$left" -gt 0 ] || break
        value=$1 left=$((left - 1)); shift
        case $word in -f) config=$value; set -- "$@" -f "$value" ;; -[opg]) set -- "$@" "$word" "$value" ;; esac ;;
      -f?*) config=\${word#-f}; set -- "$@" "$word" ;;
      -[opg]?*) set -- "$@" "$word" ;;
      -[46DdeiqrTGt]*) ;;
      *) echo unread:arguments ;;
    esac
  done
  case $config in /*) ;; *) echo unread:arguments; continue ;; esac
  server running "\${folder#/proc/}" "$config" "$@"
done 2>/dev/null
if [ -z "$found" ]; then
  state=installed
  systemctl is-active ssh.socket sshd.socket 2>/dev/null </dev/null | grep -q '^active' && state=socket
  if program=$(command -v sshd); then server "$state" '' /etc/ssh/sshd_config 2>/dev/null; else echo no-sshd; fi
fi
echo end`;
