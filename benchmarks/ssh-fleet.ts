import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import ssh2 from 'ssh2';

// Simulated hosts for benchmarks/hosts.ts: one process answers on all addresses of its machine with a recorded output.
// Usage: node benchmarks/ssh-fleet.ts HOST_KEY PORT OUTPUT; in OUTPUT, `@RECORDED` stands for `@` and the mark of the run.

const [, , key = '', port = '', output = ''] = process.argv;
const recorded = readFileSync(output, 'utf8');
const hostKeys = [readFileSync(key)];
const server = new ssh2.Server({ hostKeys }, (connection) => {
  connection.on('error', () => {});
  // Who may log in is not what is measured.
  connection.on('authentication', (attempt) => attempt.accept());
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec) => {
      const channel = acceptExec();
      let script = '';
      channel.on('data', (chunk: Buffer) => {
        if (script.length < 100) script += chunk.toString('latin1', 0, 100);
      });
      channel.on('end', () => {
        const run = script.match(/^run=(\w+)/)?.[1] ?? '';
        channel.write(recorded.replaceAll('@RECORDED', `@${run}`));
        channel.exit(0);
        channel.end();
      });
    });
  });
});
createServer({ noDelay: true }, (socket) => server.injectSocket(socket)).listen(Number(port), '0.0.0.0');
