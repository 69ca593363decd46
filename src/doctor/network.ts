import { readFile, stat } from 'node:fs/promises';
import { Unavailable } from '../collectors/collector.ts';
import { authoritiesIn } from '../collectors/network/certificate.ts';
import { refuseWithheld } from '../collectors/relays.ts';
import { codeOf, messageOf, ScopeError } from '../errors.ts';
import type { Kind } from '../evidence/kinds.ts';
import { endpointName, isAddress } from '../evidence/subjects.ts';
import { type DeclaredEndpoint, type Platform, pathFrom } from '../platform.ts';
import { heard, verbatim } from '../text.ts';
import { hostKinds, leavesOf, type Plan, storeKinds } from './plan.ts';
import { areas, noAnswer, type Point, type Probe } from './point.ts';

/** Seconds that a connection gets. */
const connectTime = 5;

const fromNetwork: readonly Kind[] = ['tls', 'openPorts'];

/** Whether the names that a scan contacts resolve, and to nothing of the tax authority's. */
export function nameProbes(plan: Plan): Probe[] {
  const inbound = inboundOf(plan).map(({ address }) => address);
  const overSsh = hostKinds(plan).length > 0 ? sshAddresses(plan.platform) : [];
  const names = [...new Set([...inbound, ...overSsh])].filter((name) => !isAddress(name));
  return names.map((name): Probe => {
    const kinds = [...(inbound.includes(name) ? fromNetwork : []), ...(overSsh.includes(name) ? hostKinds(plan) : [])];
    const base = { area: 'names', what: verbatim(name) } as const;
    const lack = { ...base, state: 'unproven', remedy: notResolved, leaves: leavesOf(plan, kinds, true) } as const;
    return {
      run: async () => {
        try {
          return [{ ...base, state: 'ok', says: verbatim(await plan.gate.addressOf(name)) }];
        } catch (error) {
          if (error instanceof ScopeError) return [{ ...base, state: 'lacking', says: error.text, input: true }];
          return [{ ...lack, says: verbatim(codeOf(error) ?? messageOf(error)) }];
        }
      },
      late: () => [{ ...lack, says: noAnswer, leaves: { ...lack.leaves, surely: false } }],
    };
  });
}

const notResolved = {
  zh: '检查域名服务器和写法，或在平台文件中改写为地址',
  en: 'check the name server and the spelling, or put the address into the platform file',
};

/** Whether each inbound endpoint takes one TCP connection, and its authorities’ file can be read. Where nothing need be open nothing is asked. */
export function endpointProbes(plan: Plan, relaysKnown: Promise<boolean>): Probe[] {
  return inboundOf(plan).flatMap((endpoint) => [
    reach(plan, endpoint, relaysKnown),
    ...(endpoint.authority === undefined ? [] : [authority(plan, endpoint, endpoint.authority)]),
  ]);
}

function reach(plan: Plan, endpoint: DeclaredEndpoint, relaysKnown: Promise<boolean>): Probe {
  const base = { area: 'endpoints', what: verbatim(endpointName(endpoint)) } as const;
  const remedy = {
    zh: '检查服务是否运行、防火墙是否对本机放行；或从能到达的位置扫描（zone）',
    en: 'see that it runs and that the firewall lets this machine pass; or scan from where it is reached (zone)',
  };
  const lack = { ...base, state: 'unproven', remedy, leaves: leavesOf(plan, ['tls'], true) } as const;
  return {
    run: async (): Promise<Point[]> => {
      const { address, port } = endpoint;
      // A name that does not resolve is told as such.
      const resolves = await plan.gate.addressOf(address).then(
        () => true,
        () => false,
      );
      if (!resolves) return [];
      if (!(await relaysKnown)) return [{ ...lack, ...untried, leaves: { ...lack.leaves, surely: false } }];
      try {
        await refuseWithheld(plan.gate, address, port);
        const by = 'doctor';
        (await plan.gate.connect(address, port, { timeout: connectTime, by })).destroy();
        return [{ ...base, state: 'ok', says: { zh: '可以连接', en: 'takes a connection' } }];
      } catch (error) {
        if (error instanceof Unavailable) return [{ ...lack, says: heard(error.message), remedy: leadsOn }];
        return [{ ...lack, says: verbatim(codeOf(error) ?? messageOf(error)) }];
      }
    },
    late: () => [{ ...lack, says: noAnswer, leaves: { ...lack.leaves, surely: false } }],
  };
}

