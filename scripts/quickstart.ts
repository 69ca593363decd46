import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { dateIn } from '../src/evidence/dates.ts';
import { createGate } from '../src/gate.ts';
import { packageRoot } from '../src/package-root.ts';
import { createScope } from '../src/scope.ts';
import { makeExamplePlatform } from './example-platform.ts';

// Makes the example's platform, starts its TLS endpoint on loopback, and scans this machine as if it were the platform.

const out = join(packageRoot, 'out');
const now = (): Date => new Date();
const platform = await makeExamplePlatform(
  join(out, 'platform'),
  dateIn(now(), 'Asia/Shanghai'),
  createGate(createScope([], []), now),
);

const endpoint = createServer(
  { cert: await readFile(platform.certificate), key: await readFile(platform.key), minVersion: 'TLSv1.2' },
  (socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
  },
);
// A port scan opens connections and closes them in the middle of a handshake.
endpoint.on('tlsClientError', (_, socket) => socket.destroy());
endpoint.listen(platform.port, '127.0.0.1');
await once(endpoint, 'listening');

// The verdicts are the report's business; the quickstart succeeds when the report was made.
const args = [
  join(packageRoot, 'src', 'cli.ts'),
  'scan',
  '--platform',
  platform.file,
  '--out',
  out,
  '--fail-on',
  'none',
  ...process.argv.slice(2),
];
const scan = spawn(process.execPath, args, { stdio: 'inherit' });
const [code] = await once(scan, 'exit');
endpoint.close();
process.exitCode = typeof code === 'number' ? code : 4;
