/**
 * Prints what polkit(8) lets others do as rules of the same form as sudo's (`sudo-script.ts`), all of them of commands that may lead to more,
 * for which action it is about is not told apart: administrators, who become root by pkexec with a password of their own, and those to whom
 * rules of the machine's own, not of its packages, ask for no password of an administrator. JavaScript is not run: names are taken from the
 * usual conditions, and a rule that has none, or turns one round, is taken to be for everybody.
 */
export const polkitScript = `
rules='
  # Which of two kinds of comment begins first is not followed.
  /\\/\\// && /\\/\\*|\\*\\// { odd = 1 }
  hidden { if (!match($0, /\\*\\//)) next; hidden = 0; $0 = substr($0, RSTART + 2) }
  {
    while (match($0, /\\/\\*/)) {
      before = substr($0, 1, RSTART - 1); after = substr($0, RSTART + 2)
      if (!match(after, /\\*\\//)) { hidden = 1; $0 = before; break }
      $0 = before " " substr(after, RSTART + 2)
    }
    sub(/^[ \\t]*\\/\\/.*/, ""); sub(/[ \\t;{}]\\/\\/.*/, ""); all = all " " $0
  }
  function names(pattern, free, mark,   rest, name, count) {
    rest = all
    while (match(rest, pattern "[A-Za-z0-9_.-]+")) {
      name = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
      sub(/.*[^A-Za-z0-9_.-]/, "", name); count++
      if (name != "root" && name != "0") print "grant:2:" free ":" mark name " ALL"
    }
    return count
  }
  END {
    if (odd || hidden) print "unread:polkit"
    if (all ~ /addAdminRule/) { names("unix-user:", 0, ""); names("unix-group:", 0, "%") }
    if (!own || all !~ /addRule/) exit
    rest = all; gsub(/Result\\.(NOT_HANDLED|NO|AUTH_ADMIN_KEEP|AUTH_ADMIN)/, "", rest)
    if (all ~ /Result/ && rest !~ /Result|[^A-Za-z]yes[^A-Za-z]|auth_self|spawn/) exit
    count = names("isInGroup\\\\([ \\t]*[^A-Za-z0-9_. \\t-]", 1, "%") + names("subject.user[ \\t]*==+[ \\t]*[^A-Za-z0-9_. \\t=-]", 1, "")
    if (!count || all ~ /![ \\t]*[(=s]/) print "grant:2:1:ALL ALL"
  }'
identities='
  function grant(list, free,   i, n, id, name) {
    n = split(list, id, ";")
    for (i = 1; i <= n; i++) {
      name = id[i]; gsub(/[ \\t]/, "", name)
      if (name == "" || name ~ /^unix-user:(root|0)$/) continue
      if (name ~ /^unix-(user|group):\\*$/) name = "ALL"
      else if (name !~ /^unix-(user|group|netgroup):[A-Za-z0-9_.-]+$/) { print "unread:polkit"; continue }
      sub(/^unix-user:/, "", name); sub(/^unix-group:/, "%", name); sub(/^unix-netgroup:/, "+", name)
      print "grant:2:" free ":" name " ALL"
    }
  }
  { sub(/\\r$/, "") }
  /^[ \\t]*\\[/ { if (free) grant(who, 1); who = ""; free = 0 }
  { value = $0; sub(/^[^=]*=[ \\t]*/, "", value) }
  /^[ \\t]*Identity[ \\t]*=/ { who = value }
  /^[ \\t]*Result(Any|Inactive|Active)[ \\t]*=/ && value ~ /^(yes|auth_self)/ { free = 1 }
  /^[ \\t]*AdminIdentities[ \\t]*=/ { grant(value, 0) }
  END { if (free) grant(who, 1) }'
for folder in /etc/polkit-1/rules.d /usr/local/share/polkit-1/rules.d /usr/share/polkit-1/rules.d /etc/polkit-1/localauthority /etc/polkit-1/localauthority/*.d /etc/polkit-1/localauthority.conf.d; do
  [ -d "$folder" ] || continue
  { [ -r "$folder" ] && [ -x "$folder" ]; } || { echo "unread:$folder"; continue; }
  for file in "$folder"/*.rules "$folder"/*.pkla "$folder"/*.conf; do
    [ -f "$file" ] || continue
    [ -r "$file" ] || { echo "unread:$file"; continue; }
    own=yes
    case $file in /usr/share/*) own= ;; esac
    case $file in *.rules) awk -v own="$own" "$rules" "$file" ;; *) awk "$identities" "$file" ;; esac
  done
done`;
