/**
 * Prints the rules of sudoers(5) and doas.conf(5) reduced to who, whether any command, and whether without a password:
 * commands and their arguments stay on the host. Includes are followed as sudo follows them.
 */
export const sudoScript = `echo "uid:$(id -u)"
reduce='
  { while (sub(/\\\\$/, "") && (getline more) > 0) $0 = $0 more }
  /^[ \\t]*[#@]include(dir)?[ \\t]/ { next }
  /^[ \\t]*(#[^0-9]|#$|$)/ { next }
  /^[ \\t]*Defaults/ {
    if ($0 ~ /![ \\t]*authenticate/) print "defaults:no-password"
    else if ($0 ~ /^[ \\t]*Defaults[ \\t]/ && $0 ~ /[ \\t,](targetpw|rootpw)/ && $0 !~ /![ \\t]*(targetpw|rootpw)/) print "defaults:root-password"
    next
  }
  /^[ \\t]*(Host|Runas|Cmnd|Cmd)_Alias[ \\t]/ { next }
  /^[ \\t]*User_Alias[ \\t]/ { sub(/^[ \\t]*User_Alias[ \\t]+/, ""); print "alias:" $0; next }
  {
    at = index($0, "=")
    if (at == 0) { print "odd:"; next }
    rest = substr($0, at + 1); free = rest ~ /NOPASSWD/ ? 1 : 0
    gsub(/\\([^)]*\\)/, " ", rest)
    print "grant:" (rest ~ /(^|[ \\t,:])ALL([ \\t,]|$)/ ? 1 : 0) ":" free ":" substr($0, 1, at - 1)
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
  awk '
    { sub(/#.*/, ""); while (sub(/\\\\$/, "") && (getline more) > 0) $0 = $0 more }
    $1 == "permit" {
      gsub(/setenv[ \\t]*\\{[^}]*\\}/, ""); who = ""; any = 1; free = 0
      for (i = 2; i <= NF; i++) {
        if (who == "" && $i == "nopass") free = 1
        else if (who == "" && $i ~ /^(persist|keepenv|nolog)$/) continue
        else if (who == "") who = $i
        else if ($i == "cmd") any = 0
      }
      sub(/^:/, "%", who)
      print "grant:" any ":" free ":" who " ALL"
    }' "$file"
done
echo end`;
