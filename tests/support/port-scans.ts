import type { OpenPort, OpenPorts } from '../../src/evidence/network/open-ports.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { seen } from './check-tester.ts';

type From = { subject?: string; zone?: string };

/** An open port of which nothing more is known, unless it says otherwise. */
export function openPort(port: number, known: Partial<OpenPort> = {}): OpenPort {
  return { port, protocol: 'tcp', ...known };
}

/** A scan of all ports that found these open and the others closed, unless it says otherwise. */
export function portScan(
  open: readonly (number | OpenPort)[],
  value: Partial<OpenPorts> = {},
  { subject = '203.0.113.10', zone = '互联网' }: From = {},
): Seen<OpenPorts> {
  return seen(
    'openPorts',
    {
      method: 'nmap -sS',
      address: '203.0.113.10',
      loopback: false,
      scanned: '1-65535',
      complete: true,
      open: open.map((each) => (typeof each === 'number' ? openPort(each) : each)),
      closed: '1-65535',
      filtered: '',
      counts: { open: open.length, closed: 65_535 - open.length, filtered: 0 },
      ...value,
    },
    { subject, zone },
  );
}
