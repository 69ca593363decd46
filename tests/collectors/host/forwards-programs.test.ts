import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forwards } from '../../../src/collectors/host/forwards.ts';
import { pathsOf } from '../../../src/evidence/host/forward-paths.ts';
import type { Forward, Forwards } from '../../../src/evidence/host/forwards.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

// The programs themselves run, in namespaces of their own (network, processes, mounts): nothing of them is reachable from outside,
// nothing they are configured to reach is reachable from inside, and the machine's own rules stay as they are.

const folder = mkdtempSync(join(tmpdir(), 'leqi-forwards-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files: Record<string, string> = {
  'nginx/nginx.conf': `pid FOLDER/nginx.pid; error_log /dev/null;
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events {}
http {
  access_log off; client_body_temp_path FOLDER/t1; proxy_temp_path FOLDER/t2; fastcgi_temp_path FOLDER/t3; uwsgi_temp_path FOLDER/t4; scgi_temp_path FOLDER/t5;
  upstream tax { server lqpt.invalid:8443 backup; server 203.0.113.9:8443; }
  map $uri $by_map { default "app.invalid:81"; /x 'other.invalid'; }
  include parts/*.conf;
  server { # it's a comment with ' and {
    listen 127.0.0.1:9001; allow 127.0.0.1; deny all;
    location ~ "^/a{2}$" { proxy_pass http://127.0.0.1:8080; }
  }
}
stream { server { listen 9002; proxy_pass 203.0.113.10:8443; } }
`,
  'nginx/parts/one.conf': `server {
  location / { proxy_set_header Authorization "Basic c2VjcmV0"; proxy_pass https://tax/path?token=hunter2; }
  location /v { set $backend "lqpt.invalid"; proxy_pass https://$backend:8443$request_uri; }
  location /m { proxy_pass http://$by_map; }
  location /s { set $api_key "hunter2.x"; set $other "hunter2"; proxy_set_header X-Key $api_key; }
  location /u { proxy_pass http://$unknown_by_nobody$1; set $unknown_by_nobody $cookie_x; }
  listen 9000; listen [::]:9000;
}
`,
  'inside/nginx.conf': `pid FOLDER/inside.pid; error_log /dev/null; events {}
http { access_log off; client_body_temp_path FOLDER/u1; proxy_temp_path FOLDER/u2; fastcgi_temp_path FOLDER/u3; uwsgi_temp_path FOLDER/u4; scgi_temp_path FOLDER/u5;
  include /etc/nginx/sites-enabled/*; }
`,
  'inside/sites-available/site': 'server { listen 9099; location / { proxy_pass http://203.0.113.99; } }\n',
  'haproxy.cfg': `defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend in
  http-request set-header Authorization "Basic c2VjcmV0"
  http-request deny if { req.hdr(authorization) -m str "Basic c2VjcmV0" }
  bind 127.0.0.1:9101
  bind :9102-9104
  use_backend tax if { dst_port 9102 }
  default_backend other
backend tax
  server a 203.0.113.11:8443 check
backend other
  server b 127.0.0.1:8080
backend unused
  server c 203.0.113.12:8443
frontend guarded
  bind :9106
  acl ours src 10.0.0.0/8
  acl known req.hdr(x-key) -m str hunter2
  http-request deny if !ours
  default_backend tax
listen open
  bind *:9105
  server any 0.0.0.0:0
`,
  'apache.conf': `ServerRoot "FOLDER"
PidFile FOLDER/apache.pid
ErrorLog /dev/null
ServerName test.invalid
Listen 9201
Listen 127.0.0.1:9202
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
LoadModule proxy_balancer_module /usr/lib/apache2/modules/mod_proxy_balancer.so
LoadModule slotmem_shm_module /usr/lib/apache2/modules/mod_slotmem_shm.so
LoadModule lbmethod_byrequests_module /usr/lib/apache2/modules/mod_lbmethod_byrequests.so
LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
Define DB_PASSWORD hunter2
Define OTHER hunter2
Define ENTRANCE lqpt.invalid:8443
<Proxy "balancer://tax">
  BalancerMember http://203.0.113.13:8443
</Proxy>
<VirtualHost *:9201>
  ProxyPass "/local" !
  ProxyPass "/e" "http://\${ENTRANCE}/api" \\
    retry=5
  ProxyPass "/b" "balancer://tax/"
  RewriteEngine on
  RewriteRule ^/r/(.*)$ http://203.0.113.14/$1 [P,L]
</VirtualHost>
<VirtualHost 127.0.0.1:9202>
  ProxyRequests On
</VirtualHost>
`,
  hosts:
    '127.0.0.1 localhost\n203.0.113.30 lqpt.invalid app.invalid other.invalid parent.invalid bad.invalid # names\n',
  'squid.conf': `acl tax dstdomain .lqpt.invalid
acl bad dstdomain bad.invalid
acl key req_header X-Key hunter2
http_access deny bad
http_access allow tax
http_access deny all
http_port 9301
http_port 127.0.0.1:9302
cache_peer parent.invalid parent 3128 0 login=user:hunter2
pid_filename FOLDER/squid.pid
access_log none
cache_log /dev/null
cache_store_log none
coredump_dir FOLDER
`,
  'stunnel.conf': `pid =
foreground = yes
[tax]
client = yes
accept = 9401
connect = 203.0.113.15:8443
`,
  // After Envoy's quick start (envoyproxy.io, static configuration); the program itself is in no Debian package.
  'envoy.yaml': `admin:
  address:
    socket_address: { address: 127.0.0.1, port_value: 9901 }
static_resources:
  listeners:
  - name: listener_0
    address:
      socket_address:
        address: 0.0.0.0
        port_value: 10000
  clusters:
  - name: tax
    transport_socket: { common_tls_context: { tls_certificates: { private_key: { inline_string: "hunter2" } } } }
    load_assignment:
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: lqpt-a.invalid, port_value: 8443 } } }
        - endpoint: { address: { socket_address: { address: "fd00::9", port_value: 8443 } } }
`,
  'envoy.json': JSON.stringify({
    static_resources: {
      listeners: [{ address: { socket_address: { address: '::', port_value: 10001 } } }],
      clusters: [
        { key: 'hunter2', endpoint: { address: { socket_address: { address: 'b.invalid', port_value: 1 } } } },
      ],
    },
  }),
  'rinetd.conf': '0.0.0.0 9501 203.0.113.16 8443\n127.0.0.1 9502/tcp 203.0.113.16 8443/tcp\n',
};

// Each must listen before anything is asked; a daemon that did not start is a fault of the test.
const network = `set -e
mount -t sysfs none /sys
ip link set lo up
ip addr add 10.77.0.5/24 dev lo
ip link add docker7 type bridge; ip addr add 172.31.0.1/24 dev docker7; ip link set docker7 up
ip link add veth7 type veth peer name veth8; ip link set veth7 master docker7
echo 1 > /proc/sys/net/ipv4/ip_forward
iptables -t nat -A PREROUTING -p tcp --dport 9601 -j DNAT --to-destination 203.0.113.17:8443
iptables -t nat -A PREROUTING -s 10.9.0.0/16 -p tcp -m multiport --dports 9602,9603 -j REDIRECT --to-ports 9301
iptables -t nat -A OUTPUT -d 10.77.0.9/32 -p tcp -j DNAT --to-destination 203.0.113.18
iptables -t nat -N DOCKER; iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A DOCKER ! -i docker7 -p tcp -m tcp --dport 9604 -j DNAT --to-destination 172.31.0.2:9099
iptables -t nat -A POSTROUTING -s 172.31.0.0/24 ! -o docker7 -j MASQUERADE
nft add table inet own
nft 'add chain inet own pre { type nat hook prerouting priority -90; }'
nft add rule inet own pre tcp dport 9605 dnat ip to 203.0.113.19:8443
`;

const programs = `mount --bind FOLDER/hosts /etc/hosts; mount -t tmpfs none /run; mkdir /run/sshd
nginx -c FOLDER/nginx/nginx.conf
unshare -m -n sh -c 'ip link set lo up; mount --bind FOLDER/inside /etc/nginx && nginx && exec sleep 600' &
inside=$!; until [ "$(readlink /proc/$inside/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link set veth8 netns $inside; nsenter -t $inside -n sh -c 'ip addr add 172.31.0.2/24 dev veth8; ip link set veth8 up'
haproxy -D -f FOLDER/haproxy.cfg -p FOLDER/haproxy.pid
apache2 -f FOLDER/apache.conf
squid -f FOLDER/squid.conf
stunnel4 FOLDER/stunnel.conf 2>/dev/null &
rinetd -c FOLDER/rinetd.conf
socat TCP-LISTEN:9701,fork,reuseaddr TCP:203.0.113.20:8443 &
socat TCP-LISTEN:9702,bind=127.0.0.1,fork PROXY:127.0.0.1:203.0.113.21:8443,proxyport=9302,proxyauth=user:hunter2 &
socat -u TCP-LISTEN:9703,fork 'EXEC:/bin/cat hunter2' &
ncat -l 9704 --proxy-type http --proxy-auth user:hunter2 &
printf '#!/bin/sh\\nread -r line\\n' > FOLDER/envoy; chmod +x FOLDER/envoy
for form in yaml json; do sleep 600 | FOLDER/envoy -c FOLDER/envoy.$form --log-level off & done
redir -n :9705 203.0.113.22:8443 &
ssh-keygen -q -t ed25519 -N '' -f FOLDER/host-key; ssh-keygen -q -t ed25519 -N '' -f FOLDER/user-key
printf 'AuthorizedKeysFile FOLDER/user-key.pub\\nStrictModes no\\nHostKey FOLDER/host-key\\nPidFile none\\nUsePAM no\\n' > FOLDER/sshd
/usr/sbin/sshd -f FOLDER/sshd -p 9800 -E /dev/null
n=0; until nsenter -t $inside -n ss -H -tln | grep -q :9099; do n=$((n + 1)); [ "$n" -lt 100 ]; sleep 0.1; done
for port in 9000 9002 9102 9105 9106 9201 9301 9401 9501 9701 9703 9704 9705 9800; do
  n=0; until ss -H -tln | grep -q ":$port "; do n=$((n + 1)); [ "$n" -lt 100 ] || { echo "nothing listens on $port" >&2; exit 1; }; sleep 0.1; done
done
ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -i FOLDER/user-key -p 9800 -o 'SetEnv=KEY=hunter2' -fNL '*:9801:203.0.113.23:8443' -L 9802:lqpt.invalid:8443 -D 10.77.0.5:9803 -R 9804:203.0.113.24:8443 root@127.0.0.1 'echo hunter2'
`;

const run = promisify(execFile);

async function collected(further: string): Promise<Forwards> {
  const out = mkdtempSync(join(folder, 'out-'));
  for (const { name, script } of forwards.ask(localHost())) writeFileSync(join(out, `${name}.sh`), script);
  const body = `${network}
${further}
set +e
for script in ${out}/*.sh; do sh "$script" > "\${script%.sh}.out" 2> "\${script%.sh}.err" < /dev/null; done
`.replaceAll('FOLDER', folder);
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  await run(
    'unshare',
    [...user, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', body],
    {
      timeout: 90_000,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    },
  );
  const outputs = forwards.ask(localHost()).map(({ name }) => [name, readFileSync(join(out, `${name}.out`), 'utf8')]);
  if (process.env.LEQI_SHOW) for (const [name, text] of outputs) process.stdout.write(`## ${name}\n${text}`);
  const texts = Object.fromEntries(outputs) as Record<string, string>;
  expect(Object.values(texts).join('\n')).not.toMatch(/hunter2|c2VjcmV0/);
  return kinds.forwards.value.parse(forwards.read(transcript(texts), localHost()));
}

let seen: Forwards;
beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll('FOLDER', folder));
  }
  mkdirSync(join(folder, 'inside/sites-enabled'));
  // As Debian does: an absolute link, which inside the container means the container's own file.
  symlinkSync('/etc/nginx/sites-available/site', join(folder, 'inside/sites-enabled/site'));
  seen = await collected(programs);
});

