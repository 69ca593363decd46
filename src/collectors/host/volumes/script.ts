import type { DeclaredHost } from '../../../platform.ts';
import { quoted } from '../log-places.ts';
import { mostLines } from './listing.ts';

/**
 * sh functions. `real PATH` sets `out` to it with links resolved, part by part: it never touches a mount of a network file system
 * (which may hang) or an automounter (which would mount), and goes no further there.
 */
export const realFunction = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
newline='
'
far=$newline$(awk '{ for (i = 7; i < NF && $i != "-"; i++); if ($(i + 1) ~ /^(nfs|cifs|smb|ncp|afs|ceph|gluster|lustre|gfs|ocfs|beegfs|gpfs|9p|virtiofs|autofs|fuse|davfs|curlftpfs|glusterfs)/) print $5 }' /proc/self/mountinfo | while IFS= read -r point; do printf '%b\\n' "\${point}"; done)$newline
is_far() { case $far in *"$newline$1$newline"*) return 0 ;; *) return 1 ;; esac; }
real() {
  out= rest=\${1#/} links=0
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
    case $part in '' | .) continue ;; ..) out=\${out%/*}; continue ;; esac
    if is_far "$out/$part"; then out=$out/$part\${rest:+/$rest}; return 1; fi
    if [ -L "$out/$part" ]; then
      links=$((links + 1)); [ "$links" -gt 20 ] && return 1
      link=$(readlink "$out/$part")
      case $link in /*) out= ;; esac
      rest=\${link#/}\${rest:+/$rest}
    else out=$out/$part
    fi
  done
  [ -n "$out" ] || out=/
}`;

/** sh that prints every mount, block device, device-mapper table (without keys), pool and swap area of a host. */
export const deviceScript = `awk '{
  for (i = 7; i < NF && $i != "-"; i++);
  upper = ""; more = ""
  if ($(i + 1) == "overlay" && match($(i + 3), /upperdir=[^,]*/)) upper = substr($(i + 3), RSTART + 9, RLENGTH - 9)
  if ($(i + 3) ~ /(^|,)(logdev|rtdev|journal_path)=/) more = "external"
  source = $(i + 2); sub(/^[^\\/]*@/, "", source)
  print "mount:" $3 "\\t" $4 "\\t" $5 "\\t" $(i + 1) "\\t" source "\\t" upper "\\t" more
}' /proc/self/mountinfo | head -n ${mostLines}
mapper=
for folder in /sys/block/* /sys/block/*/*; do
  case $folder in /sys/block/*/*) [ -e "$folder/partition" ] || continue ;; esac
  dev= uuid= name= model= backing= slaves= parent=
  read -r dev < "$folder/dev" || continue
  case $folder in /sys/block/*/*) parent=\${folder#/sys/block/}; parent=\${parent%%/*} ;; esac
  [ -e "$folder/dm/uuid" ] && { read -r uuid < "$folder/dm/uuid"; read -r name < "$folder/dm/name"; }
  [ -e "$folder/device/model" ] && read -r model < "$folder/device/model"
  [ -e "$folder/backing_dev" ] && read -r backing < "$folder/backing_dev"
  [ -e "$folder/loop/backing_file" ] && read -r backing < "$folder/loop/backing_file"
  for slave in "$folder"/slaves/*; do [ -e "$slave" ] && slaves="$slaves \${slave##*/}"; done
  printf 'device:%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "\${folder##*/}" "$dev" "$parent" "$slaves" "$uuid" "$name" "$model" "$backing"
done 2>/dev/null | head -n ${mostLines}
for each in /sys/block/dm-*; do [ -e "$each" ] && mapper=yes; done
if [ -n "$mapper" ]; then
  if command -v dmsetup >/dev/null 2>&1; then
    dmsetup table 2>/dev/null | awk '{ at = index($0, ": "); split(substr($0, at + 2), word, " "); print "table:" substr($0, 1, at - 1) "\\t" word[3] "\\t" (word[3] == "crypt" ? word[4] : "") }' | head -n ${mostLines}
  else echo '!! no-tool dmsetup'
  fi
fi
for folder in /sys/fs/btrfs/*-*; do
  [ -d "$folder/devices" ] || continue
  members=
  for member in "$folder"/devices/*; do [ -e "$member" ] && members="$members \${member##*/}"; done
  echo "btrfs:$members"
done
if awk '{ for (i = 7; i < NF && $i != "-"; i++); if ($(i + 1) == "zfs") found = 1 } END { exit !found }' /proc/self/mountinfo; then
  if command -v zfs >/dev/null 2>&1; then
    zfs get -H -o name,value -t filesystem encryption 2>/dev/null | head -n 5000 | sed 's/^/zfs:/'
    zpool list -v -H -P -L 2>/dev/null | awk -F'\\t' '$1 != "" { pool = $1 } $1 == "" { for (i = 2; i <= NF; i++) if ($i ~ /^\\//) { print "pool:" pool "\\t" $i; break } }' | head -n 1000
  else echo '!! no-tool zfs'
  fi
fi
[ -r /proc/swaps ] && awk 'NR > 1 { print "swap:" $1 "\\t" $2 }' /proc/swaps || echo '!! denied /proc/swaps'`;

/** The whole question, for the places that the platform file declares. */
export function volumesScript({ data }: DeclaredHost): string {
  return `${realFunction}
echo "uid:$(id -u)"
${deviceScript}
# Databases link table spaces and log folders out of their data folder. link_in NUMBER LINK
link_in() {
  count=$((count + 1))
  [ "$count" -eq 201 ] && echo "!! too-many $top"
  [ "$count" -gt 200 ] && return 0
  real "$2"
  case $out in *[[:cntrl:]]*) echo "!! unclear $top" ;; *) printf 'link:%s\\t%s\\n' "$1" "$out" ;; esac
}
# place NUMBER PATH
place() {
  if ! real "$2"; then printf 'place:%s\\tfar\\t%s\\n' "$1" "$out"; return 0; fi
  case $out in *[[:cntrl:]]*) printf 'place:%s\\tmissing\\t\\n' "$1"; return 0 ;; esac
  if [ ! -e "$out" ]; then
    above=$out state=missing
    while [ -n "$above" ]; do above=\${above%/*}; [ -d "\${above:-/}" ] && { [ -x "\${above:-/}" ] || state=denied; break; }; done
    printf 'place:%s\\t%s\\t%s\\n' "$1" "$state" "$out"
    return 0
  fi
  printf 'place:%s\\tthere\\t%s\\n' "$1" "$out"
  if command -v lsattr >/dev/null 2>&1; then
    flags=$(lsattr -d "$out" 2>/dev/null)
    case \${flags%% *} in *E*) printf 'flags:%s\\tE\\n' "$1" ;; esac
  fi
  [ -d "$out" ] || return 0
  if [ ! -r "$out" ] || [ ! -x "$out" ]; then echo "!! denied $out"; return 0; fi
  top=$out count=0
  for each in "$top"/* "$top"/.[!.]*; do
    is_far "$each" && continue
    if [ -L "$each" ]; then link_in "$1" "$each"; continue; fi
    [ -d "$each" ] || continue
    if [ ! -r "$each" ] || [ ! -x "$each" ]; then case $each in *[[:cntrl:]]*) each=$top ;; esac; echo "!! denied $each"; continue; fi
    for below in "$each"/*; do
      is_far "$below" && continue
      [ -L "$below" ] && link_in "$1" "$below"
    done
  done
}
${data.map(({ path }, index) => `place ${index} ${quoted(path)}`).join('\n')}
echo end`;
}
