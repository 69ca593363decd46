/**
 * Prints addresses, rules, the kernel's choice for a public destination (nothing is sent), which network services run, and of
 * their settings only the keys that say how an address is given: no passphrase, no key. What netplan says is read both where it put
 * it for NetworkManager and systemd-networkd, below /run, and in its own files, of which the next start is made.
 */
export const interfacesScript = `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
echo "uid:$(id -u)"
if command -v ip >/dev/null 2>&1; then
  ip -o addr show 2>/dev/null | cut -c1-400 | head -n 5000 | sed 's/^/addr:/'
  ip rule show 2>/dev/null | head -n 500 | sed 's/^/rule:/'
  ip -6 rule show 2>/dev/null | head -n 500 | sed 's/^/rule:/'
  { ip route show; ip -6 route show; } 2>/dev/null | grep ' via ' | grep -v '^default' | head -n 1001 | cut -c1-200 | sed 's/^/route:/'
  ip route get 1.1.1.1 2>/dev/null | head -n 1 | sed 's/^/get:ipv4 /'
  ip -6 route get 2606:4700:4700::1111 2>/dev/null | head -n 1 | sed 's/^/get:ipv6 /'
else echo '!! no-tool ip'
fi
for folder in /sys/class/net/*; do
  mac=
  read -r mac < "$folder/address" && echo "link:\${folder##*/} $mac"
done 2>/dev/null
for comm in /proc/[0-9]*/comm; do
  read -r name < "$comm" || continue
  case $name in NetworkManager | systemd-network | wickedd) echo "manager:$name" ;; esac
done 2>/dev/null | sort -u
settings() {
  for f do
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; *~ | *.bak | *.orig | *.rpm* | *.dpkg-*) continue ;; esac
    [ -r "$f" ] || { echo "!! denied $f"; continue; }
    echo "== $f"
    head -c 65536 "$f" | tr -d '\\000\\r' | grep -iE '^[[:space:]]*(\\[|(device|bootproto|ipaddr[0-9a-z_]*|onboot|ipv6init|ipv6addr|ipv6addr_secondaries|ipv6_autoconf|dhcpv6c|hwaddr|name|macaddress|permanentmacaddress|type|driver|path|kind|virtualization|host|dhcp|address[0-9]*|interface-name|mac-address|method|iface|source|source-directory|inherits)([[:space:]=]|$))' | head -n 2000 | cut -c1-300 | sed 's/^/ /'
  done
}
folder() {
  [ -d "$1" ] || return 0
  if [ -r "$1" ] && [ -x "$1" ]; then settings "$1"/*; else echo "!! denied $1"; fi
}
# Mappings in one line, aliases and lists of addresses over several lines are not followed.
plans() {
  for f do
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; esac
    [ -r "$f" ] || { echo "!! denied $f"; continue; }
    head -c 65536 "$f" | grep -vE '^[[:space:]]*#' | grep -qE '\\{|[<][<]|[[:space:]][&*][A-Za-z]|addresses:[[:space:]]*\\[[^]]*$' && echo "!! unclear $f"
    echo "== $f"
    head -c 65536 "$f" | tr -d '\\000\\r' | grep -E '^[[:space:]]*(["'"'"']?[A-Za-z0-9_.*@-]+["'"'"']?:[[:space:]]*(#.*)?$|(dhcp4|dhcp6|set-name|name|macaddress|addresses):[[:space:]]|-[[:space:]]+["'"'"']?[0-9a-fA-F.:]+/[0-9])' | head -n 2000 | cut -c1-300 | sed 's/^/ /'
  done
}
if command -v netplan >/dev/null 2>&1; then
  echo manager:netplan
  for folder in /etc/netplan /run/netplan /usr/lib/netplan; do
    [ -d "$folder" ] || continue
    if [ -r "$folder" ] && [ -x "$folder" ]; then plans "$folder"/*.yaml; else echo "!! denied $folder"; fi
  done
fi
folder /etc/systemd/network; folder /run/systemd/network; folder /usr/local/lib/systemd/network; folder /usr/lib/systemd/network
for each in /etc/systemd/network/*.network.d /run/systemd/network/*.network.d; do folder "$each"; done
folder /etc/NetworkManager/system-connections; folder /run/NetworkManager/system-connections; folder /usr/lib/NetworkManager/system-connections
settings /etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network/ifcfg-*
settings /etc/network/interfaces; folder /etc/network/interfaces.d
echo end`;