const of = (by: string): Omit<Forward, 'by' | 'where' | 'running'>[] =>
  seen.forwards
    .filter((each) => each.by === by && each.running)
    .map(({ by: _, where: __, running: ___, ...rest }) => rest);
const at = (text: string) => {
  const [, host = '', port] = text.match(/^(.*?)(?::([\d-]+))?$/) ?? [];
  return { host, ...(port ? { port } : {}) };
};
const relay = (listens: string[], to: string[], unresolved: string[] = []) => ({
  kind: 'relay',
  listens: listens.map(at),
  to: to.map(at),
  unresolved,
});
const proxy = (listens: string[], to: string[] = []) => ({ ...relay(listens, to), kind: 'proxy' });
const same = (by: string, expected: readonly object[]): void => {
  expect(of(by)).toHaveLength(expected.length);
  expect(of(by)).toEqual(expect.arrayContaining([...expected]));
};

describe('programs that run', () => {
  test('nginx, also in another mount namespace', () => {
    const any = ['any:9000', 'any:9000'];
    same('nginx', [
      relay(any, ['lqpt.invalid:8443', '203.0.113.9:8443']),
      relay(any, ['lqpt.invalid:8443']),
      relay(any, ['app.invalid:81', 'other.invalid:80']),
      proxy(any),
      { ...relay(['127.0.0.1:9001'], ['127.0.0.1:8080']), from: ['127.0.0.1'] },
      relay(['any:9002'], ['203.0.113.10:8443']),
      { ...relay(['any:9099'], ['203.0.113.99:80']), network: { id: expect.any(String), addresses: ['172.31.0.2'] } },
    ]);
    expect(seen.forwards.find(({ to }) => to[0]?.host === '203.0.113.99')?.where).toBe(
      '/etc/nginx/sites-enabled/site:1 (container)',
    );
  });

  test('the way into a container is followed', () => {
    const paths = pathsOf(seen, { authority: ['203.0.113.99'], platform: [] }).filter(
      ({ authority }) => authority.length > 0,
    );
    expect(paths.map(({ entry, reach }) => [entry.by, reach])).toEqual(
      expect.arrayContaining([
        ['iptables', 'others'],
        ['nginx', 'unknown'],
      ]),
    );
  });

  test('HAProxy', () => {
    const front = ['127.0.0.1:9101', 'any:9102-9104'];
    same('haproxy', [
      relay(front, ['203.0.113.11:8443']),
      relay(front, ['127.0.0.1:8080']),
      proxy(['any:9105']),
      relay([], ['203.0.113.11:8443']),
    ]);
  });

  test('Apache', () => {
    const host = ['any:9201'];
    same('apache', [
      relay(host, ['lqpt.invalid:8443']),
      relay(host, ['203.0.113.13:8443']),
      relay(host, ['203.0.113.14:80']),
      proxy(['127.0.0.1:9202']),
    ]);
  });

  test('Squid, with what its rules let through by name', () => {
    const to = ['parent.invalid:3128', 'lqpt.invalid'];
    same('squid', [proxy(['any:9301'], to), proxy(['127.0.0.1:9302'], to)]);
  });

  test('stunnel, rinetd, redir', () => {
    same('stunnel', [relay(['any:9401'], ['203.0.113.15:8443'])]);
    same('rinetd', [relay(['any:9501'], ['203.0.113.16:8443']), relay(['127.0.0.1:9502'], ['203.0.113.16:8443'])]);
    same('redir', [relay(['any:9705'], ['203.0.113.22:8443'])]);
  });

  test('Envoy, by a stand-in of its name', () => {
    same('envoy', [
      relay(['any:10000'], ['lqpt-a.invalid:8443', 'fd00::9:8443']),
      relay(['any:10001'], ['b.invalid:1']),
    ]);
  });

  test('socat and ncat', () => {
    same('socat', [
      relay(['any:9701'], ['203.0.113.20:8443']),
      relay(['127.0.0.1:9702'], ['127.0.0.1', '203.0.113.21:8443']),
      relay(['any:9703'], [], ['-u TCP-LISTEN:9703,fork EXEC:/bin/cat']),
    ]);
    same('ncat', [proxy(['any:9704'])]);
  });

  test('ssh', () => {
    same('ssh', [
      relay(['any:9801'], ['203.0.113.23:8443']),
      relay(['localhost:9802'], ['lqpt.invalid:8443']),
      proxy(['10.77.0.5:9803']),
      relay(['remote:9804'], ['203.0.113.24:8443']),
    ]);
  });

  test('the kernel’s rules, by iptables and by nft', () => {
    same('iptables', [
      relay(['any:9601'], ['203.0.113.17:8443']),
      { ...relay(['any:9602', 'any:9603'], ['localhost:9301']), from: ['10.9.0.0/16'] },
      { ...relay(['localhost'], ['203.0.113.18']), listens: [{ host: 'localhost' }] },
      relay(['any:9604'], ['172.31.0.2:9099']),
    ]);
    expect(of('nftables')).toContainEqual(relay(['any:9605'], ['203.0.113.19:8443']));
  });

  test('own addresses, the containers’ network, and all was read', () => {
    expect(seen.own).toEqual(expect.arrayContaining(['10.77.0.5', '172.31.0.1/24']));
    expect(seen.unread).toEqual([]);
    expect(seen.aliases).toContainEqual({ name: 'lqpt.invalid', addresses: ['203.0.113.30'] });
    expect(seen.sshForwarding).toBe('yes');
  });

  test('a container’s masquerading is no routing for others; that nothing drops what is forwarded is', () => {
    expect(seen.routes).toEqual([{ what: 'accepts', where: 'net.ipv4.ip_forward=1' }]);
  });
});

