import type { Command } from '../../src/collectors/collector.ts';
import { Unavailable } from '../../src/collectors/collector.ts';
import type { Examined } from '../../src/collectors/transports/examined.ts';
import { examineSsh } from '../../src/collectors/transports/ssh.ts';
import type { SshHome } from '../../src/collectors/transports/ssh-files.ts';
import { createGate, type Gate } from '../../src/gate.ts';
import { declaredTargets, type Platform } from '../../src/platform.ts';
import { createScope } from '../../src/scope.ts';
import type { Secrets } from '../../src/secrets.ts';
import { command } from '../collectors/transports/host-scripts.ts';
import { platformOf } from '../support/tools.ts';

/** What a test asks where it asks nothing special. */
export const hello = [command('hello', 'echo hello; id -u')];

/** A gate for what the platform file declares. */
export function gateOf(platform: Platform): Gate {
  return createGate(createScope(declaredTargets(platform), platform.taxAuthority), () => new Date());
}

type Asked = {
  ssh: object;
  home: SshHome;
  address?: string;
  jumpHosts?: object[];
  commands?: readonly Command[];
  seconds?: number;
  signal?: AbortSignal;
  secrets?: Secrets;
  gate?: (platform: Platform) => Gate;
};

/** Examines one declared host; what keeps it from being examined is given as it would stand in the evidence. */
export async function examine(asked: Asked): Promise<Examined> {
  const { ssh, home, address = '127.0.0.1', jumpHosts = [], commands = hello, seconds = 60 } = asked;
  const { signal = new AbortController().signal, secrets = async () => undefined } = asked;
  const platform = platformOf({ hosts: [{ name: 'app-1', address, transport: 'ssh', ssh }], jumpHosts });
  const [host] = platform.hosts;
  if (!host) throw new Error('no host');
  const gate = (asked.gate ?? gateOf)(platform);
  return examineSsh(gate, platform, host, commands, { home, seconds, signal, secrets }).catch((error: unknown) => {
    if (error instanceof Unavailable) return { results: new Map(), lost: error };
    throw error;
  });
}

/** Reason and English words of why something was lost. */
export function lossOf({ lost }: Examined): string {
  return lost ? `${lost.reason}: ${lost.message.split(' | ').at(-1)}` : '';
}
