import type { Duplex } from 'node:stream';
import ssh2, { type OpenSSHAgent } from 'ssh2';
import type { Gate } from '../../gate.ts';

/** The ssh-agent behind a socket, reached through the gate; keys never leave it. */
export function agentAt(gate: Gate, path: string): OpenSSHAgent {
  const agent = new ssh2.OpenSSHAgent(path);
  // The library would open the socket by itself.
  agent.getStream = (done: (error?: Error, stream?: Duplex) => void): void => {
    gate.connectLocal(path).then(
      (socket) => done(undefined, socket),
      () => done(new Error('the ssh-agent cannot be reached')),
    );
  };
  return agent;
}
