import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/collectors/collector.ts';
import {
  portsIn,
  progressIn,
  readNmap,
  readServices,
  versionIn,
} from '../../../src/collectors/transports/nmap-output.ts';

const frame = (services: string, ports: string, exit = 'success') => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.93 scan initiated Sun Nov 22 06:27:53 2026 as: nmap -n -Pn -sS -oX - 127.0.0.1 -->
<nmaprun scanner="nmap" args="nmap -n -Pn -sS -&#45;min-rate 1000 -oX - 127.0.0.1" start="1795328873" startstr="Sun Nov 22 06:27:53 2026" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="102" services="${services}"/>
<verbose level="0"/>
<debugging level="0"/>
<host starttime="1795328873" endtime="1795328873"><status state="up" reason="user-set" reason_ttl="0"/>
<address addr="127.0.0.1" addrtype="ipv4"/>
<hostnames>
</hostnames>
${ports}
<times srtt="7" rttvar="0" to="100000"/>
</host>
<runstats><finished time="1795328873" timestr="Sun Nov 22 06:27:53 2026" summary="Nmap done at Sun Nov 22 06:27:53 2026; 1 IP address (1 host up) scanned in 0.28 seconds" elapsed="0.28" exit="${exit}"/><hosts up="1" down="0" total="1"/>
</runstats>
</nmaprun>
`;

// nmap 7.93 on Debian 12, -sS -p 443,8443,19000-19099 against 127.0.0.1; 19000 to 19039 listen with full queues.
const mixed = frame(
  '443,8443,19000-19099',
  `<ports><extraports state="closed" count="61">
<extrareasons reason="reset" count="61" proto="tcp" ports="443,19040-19099"/>
</extraports>
<extraports state="filtered" count="40">
<extrareasons reason="no-response" count="40" proto="tcp" ports="19000-19039"/>
</extraports>
<port protocol="tcp" portid="8443"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="https-alt" method="table" conf="3"/></port>
</ports>`,
);

// The same nmap, -p 18502-18505: few ports are listed one by one.
const listed = frame(
  '18502-18505',
  `<ports><port protocol="tcp" portid="18502"><state state="open" reason="syn-ack" reason_ttl="64"/></port>
<port protocol="tcp" portid="18503"><state state="closed" reason="reset" reason_ttl="64"/></port>
<port protocol="tcp" portid="18504"><state state="closed" reason="reset" reason_ttl="64"/></port>
<port protocol="tcp" portid="18505"><state state="filtered" reason="no-response" reason_ttl="64"/><service name="unknown" method="table" conf="3"/></port>
</ports>`,
);

// The same nmap without CAP_NET_RAW.
const noRawSocket = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -n -Pn -sS -p 18502 -oX - 127.0.0.1" start="1795328791" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1" services="18502"/>
<runstats><finished time="1795328791" elapsed="0.03" exit="error" errormsg="Couldn&apos;t open a raw socket. Error: Operation not permitted (1)"/><hosts up="1" down="4294967295" total="0"/>
</runstats>
</nmaprun>`;

describe('what nmap prints', () => {
  test('states folded together by port lists', () => {
    expect(readNmap(mixed)).toEqual({
      scanned: '443,8443,19000-19099',
      open: [{ port: 8443, protocol: 'tcp', service: 'https-alt', by: 'number' }],
      closed: '443,19040-19099',
      filtered: '19000-19039',
      counts: { open: 1, closed: 61, filtered: 40 },
    });
  });

  test('ports one by one', () => {
    expect(readNmap(listed)).toEqual({
      scanned: '18502-18505',
      open: [{ port: 18502, protocol: 'tcp' }],
      closed: '18503-18504',
      filtered: '18505',
      counts: { open: 1, closed: 2, filtered: 1 },
    });
  });

  // Reconstructed after nmap.dtd of 7.80: extrareasons without ports.
  test('an older nmap: the rest is in the one state that is folded', () => {
    const ports = `<ports><extraports state="closed" count="99"><extrareasons reason="conn-refused" count="99"/></extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="ssh" method="table" conf="3"/></port></ports>`;
    expect(readNmap(frame('1-100', ports))).toMatchObject({ closed: '1-21,23-100', counts: { open: 1, closed: 99 } });
  });

  test('an older nmap: two folded states without ports leave the rest untold', () => {
    const ports = `<ports><extraports state="closed" count="50"><extrareasons reason="resets" count="50"/></extraports>
<extraports state="filtered" count="50"><extrareasons reason="no-responses" count="50"/></extraports></ports>`;
    expect(readNmap(frame('1-100', ports))).toMatchObject({ open: [], closed: '', filtered: '', scanned: '1-100' });
  });

  test('all ports folded', () => {
    const ports = `<ports><extraports state="filtered" count="65535"><extrareasons reason="no-response" count="65535" proto="tcp" ports="1-65535"/></extraports></ports>`;
    expect(readNmap(frame('1-65535', ports))).toMatchObject({ filtered: '1-65535', counts: { filtered: 65_535 } });
  });

  test('no port element at all', () => {
    expect(readNmap(frame('1-2', '<ports></ports>'))).toMatchObject({ open: [], closed: '', filtered: '' });
  });
});

