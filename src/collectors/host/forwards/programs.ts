/** How a program that forwards is judged by its name: by its arguments, by a configuration read elsewhere, or not at all. */
export type Reading = 'arguments' | 'configuration' | 'none';

const byArguments =
  'socat socat1 ncat nc nc.openbsd nc.traditional netcat redir ssh autossh dbclient docker-proxy systemd-socket-proxyd';

const byConfiguration =
  'nginx openresty tengine apache2 httpd haproxy squid squid3 envoy stunnel stunnel3 stunnel4 stunnel5 rinetd xinetd';

// Reverse and forward proxies, tunnels, load balancers and private networks whose configuration this tool does not read.
const unread =
  '3proxy boringtun brook caddy charon chisel clash cloudflared danted delegated edge frpc frps ghostunnel gost hitch hysteria iodined ' +
  'keepalived kcptun kube-proxy lighttpd microsocks mihomo mitmdump mitmproxy mitmweb n2n naive ngrok npc nps openvpn pen polipo pound ' +
  'pppd pptpd privoxy ptunnel rathole rootlesskit rootlessport shadowsocks simpleproxy sing-box slirp4netns sockd ss-local ss-redir ss-server ' +
  'sshuttle sslh ssserver tailscaled tcpproxy tinyproxy traefik traffic_server trojan tun2socks v2ray varnishd wireguard-go xl2tpd xray zerotier-one';

const entries = (names: string, reading: Reading): [string, Reading][] =>
  names.split(' ').map((name) => [name, reading]);

/** Programs that are known to forward, by the name of their process. Pure connectors and application servers are not among them. */
export const knownPrograms: ReadonlyMap<string, Reading> = new Map([
  ...entries(unread, 'none'),
  ...entries(byConfiguration, 'configuration'),
  ...entries(byArguments, 'arguments'),
]);
