/**
 * Prints the fingerprint of every key in every account's key files: the keys themselves are hashed on the host and stay there.
 * All values of AuthorizedKeysFile count, those in Match blocks too, beside the defaults: sshd_config(5).
 */
export const keysScript = `echo "uid:$(id -u)"
settings() {
  if [ "$2" -gt 8 ] || [ ! -r "$1" ]; then echo "unread $1"; return; fi
  tr '="\\t' '   ' < "$1" | awk '{ word = tolower($1) }
    word ~ /^(include|authorizedkeysfile|authorizedkeyscommand|trustedusercakeys)$/ { $1 = word; print }' |
  while read -r word rest; do
    if [ "$word" = include ]; then
      for path in $rest; do [ -e "$path" ] && settings "$path" $(($2 + 1)); done
    else
      printf '%s %s\\n' "$word" "$rest"
    fi
  done
}
config=$(cd /etc/ssh 2>/dev/null && [ -e sshd_config ] && settings /etc/ssh/sshd_config 1)
printf '%s\\n' "$config" | awk '
  $1 == "unread" { print "unread:" $2 }
  ($1 == "authorizedkeyscommand" || $1 == "trustedusercakeys") && tolower($2) != "none" { print "source:" $1 " " $2 }'
for folder in /proc/[0-9]*; do
  read -r name < "$folder/comm" || continue
  [ "$name" = sshd ] && tr '\\000' ' ' < "$folder/cmdline" | grep -qiE '(^| )-f|-o ?(AuthorizedKeys|TrustedUser)' && echo unread:sshd-arguments
done 2>/dev/null

set -f
patterns=".ssh/authorized_keys .ssh/authorized_keys2 $(printf '%s\\n' "$config" |
  awk '$1 == "authorizedkeysfile" { for (i = 2; i <= NF; i++) if (tolower($i) != "none") print $i }' | sort -u)"
expand() {
  file= rest=$1
  while [ -n "$rest" ]; do
    case $rest in
      %h*) file=$file$4 rest=\${rest#??} ;;
      %u*) file=$file$2 rest=\${rest#??} ;;
      %U*) file=$file$3 rest=\${rest#??} ;;
      %%*) file=$file% rest=\${rest#??} ;;
      *) file=$file\${rest%"\${rest#?}"} rest=\${rest#?} ;;
    esac
  done
  case $file in /*) ;; *) file=$4/$file ;; esac
}
hash=no
command -v base64 >/dev/null 2>&1 && command -v sha256sum >/dev/null 2>&1 && hash=yes
fingerprints() {
  if [ ! -r "$2" ] || [ "$hash" = no ] || [ "$(wc -c < "$2")" -gt 262144 ]; then echo "denied:$1"; return; fi
  awk '
    { sub(/\\r$/, "") }
    /^[ \\t]*(#|$)/ { next }
    {
      gsub(/"([^"\\\\]|\\\\.)*"/, ""); options = tolower($1)
      mark = options ~ /(^|,)cert-authority(,|$)/ ? "authority" : "key"
      if (options ~ /(^|,)command=(,|$)/) mark = mark "+command"
      if (options ~ /(^|,)from=(,|$)/) mark = mark "+from"
      for (i = 1; i < NF; i++) if ($i ~ /^(ssh-|ecdsa-|sk-)[A-Za-z0-9@.-]+$/ && $(i + 1) ~ /^AAAA[A-Za-z0-9+\\/]+=*$/) {
        first = substr($(i + 2), 1, 1)
        print mark, $i, $(i + 1), (i + 2 > NF ? "" : first ~ /[A-Za-z0-9]/ ? first "***" : "***"); next
      }
      print "odd"
    }' "$2" | while read -r mark type blob comment; do
    if [ "$mark" = odd ]; then echo "denied:$1"; continue; fi
    sum=$(printf '%s' "$blob" | base64 -d 2>/dev/null | sha256sum)
    echo "key:$1:$mark:$type:\${sum%% *}:$comment"
  done
}
{
  cat /etc/passwd
  command -v getent >/dev/null 2>&1 && getent passwd
} | sort -u | while IFS=: read -r name password uid gid full home shell; do
  if [ -d "$home" ] && [ ! -x "$home" ]; then echo "denied:$name"; continue; fi
  for pattern in $patterns; do
    expand "$pattern" "$name" "$uid" "$home"
    if [ -f "$file" ]; then fingerprints "$name" "$file"
    elif [ -d "\${file%/*}" ] && [ ! -x "\${file%/*}" ]; then echo "denied:$name"
    fi
  done
done
echo end`;
