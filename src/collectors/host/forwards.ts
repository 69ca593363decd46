import type { Forward, Forwards } from '../../evidence/host/forwards.ts';
import { type CommandResult, type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { readApache } from './forwards/apache.ts';
import { commands } from './forwards/commands.ts';
import { type Configuration, type Part, readConfigurations, type Unread } from './forwards/configurations.ts';
import { readEnvoy } from './forwards/envoy.ts';
import { readHaproxy } from './forwards/haproxy.ts';
import { readKernel } from './forwards/kernel.ts';
import { readNginx } from './forwards/nginx.ts';
import { readProcesses } from './forwards/processes.ts';
import { readRinetd, readStunnel, readXinetd } from './forwards/small.ts';
import { readSquid } from './forwards/squid.ts';
import { readSettings } from './forwards/ssh.ts';
import { isComplete, ranAsRoot } from './output.ts';

const most = 1000;

const readers: Readonly<Record<string, (configuration: Configuration) => Part>> = {
  nginx: readNginx,
  apache: readApache,
  haproxy: readHaproxy,
  squid: readSquid,
  envoy: readEnvoy,
  stunnel: readStunnel,
  rinetd: readRinetd,
  xinetd: readXinetd,
};

/** Every way by which a host passes traffic on: reverse proxies, tunnels, forward proxies, the kernel's rules. */
export const forwards = defineHostCollector({
  id: 'host/forwards',
  kind: 'forwards',
  ask: () => commands,
  read: readForwards,
});

function readForwards(results: CommandResults): Forwards {
  const listing = results('processes');
  if (!/^uid:\d/m.test(listing.stdout)) {
    throw new Unavailable(listing.timedOut ? 'timed-out' : 'failed', listing.stderr || '/proc');
  }
  const kernel = readKernel(complete(results('kernel')));
  const sections = sectionsIn(complete(results('programs')));
  const settings = readSettings(complete(results('settings')));
  const parts: Part[] = [
    ...Object.entries(readers).map(([name, reader]) => configured(sections.get(name), name, reader)),
    settings,
    kernel,
  ];
  const processes = withoutSocketProxies(readProcesses(whole(listing)).forwards, settings.forwards);
  const found = [...parts.flatMap((part) => part.forwards), ...processes];
  const names = new Set(found.flatMap(({ to }) => to.map(({ host }) => host)));
  return {
    forwards: found.slice(0, most).map(bounded),
    routes: kernel.routes.slice(0, most),
    own: kernel.own.slice(0, most),
    aliases: settings.aliases.filter(({ name }) => names.has(name)).slice(0, most),
    sshForwarding: settings.sshForwarding,
    unread: unique([
      ...parts.flatMap((part) => part.unread),
      ...commands.flatMap(({ name }) => unseen(name, results(name))),
      ...(/^all-seen$/m.test(listing.stdout) ? [] : [{ part: '/proc', why: 'denied' as const }]),
      ...(found.length > most || kernel.own.length > most ? [{ part: '…', why: 'too-many' as const }] : []),
    ]).slice(0, most),
  };
}

// A server block that lost its `listen`, or rules that lost their end, say something else than they did: nothing is taken from them.
function complete(result: CommandResult): string {
  return isComplete(result) ? result.stdout : '';
}

// Each process stands on a line of its own, so that what was printed to its end is true.
function whole({ stdout }: CommandResult): string {
  return stdout.slice(0, stdout.lastIndexOf('\n') + 1);
}

// No content can pass for a heading: what is printed of a file stands behind a blank.
function sectionsIn(output: string): Map<string, string> {
  const [, ...sections] = output.split(/^=% /m);
  return new Map(
    sections.map((text) => {
      const end = text.indexOf('\n');
      return [text.slice(0, end), text.slice(end + 1)];
    }),
  );
}

function configured(output: string | undefined, name: string, reader: (configuration: Configuration) => Part): Part {
  if (output === undefined) return { forwards: [], unread: [{ part: name, why: 'incomplete' }] };
  const { configurations, unread } = readConfigurations(output);
  const parts = configurations.map((each) => within(reader(each), each.network));
  return {
    forwards: uniqueForwards(parts.flatMap((part) => part.forwards)),
    unread: [...unread, ...parts.flatMap((part) => part.unread)],
  };
}

function within(part: Part, network: Forward['network']): Part {
  return network === undefined ? part : { ...part, forwards: part.forwards.map((each) => ({ ...each, network })) };
}

// Several processes may use one configuration.
function uniqueForwards(found: readonly Forward[]): Forward[] {
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

// The unit says where a socket proxy listens, its process does not.
function withoutSocketProxies(processes: readonly Forward[], units: readonly Forward[]): Forward[] {
  const known = new Set(units.filter(({ by }) => by === 'systemd').map(({ to }) => JSON.stringify(to)));
  return processes.filter(({ by, to }) => !by.startsWith('systemd') || !known.has(JSON.stringify(to)));
}

function bounded(each: Forward): Forward {
  const more = [each.to, each.listens, each.unresolved, each.from ?? []].some((list) => list.length > 200);
  return {
    ...each,
    listens: each.listens.slice(0, 200),
    ...(each.from ? { from: each.from.slice(0, 200) } : {}),
    to: each.to.slice(0, 200),
    unresolved: [...each.unresolved.slice(0, 200), ...(more ? ['…'] : [])],
  };
}

function unseen(name: string, result: CommandResult): Unread[] {
  if (!isComplete(result)) return [{ part: name, why: 'incomplete' }];
  return ranAsRoot(result) ? [] : [{ part: name, why: 'denied' }];
}

function unique(unread: readonly Unread[]): Unread[] {
  return [...new Map(unread.map((each) => [JSON.stringify(each), each])).values()];
}
