/** sh function `network_of PID`: prints its network namespace and the addresses in it; nothing for the host's own. */
export const networkFunction = `net=$(readlink /proc/self/ns/net)
network_of() {
  [ "$(readlink "/proc/$1/ns/net")" != "$net" ] || return 0
  printf '%s' "$(readlink "/proc/$1/ns/net")"
  awk '/32 host LOCAL/ && last !~ /^127\\./ { print last } { last = $2 }' "/proc/$1/net/fib_trie" | sort -u | head -n 20 | while read -r address; do printf ' %s' "$address"; done
}`;

/**
 * sh functions that find the configurations of running programs, also in containers, and print them reduced: a reducer
 * (awk) prints only words about listeners and destinations, each line behind a blank so that no content can pass for a
 * heading. `=% PROGRAM` begins what is of a program, `=@ PID PATH PLACE NETWORK` begins the configuration of a process (`-`: none runs), `== PATH` a file, `++ PATTERN PATH` says what an
 * include matched, `!! WHY PATH` what could not be read.
 */
export const configFunctions = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
echo "uid:$(id -u)"
newline='
'
small=$newline
here=$(readlink /proc/self/ns/mnt)
${networkFunction}
# An absolute link inside a container means the container's file, not the host's.
real() {
  out=$2
  [ -n "$1" ] || return 0
  out= rest=\${2#/} links=0
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
    case $part in '' | .) continue ;; ..) out=\${out%/*}; continue ;; esac
    if [ -L "$1$out/$part" ]; then
      links=$((links + 1)); [ "$links" -gt 20 ] && { out=/nonexistent; return 0; }
      link=$(readlink "$1$out/$part")
      case $link in /*) out= ;; esac
      rest=\${link#/}\${rest:+/$rest}
    else out=$out/$part
    fi
  done
}
# read_config ROOT FILE DEPTH: prints the file reduced, then what it includes; relative includes start from $base.
read_config() {
  case $2 in *[[:cntrl:]]*) echo "!! unclear odd-name"; return 0 ;; esac
  # Once is enough, however often it is included.
  case $shown in *"$newline$2$newline"*) return 0 ;; esac
  shown=$shown$2$newline
  [ "$3" -le 16 ] || { echo "!! unclear $2"; return 0; }
  real "$1" "$2"
  if [ ! -e "$1$out" ]; then echo "!! missing $2"; return 0; fi
  [ -f "$1$out" ] || return 0
  if [ ! -r "$1$out" ]; then echo "!! denied $2"; return 0; fi
  echo "== $2"
  case $small in
    *"$newline$1$out$newline"*) ;;
    *) [ "$(wc -c < "$1$out")" -le 1048576 ] || echo "!! too-many $2" ;;
  esac
  reduced=$(head -c 1048576 "$1$out" | tr -d '\\000\\001-\\010\\013-\\037' | awk -v separators="$separators" "$reduce")
  printf '%s\\n' "$reduced"
  # Most files include nothing.
  case $reduced in *[Ii][Nn][Cc][Ll][Uu][Dd][Ee]*) ;; *) return 0 ;; esac
  for pattern in $(printf '%s\\n' "$reduced" | awk -F'\\t' 'tolower($2) ~ /^include(optional|dir)?$/ { print $3 }' | sort -u); do
    include "$1" "$pattern" "$3"
  done
}
include() {
  case $2 in /*) wanted=$2 ;; *) wanted=$base/$2 ;; esac
  folder=\${wanted%/*}
  case $folder in *[*?[]*) ;; *) real "$1" "\${folder:-/}"; folder=$out ;; esac
  wanted=$folder/\${wanted##*/}
  [ -d "$1$folder" ] && [ ! -x "$1$folder" ] && echo "!! denied $folder"
  [ -d "$1$wanted" ] && wanted=\${wanted%/}/*
  case $wanted in *[*?[]*) [ -d "$1\${wanted%/*}" ] && [ ! -r "$1\${wanted%/*}" ] && echo "!! denied \${wanted%/*}" ;; esac
  # Patterns are only expanded here: a name that looks like one must not be later.
  set +f; set -- "$1" "$2" $(($3 + 1)) $1$wanted; set -f
  # Of many files, one process tells which need not be measured.
  if [ $# -gt 4 ]; then
    first=$1 second=$2 third=$3
    shift 3
    small=$small$(find -H "$@" -prune -size -2048 2>/dev/null)$newline
    set -- "$first" "$second" "$third" "$@"
  fi
  while [ $# -gt 3 ]; do
    match=\${4#"$1"}
    # A pattern that matches nothing is allowed, a file that is not there is not.
    case $match in *[*?[]*) [ -e "$1$match" ] || match= ;; esac
    if [ -n "$match" ]; then
      printf '++ %s\\t%s\\n' "$2" "$match"
      read_config "$1" "$match" "$3"
    fi
    first=$1 second=$2 third=$3
    shift 4; set -- "$first" "$second" "$third" "$@"
  done
}
# arguments_of PID: separated by tabs
arguments_of() { head -c 65536 "/proc/$1/cmdline" 2>/dev/null | tr '\\t\\n\\000' '  \\t'; }
# root_of PID: where its files are, and its network; empty for the host's own
root_of() {
  root= network=$(network_of "$1")
  [ "$(readlink "/proc/$1/ns/mnt")" = "$here" ] && [ "$(readlink "/proc/$1/root")" = / ] || root=/proc/$1/root
}
# value_of 'FLAG FLAG…': the values of flags in $arguments, one a line
value_of() {
  printf '%s\\n' "$arguments" | awk -F'\\t' -v flags=" $1 " '{
    for (i = 2; i <= NF; i++) {
      if (index(flags, " " $i " ")) { print $(++i); continue }
      at = index($i, "=")
      if (at && index(flags, " " substr($i, 1, at - 1) " ")) print substr($i, at + 1)
      else if (length($i) > 2 && $i !~ /^--/ && index(flags, " " substr($i, 1, 2) " ")) print substr($i, 3)
    }
  }'
}
absolute() { case $1 in /*) echo "$1" ;; *) echo "$(readlink "/proc/$2/cwd")/$1" ;; esac; }
# find_processes 'NAME NAME…': sets $found, one NAME/PID a line
find_processes() {
  names=$1 found=
  set +f; set -- /proc/[0-9]*; set -f
  for folder do
    read -r name < "$folder/comm" || continue
    case " $names " in *" $name "*) found=$found$name/\${folder#/proc/}$newline ;; esac
  done
}
# each_process 'NAME NAME…': calls instance for every process of these names once for the same arguments
each_process() {
  names=$1 seen=$newline
  for each in $found; do
    pid=\${each##*/} folder=/proc/\${each##*/}
    case " $names " in *" \${each%/*} "*) ;; *) continue ;; esac
    arguments=$(arguments_of "$pid")
    [ -n "$arguments" ] || continue
    key="$(readlink "$folder/ns/mnt") $(readlink "$folder/cwd") $arguments"
    case $seen in *"$newline$key$newline"*) continue ;; esac
    seen=$seen$key$newline
    root_of "$pid"
    instance
  done 2>/dev/null
}
IFS=$newline
set -f`;

/**
 * What a reducer keeps of a word: of a URL no user, password, path or query, of an option that names a secret no value; 300 characters.
 * `destination` keeps of a value only what can be one.
 */
export const cleanWord = `
function tidy(w) {
  gsub(/[\\t\\r]/, " ", w)
  if (w !~ /unix:/ && match(w, /:\\/\\/[^\\/?#]*/)) w = substr(w, 1, RSTART + RLENGTH - 1)
  sub(/:\\/\\/[^\\/]*@/, "://", w)
  if (tolower(w) ~ /(secret|passw|pwd|auth|token|login|credential)[^=]*=/) sub(/=.*/, "=***", w)
  return substr(w, 1, 300)
}
function destination(w) {
  if (w !~ /^([a-z]+:\\/\\/)?[][A-Za-z0-9_.:\${}-]+(\\/.*)?$/ && w !~ /^unix:/) return "?"
  return w ~ /[.:]/ || w ~ /^\\$/ || w == "localhost" ? tidy(w) : "?"
}
function secret(name) { return tolower(name) ~ /pass|pwd|secret|token|key|auth|sign|credential/ }`;

/** awk: splits a line into words at `separators`; quotes are understood. */
export const splitWords = `
function words(s,   n, i, c, q, w, has) {
  n = 0; w = ""; has = 0; q = ""
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (q != "") { if (c == q) q = ""; else if (c == "\\\\" && q == "\\"" && i < length(s)) w = w substr(s, ++i, 1); else w = w c; continue }
    if (c == "\\"" || c == "\\047") { q = c; has = 1; continue }
    if (c == "\\\\" && i < length(s)) { w = w substr(s, ++i, 1); has = 1; continue }
    if (c == "#" && !has) break
    if (index(separators, c)) { if (has) word[++n] = w; w = ""; has = 0; continue }
    w = w c; has = 1
  }
  if (has) word[++n] = w
  return n
}`;

/**
 * Reduces line-based configurations, with {@link cleanWord} and {@link splitWords} before it: words of lines whose first word fits `keep`, in
 * lower case, after `pick` (awk) took out what else is not needed; `\\` at the end is understood.
 */
export function lineReducer(keep: string, pick = ''): string {
  return `joined == "" && /^[ \\t]*(#|$)/ && !/\\\\\\r?$/ { next }
{
  sub(/\\r$/, ""); if (joined == "") first = NR
  if (sub(/\\\\$/, "")) { joined = joined $0 " "; next }
  line = joined $0; joined = ""
  n = words(substr(line, 1, 8192)); if (n == 0) next
  if (tolower(word[1]) !~ /${keep}/) next
  ${pick}
  text = " " first; for (i = 1; i <= n && i <= 60; i++) text = text "\\t" tidy(word[i])
  print text
}`;
}
