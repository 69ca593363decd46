import { readFileSync } from 'node:fs';
import { tls } from '../../src/collectors/network/tls.ts';
import { endpointName } from '../../src/evidence/subjects.ts';
import { platformOf, toolsFor } from './tools.ts';

/*
 * A program of its own: probes the port in its argument and prints what came of it, with the most memory that it ever held (KiB;
 * proc(5), VmHWM: the figure of getrusage(2) begins with that of the parent).
 */
const port = Number(process.argv[2]);
const address = '127.0.0.1';
const platform = platformOf({ endpoints: [{ address, port, direction: 'inbound' }] });
const started = performance.now();
const outcome = await tls.collect(endpointName({ address, port }), toolsFor(platform)).then(
  ({ value, raw = '' }) => ({ value, raw: raw.length }),
  (error: unknown) => ({ error: String(error) }),
);
process.stdout.write(
  JSON.stringify({
    ...outcome,
    seconds: (performance.now() - started) / 1000,
    peak: Number(readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+)/)?.[1]),
  }),
);
