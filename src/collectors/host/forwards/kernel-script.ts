/**
 * Prints whether the kernel routes, its rules (saved by both kinds of iptables, and by nft), the host's addresses, and which
 * bridges have only containers on them. iptables is asked only where its tables are there already, nft only where the kernel
 * has nf_tables: asking would load the modules.
 */
export const rulesScript = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
echo "uid:$(id -u)"
for each in net/ipv4/ip_forward net/ipv6/conf/all/forwarding; do
  if [ -r "/proc/sys/$each" ]; then echo "sysctl:$each=$(cat "/proc/sys/$each")"; else [ -d /proc/sys/net/ipv6 ] || [ "$each" = net/ipv4/ip_forward ] && echo "!! denied $each"; fi
done
ask() {
  answer=$("$@" 2>&1) && echo "=> $1" || echo "=! $1"
  printf '%s\\n' "$answer" | cut -c1-2000 | sed 's/^/ /'
  echo "=<"
}
command -v ip >/dev/null 2>&1 && { echo "=> addresses"; ip -o addr show | awk '{ print $2, $4 }' | sed 's/^/ /'; echo "=<"; }
for bridge in /sys/class/net/*/bridge; do
  [ -d "$bridge" ] || continue
  bridge=\${bridge%/bridge} kind=containers
  for member in "$bridge"/brif/*; do
    [ -e "$member" ] || continue
    member=/sys/class/net/\${member##*/}
    if [ -e "$member/device" ] || grep -q DEVTYPE= "$member/uevent" || [ "$(cat "$member/iflink")" = "$(cat "$member/ifindex")" ] || [ "$(cat "$member/iflink")" = 0 ]; then kind=others; fi
  done
  echo "bridge:\${bridge##*/} $kind"
done
for family in ip ip6; do
  tool=\${family}tables
  if [ -e "/proc/net/\${family}_tables_names" ]; then
    [ -r "/proc/net/\${family}_tables_names" ] || echo "!! denied /proc/net/\${family}_tables_names"
    # Files below /proc say that they are empty whatever they hold.
    if [ -n "$(cat "/proc/net/\${family}_tables_names")" ]; then
      if command -v "$tool-legacy-save" >/dev/null 2>&1; then ask "$tool-legacy-save"
      elif command -v "$tool-save" >/dev/null 2>&1 && ! "$tool-save" -V 2>/dev/null | grep -q nf_tables; then ask "$tool-save"
      else echo "!! no-tool $tool-save"
      fi
    fi
  fi
done
if [ ! -r /proc/kallsyms ]; then echo "!! denied /proc/kallsyms"
elif grep -q 'nf_tables_' /proc/kallsyms; then
  if command -v nft >/dev/null 2>&1; then ask nft list ruleset; else echo "!! no-tool nft"; fi
  for tool in iptables ip6tables; do
    if command -v "$tool-nft-save" >/dev/null 2>&1; then ask "$tool-nft-save"; fi
  done
fi`;

/** Also prints the kernel's load balancer; connections that the SSH service holds for others show what it forwards now. */
export const kernelScript = `${rulesScript}
if [ -r /proc/net/ip_vs ]; then echo "=> ip_vs"; sed 's/^/ /' /proc/net/ip_vs; echo "=<"; fi
if command -v ss >/dev/null 2>&1; then
  echo "=> ssh-listens"; ss -H -tlnp 2>/dev/null | grep '"sshd' | awk '{ print $4 }' | sed 's/^/ /'; echo "=<"
  echo "=> ssh-connections"; ss -H -tnp state established 2>/dev/null | grep '"sshd' | awk '{ print $3, $4 }' | sed 's/^/ /'; echo "=<"
else echo "!! no-tool ss"
fi
echo end`;