/** What is said of what is not contacted before it is known what the hosts pass on. */
export const untried = {
  says: {
    zh: '未试：尚不知道主机把什么转发到哪里',
    en: 'not tried: it is not known yet what the hosts pass on, and where to',
  },
  remedy: {
    zh: '先使全部主机可以采集；转发至税务机关的端口一律不连接',
    en: 'let all hosts be asked first; what leads on to the tax authority is never contacted',
  },
};

const leadsOn = {
  zh: '不要在声明的端口上转发税务机关的入口',
  en: 'let no declared port lead on to the tax authority',
};

/** Largest file of authorities that a scan reads, bytes. */
const largestAuthority = 1024 * 1024;

function authority(plan: Plan, endpoint: DeclaredEndpoint, file: string): Probe {
  const base = { area: 'endpoints', what: verbatim(endpointName(endpoint)) } as const;
  const remedy = {
    zh: '把签发机构证书（PEM）放到 authority 所指之处',
    en: 'put the authority’s certificate (PEM) where authority points to',
  };
  const lack = { ...base, state: 'unproven', remedy, leaves: leavesOf(plan, ['tls'], false) } as const;
  return {
    run: async () => {
      try {
        const path = pathFrom(plan.platform, file);
        if ((await stat(path)).size > largestAuthority) return [{ ...lack, says: verbatim(`${file}: too large`) }];
        const count = authoritiesIn(await readFile(path)).length;
        if (count === 0) return [{ ...lack, says: { zh: `${file}：没有证书`, en: `${file}: no certificate in it` } }];
        return [
          { ...base, state: 'ok', says: { zh: `${file}：${count} 个证书`, en: `${file}: ${count} certificates` } },
        ];
      } catch (error) {
        return [{ ...lack, says: verbatim(`${file}: ${codeOf(error) ?? 'not readable'}`) }];
      }
    },
    late: () => [{ ...lack, says: noAnswer, leaves: { ...lack.leaves, surely: false } }],
  };
}

/** What the profile measures and the platform file declares nothing for. */
export function undeclaredPoints(plan: Plan): Point[] {
  const { hosts, endpoints, stores } = plan.platform;
  const kinds = { hosts: hostKinds(plan), endpoints: fromNetwork, stores: storeKinds(plan) };
  const counts = { hosts: hosts.length, endpoints: endpoints.length, stores: stores.length };
  const missing = (['hosts', 'endpoints', 'stores'] as const).filter((area) => counts[area] === 0);
  return missing.flatMap((area): Point[] => {
    const leaves = leavesOf(plan, kinds[area], false);
    if (leaves.requirements.length === 0) return [];
    const what = areas[area];
    const says = { zh: '平台文件没有声明', en: 'none is declared in the platform file' };
    return [{ area, what, state: 'unproven', says, leaves }];
  });
}

/** The endpoints that a scan contacts. */
export function inboundOf({ platform, kinds }: Plan): DeclaredEndpoint[] {
  if (!fromNetwork.some((kind) => kinds.includes(kind))) return [];
  const inbound = platform.endpoints.filter(({ direction }) => direction === 'inbound');
  return [...new Map(inbound.map((endpoint) => [endpointName(endpoint), endpoint])).values()];
}

function sshAddresses({ hosts, jumpHosts }: Platform): string[] {
  const overSsh = hosts.filter(({ transport }) => transport === 'ssh');
  return overSsh.length === 0 ? [] : [...overSsh, ...jumpHosts].map(({ address }) => address);
}
