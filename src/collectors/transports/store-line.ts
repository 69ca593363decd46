import type { Duplex } from 'node:stream';
import { portOf, type ReachedStore } from '../../platform-stores.ts';
import { type Tools, Unavailable } from '../collector.ts';
import { refuseWithheld } from '../relays.ts';
import { readSshHome } from './ssh-files.ts';

/** Seconds for a TCP connection. */
const connecting = 15;

type LineTools = Pick<Tools, 'platform' | 'gate' | 'secrets' | 'sshHome'>;

/** Opens a connection to a store’s server: from here, or over SSH by way of the host that the store names. Without a signal nothing interrupts it. */
export async function openLine(store: ReachedStore, tools: LineTools, signal?: AbortSignal): Promise<Duplex> {
  const { gate, platform, secrets } = tools;
  const { address, engine: by, through } = store;
  const port = portOf(store);
  if (through === undefined)
    return gate.connect(address, port, { timeout: connecting, by, ...(signal ? { signal } : {}) });
  const machine = [...platform.jumpHosts, ...platform.hosts].find(({ name }) => name === through);
  if (!machine) throw new Unavailable('not-declared', through);
  await refuseWithheld(gate, address, port);
  // The library is loaded only where it is needed.
  const { openTunnel } = await import('./ssh-tunnel.ts');
  const home = await (tools.sshHome ?? readSshHome)();
  const options = { signal: signal ?? new AbortController().signal, secrets, home };
  return openTunnel(gate, platform, machine, { address, port, by }, options);
}
