import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Unavailable } from '../../../src/collectors/collector.ts';
import { type PortStates, portsIn, readNmap } from '../../../src/collectors/transports/nmap-output.ts';
import { countOfPorts, openPorts, rangesOf } from '../../../src/evidence/network/open-ports.ts';
import { printable } from '../../../src/text.ts';
import { holds } from '../../support/fuzz.ts';

// The frame that nmap 7.93 prints, shortened; parts of it are changed below.
const frame = (services: string, ports: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1795328873" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="102" services="${services}"/>
<host starttime="1795328873" endtime="1795328873"><status state="up" reason="user-set" reason_ttl="0"/>
<address addr="127.0.0.1" addrtype="ipv4"/>
<hostnames>
</hostnames>
<ports>${ports}</ports>
</host>
<runstats><finished time="1795328873" elapsed="0.28" exit="success"/><hosts up="1" down="0" total="1"/>
</runstats>
</nmaprun>`;
const real = frame(
  '443,8443,19000-19099',
  `<extraports state="closed" count="61">
<extrareasons reason="reset" count="61" proto="tcp" ports="443,19040-19099"/>
</extraports>
<extraports state="filtered" count="40">
<extrareasons reason="no-response" count="40" proto="tcp" ports="19000-19039"/>
</extraports>
<port protocol="tcp" portid="8443"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="https-alt" method="table" conf="3"/></port>`,
);

const tokens = [
  '"',
  '<',
  '>',
  '/',
  '&amp;',
  '&#0;',
  '99999',
  '0',
  '1-65535',
  '-',
  ',',
  'open',
  'closed',
  '\u001b[2J',
  '\u202e',
  '\ud83d',
];
const edit = fc.tuple(fc.nat(), fc.nat({ max: 30 }), fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 6 })));
const mutated = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
  edits.reduce((xml, [at, length, text]) => {
    const from = at % (xml.length + 1);
    return xml.slice(0, from) + text + xml.slice(from + (length > 20 ? 0 : length));
  }, real),
);

const portText = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 1, max: 5 })).map(String);
const portLists = fc
  .array(
    fc.oneof(
      portText,
      fc.tuple(portText, portText).map((ends) => ends.join('-')),
      fc.constantFrom('-', '1-', '-9', '1-2-3'),
    ),
  )
  .map((parts) => parts.join(','));
const states = fc.constantFrom('open', 'closed', 'filtered');
const scans = fc
  .tuple(
    portLists,
    fc.array(fc.tuple(portText, states, fc.string({ maxLength: 80, unit: 'binary' })), { maxLength: 6 }),
    fc.array(fc.tuple(states, portLists), { maxLength: 3 }),
  )
  .map(([services, listed, folded]) =>
    frame(
      services,
      [
        ...folded.map(([state, ports]) => `<extraports state="${state}"><extrareasons ports="${ports}"/></extraports>`),
        ...listed.map(
          ([port, state, name]) =>
            `<port protocol="tcp" portid="${port}"><state state="${state}"/><service name="${name.replace(/[<"&]/g, '')}"/></port>`,
        ),
      ].join('\n'),
    ),
  );

function readOrRefuse(xml: string): PortStates | undefined {
  try {
    return readNmap(xml);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    expect(error.message.length).toBeLessThan(600);
    expect(printable(error.message)).toBe(error.message);
    return undefined;
  }
}

test('whatever nmap prints is read into sound evidence or refused with a short reason', () => {
  const property = fc.property(fc.oneof(mutated, scans, fc.string({ unit: 'binary' })), (xml) => {
    const read = readOrRefuse(xml);
    if (!read) return;
    openPorts.value.parse({ method: 'nmap -sS', address: '127.0.0.1', loopback: true, complete: true, ...read });
    const { open, closed, filtered, counts } = read;
    expect(counts).toEqual({ open: open.length, closed: countOfPorts(closed), filtered: countOfPorts(filtered) });
    const all = [...open.map(({ port }) => port), ...portsIn(closed), ...portsIn(filtered)];
    expect(new Set(all).size).toBe(all.length);
    for (const { service = '' } of open) {
      expect(printable(service)).toBe(service);
      expect(service.length).toBeLessThanOrEqual(64);
      expect(service.isWellFormed()).toBe(true);
    }
  });
  holds(property, 150);
});

test('a cut answer is never read', () => {
  const property = fc.property(fc.integer({ min: 1, max: real.length }), (missing) => {
    expect(readOrRefuse(real.slice(0, -missing))).toBeUndefined();
  });
  holds(property, 400);
});

test('ranges and ports are the same thing said twice', () => {
  const property = fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 300 }), (ports) => {
    const sorted = ports.toSorted((a, b) => a - b);
    expect(portsIn(rangesOf(ports))).toEqual(sorted);
    expect(portsIn(ports.join(','))).toEqual(sorted);
  });
  holds(property, 300);
});

test('all ports a hundred thousand times take no time', () => {
  const started = performance.now();
  expect(portsIn('1-65535,'.repeat(50_000)).length).toBe(65_535);
  expect(readOrRefuse(frame('1-65535,'.repeat(100_000), ''))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(2000);
});

test('tags within tags, a hundred thousand deep', () => {
  expect(readOrRefuse(frame('1', '<a>'.repeat(100_000)))).toBeUndefined();
  readOrRefuse(frame('1', `${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`));
});