describe('what nmap heard', () => {
  // The same nmap, -sT -sV --version-light: sshd, nginx, nginx with TLS, a silent server, one that hangs up.
  const asked = frame(
    '10022,10080,10443,15236-15237',
    `<ports><port protocol="tcp" portid="10022"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="ssh" product="OpenSSH" version="9.2p1 Debian 2+deb12u10" extrainfo="protocol 2.0" ostype="Linux" method="probed" conf="10"><cpe>cpe:/a:openbsd:openssh:9.2p1</cpe><cpe>cpe:/o:linux:linux_kernel</cpe></service></port>
<port protocol="tcp" portid="10080"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="http" product="nginx" version="1.22.1" method="probed" conf="10"><cpe>cpe:/a:igor_sysoev:nginx:1.22.1</cpe></service></port>
<port protocol="tcp" portid="10443"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="http" product="nginx" version="1.22.1" tunnel="ssl" method="probed" conf="10"><cpe>cpe:/a:igor_sysoev:nginx:1.22.1</cpe></service></port>
<port protocol="tcp" portid="15236"><state state="open" reason="syn-ack" reason_ttl="0"/></port>
<port protocol="tcp" portid="15237"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="tcpwrapped" method="probed" conf="8"/></port>
</ports>`,
  );

  test('names, products, TLS', () => {
    expect([...readServices(asked)]).toEqual([
      [10022, { service: 'ssh', by: 'nmap', product: 'OpenSSH 9.2p1 Debian 2+deb12u10' }],
      [10080, { service: 'http', by: 'nmap', product: 'nginx 1.22.1' }],
      [10443, { service: 'http', by: 'nmap', product: 'nginx 1.22.1', tls: true }],
      [15237, {}],
    ]);
  });

  const service = (attributes: string): unknown =>
    readServices(
      frame('1', `<ports><port protocol="tcp" portid="1"><state state="open"/><service ${attributes}/></port></ports>`),
    ).get(1);

  // The first is real, the others are made up after nmap.dtd.
  test.each([
    ['name="mqtt" method="probed" conf="10"', { service: 'mqtt', by: 'nmap' }],
    ['name="ssl" method="probed" conf="10"', { tls: true, by: 'nmap' }],
    ['name="unknown" tunnel="ssl" method="probed" conf="10"', { tls: true, by: 'nmap' }],
    ['name="https" method="table" conf="3"', {}],
    ['name="https"', {}],
    [
      'name="x" product="a &lt;b&gt; &amp;lt; \u001b[2J" method="probed"',
      { service: 'x', by: 'nmap', product: 'a <b> &lt; ·[2J' },
    ],
    [
      `name="${'n'.repeat(90)}" product="${'p'.repeat(900)}" method="probed"`,
      { service: 'n'.repeat(64), by: 'nmap', product: 'p'.repeat(100) },
    ],
  ])('%s', (attributes, expected) => {
    expect(service(attributes)).toEqual(expected);
  });

  test('its progress, as far as the words are whole', () => {
    const piece = `ent="1"/>
<taskprogress task="SYN Stealth Scan" time="1795349055" percent="15.12" remaining="6" etc="1795349061"/>
<taskprogress task="Service scan" time="1795350472" percent="40.00" remaining="17" etc="1795350489"/>
<taskprogress task="SYN Stealth Scan" time="17953`;
    expect(progressIn(piece)).toEqual([
      { percent: 15.12, left: 6 },
      { percent: 40, left: 17 },
    ]);
  });
});

describe('what proves nothing', () => {
  const reasonOf = (xml: string): unknown => {
    try {
      return readNmap(xml);
    } catch (error) {
      return error instanceof Unavailable ? error.reason : error;
    }
  };

  test.each([
    ['an error', noRawSocket],
    ['a scan that did not end well', frame('1', '<ports></ports>', 'error')],
    ['output that is cut', mixed.slice(0, mixed.indexOf('</ports>'))],
    ['nothing', ''],
    ['no XML', 'Starting Nmap 7.93 ( https://nmap.org )'],
    ['another protocol', mixed.replace('protocol="tcp" num', 'protocol="udp" num')],
    ['a state it does not know', mixed.replace('state="open"', 'state="open|filtered"')],
    ['a port that is no number', mixed.replace('portid="8443"', 'portid="&#56;443"')],
    ['a second host', mixed.replace('<host start', '<host></host><host start')],
  ])('%s', (_, xml) => {
    expect(reasonOf(xml)).toBe('unparsable');
  });

  test('no address was scanned: there is no route', () => {
    expect(reasonOf(mixed.replace(/<host [\s\S]*<\/host>/, ''))).toBe('unreachable');
  });

  test('entities are not expanded', () => {
    const bomb = mixed
      .replace('<!DOCTYPE nmaprun>', '<!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>')
      .replace('https-alt', '&b;');
    const read = reasonOf(bomb);
    expect(JSON.stringify(read)).not.toContain('aaaa');
  });
});

test.each([
  ['1-3', [1, 2, 3]],
  ['22,80-82,443', [22, 80, 81, 82, 443]],
  ['-3', [1, 2, 3]],
  ['65534-', [65_534, 65_535]],
  ['0-1,70000', [1]],
  ['5-3', []],
  ['', []],
])('the ports of %j', (list, ports) => {
  expect(portsIn(list)).toEqual(ports);
});

describe('the version of nmap', () => {
  test('is what its output says of itself', () => expect(versionIn(mixed)).toBe('7.93'));

  test.each([
    ['no output of nmap', '<other version="7.93">'],
    ['the version of the format alone', '<nmaprun xmloutputversion="1.05">'],
    ['something else than a version', '<nmaprun version="<b>7</b>">'],
    ['a word without end', `<nmaprun version="7${'9'.repeat(100)}">`],
    ['an element without end', `<nmaprun ${'a '.repeat(100_000)}`],
  ])('%s names none', (_, xml) => expect(versionIn(xml)).toBeUndefined());
});
