import { rulesScript } from '../forwards/kernel-script.ts';

/**
 * Prints the packet filter (see {@link rulesScript}), the interfaces of default routes in any routing table, and which managers are
 * installed and start with the host. Managers are not asked: the kernel's rules are what is in force.
 */
export const firewallScript = `${rulesScript}
for version in 4 6; do
  ip -o -$version route show table all 2>/dev/null | grep '^default' | grep -o 'dev [^ ]*' | sort -u | sed "s/^dev /route:$version /"
done
for name in firewalld ufw nftables iptables ip6tables netfilter-persistent shorewall ferm; do
  found= state=disabled
  for file in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do [ -e "$file/$name.service" ] && found=yes; done
  [ -e "/etc/init.d/$name" ] && found=yes
  [ -n "$found" ] || continue
  for link in /etc/systemd/system/*.wants/"$name.service" /etc/rc[2345].d/S[0-9][0-9]"$name" /etc/runlevels/*/"$name"; do [ -L "$link" ] && state=enabled; done
  echo "manager:$name $state"
done
grep -E '^ENABLED=' /etc/ufw/ufw.conf 2>/dev/null | head -n 1 | sed 's/^/setting:ufw /'
grep -E '^DEFAULT_(INPUT|FORWARD)_POLICY=' /etc/default/ufw 2>/dev/null | head -n 2 | sed 's/^/setting:ufw /'
grep -E '^(DefaultZone|FirewallBackend)=' /etc/firewalld/firewalld.conf 2>/dev/null | head -n 2 | sed 's/^/setting:firewalld /'
echo end`;