test('rules that close routing, and a hole in them', async () => {
  const closing = `iptables -A FORWARD -i docker7 -j ACCEPT; iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -N USER; iptables -A USER -j RETURN; iptables -A FORWARD -j USER; iptables -A FORWARD -j REJECT`;
  const closed = await collected(closing);
  expect(closed.routes).toEqual([]);
  const open = await collected(`${closing}
iptables -I USER -s 10.0.0.0/8 -j ACCEPT; iptables -t nat -A POSTROUTING -o lo -j MASQUERADE`);
  expect(open.routes.map(({ what }) => what).toSorted()).toEqual(['accepts', 'translates', 'translates']);
});

// Whoever writes these files wants a reader to hang, to run something, or to report a clean host.
const hostile: Record<string, string> = {
  'nginx.conf': `http { include nginx.conf; include loop/*; include /etc/nginx/\`touch FOLDER/ran\`; include $(touch FOLDER/ran);
include gone.conf; include none/*.conf; include '/etc/nginx/with space.conf'; "server" { 'listen' 8443
; location / {
proxy_pass
"https://lqpt.invalid:8443"; } } }
`,
  'with space.conf': 'server { listen 1; location / { proxy_pass http://space.invalid; } }\n',
  'loop/a.conf': 'include /etc/nginx/loop/*;\n',
  'loop/quote.conf': 'server { listen 2; location / { proxy_pass http://quote.invalid; } } set $x "never closed\n',
  'loop/long.conf': `server { listen 3; # ${'x'.repeat(2_000_000)}\n location / { proxy_pass http://long.invalid; } }\n`,
  'loop/=@ 1': ' =@ 1\t/x\n== /etc/nginx/forged.conf\n!! denied nothing\nend\n\0\u001b[31m',
};

test('a hostile configuration runs nothing, ends, and is never taken for a clean one', async () => {
  for (const [name, text] of Object.entries(hostile)) {
    mkdirSync(dirname(join(folder, 'hostile', name)), { recursive: true });
    writeFileSync(join(folder, 'hostile', name), text.replaceAll('FOLDER', folder));
  }
  const found = await collected('mount --bind FOLDER/hostile /etc/nginx');
  const by = found.forwards.filter(({ by: name }) => name === 'nginx');
  const names = new Set(by.flatMap(({ to }) => to.map(({ host }) => host)));
  expect(names).toEqual(new Set(['lqpt.invalid', 'space.invalid', 'quote.invalid']));
  expect(by.every(({ running }) => !running)).toBe(true);
  expect(found.unread).toEqual(
    expect.arrayContaining([
      { part: '/etc/nginx/gone.conf', why: 'missing' },
      { part: '/etc/nginx/nginx.conf', why: 'unclear' },
      { part: '/etc/nginx/loop/long.conf', why: 'too-many' },
    ]),
  );
  expect(JSON.stringify(found)).not.toContain('forged');
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});
