import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import ssh2 from 'ssh2';

// What no collection over SSH from Node can beat: connect, log in, one script, take its output, and throw it away.
// Usage: node benchmarks/ssh-bare.ts KEY USER PORT CONCURRENCY SCRIPT ADDRESS…

const [, , keyFile = '', username = '', port = '', concurrency = '', script = '', ...addresses] = process.argv;
const key = readFileSync(keyFile);
const text = readFileSync(script);
let next = 0;

function once(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: Number(port), noDelay: true });
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('ready', () =>
      client.exec('/bin/sh', (error, channel) => {
        if (error) return reject(error);
        channel.resume();
        channel.stderr.resume();
        channel.on('close', () => {
          client.destroy();
          resolve();
        });
        channel.end(text);
      }),
    );
    client.connect({
      sock: socket,
      username,
      authHandler: (_left, _partial, done) => done({ type: 'publickey', username, key }),
      algorithms: { kex: ['curve25519-sha256'], serverHostKey: ['ssh-ed25519'] },
    });
  });
}

async function worker(): Promise<void> {
  for (let address = addresses[next++]; address !== undefined; address = addresses[next++]) await once(address);
}

await Promise.all(Array.from({ length: Number(concurrency) }, worker));
