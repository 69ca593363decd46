import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { AuthorityWay } from '../../src/evidence/host/authority-way.ts';
import { isListed } from '../../src/evidence/host/forward-paths.ts';
import { unreadText } from '../../src/evidence/host/unread.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { wayMessages, wayRemedies } from '../shared/authority-way-words.ts';

type Found = Finding<keyof typeof wayMessages>;

/** The connector reaches the tax authority over TLS, and verifies whom it talks to. */
export const check = defineCheck({
  id: 'network/way-to-authority',
  title: { zh: '向税务系统传输的保护', en: 'The way to the tax system is protected' },
  about: {
    zh: '只凭主机证据判定：声明的连接程序配置中的税务机关地址是否使用 HTTPS，进程的环境变量、参数和配置中有没有关闭证书校验的开关，采集时是否存在通往该地址的连接。绝不为验证而解析或连接税务机关。写在程序代码里的关闭证书校验，以及连接实际采用的加密，从主机看不到。',
    en: 'From host evidence alone: whether the declared connector’s configuration leads to the tax authority by HTTPS, whether its environment, arguments or settings turn the verification of certificates off, and whether a connection there stood when the host was examined. The authority is never resolved or contacted to find out. What a program’s own code turns off, and how a connection is really encrypted, cannot be seen from the host.',
  },
  reads: ['authorityWay', 'platform'],
  parameters: z.strictObject({
    /** Names of the tax authority, with all below them; addresses and blocks are allowed. The platform file may add more. */
    authority: z.array(z.string().min(1)).min(1),
  }),
  messages: wayMessages,
  remedies: wayRemedies,

  judge({ authorityWay, platform }, { authority }) {
    if (authorityWay.length === 0) return [unproven('noHost', [], {}, 'authorityWay')];
    const owners = [...authority, ...(platform[0]?.value.taxAuthority ?? [])];
    const found = authorityWay.flatMap((host) => judgeHost(host, platform, owners));
    return found.length > 0 ? found : [unproven('noConnector', authorityWay, {}, 'authorityWay')];
  },
});

type Destination = AuthorityWay['configs'][number]['destinations'][number] & { readonly where: string };

/** Of a host, only what concerns the authority. */
type Way = {
  readonly host: Seen<AuthorityWay>;
  readonly cites: readonly [Seen<unknown>, ...Seen<unknown>[]];
  readonly destinations: readonly Destination[];
  readonly sessions: AuthorityWay['sessions'];
};

function judgeHost(
  host: Seen<AuthorityWay>,
  platform: readonly Seen<PlatformDeclaration>[],
  owners: readonly string[],
): Found[] {
  const { configs, connectorRuns, sessions, aliases } = host.value;
  const known = [...owners, ...aliases.filter(({ name }) => isListed(name, owners)).map(({ address }) => address)];
  const way: Way = {
    host,
    cites: [host, ...platform],
    destinations: configs
      .flatMap(({ path, destinations }) => destinations.map((each) => ({ ...each, where: `${path}:${each.line}` })))
      .filter(({ host: name }) => isListed(name, known)),
    sessions: sessions.filter(({ address }) => isListed(address, known)),
  };
  if (configs.length === 0 && connectorRuns === undefined)
    return way.sessions.length > 0 ? [unproven('undeclared', way.cites, { sessions: shown(way.sessions) })] : [];
  const found = [...ofDestinations(way), ...ofSwitches(way), ...ofSessions(way), ...unseen(way)];
  if (found.length > 0) return found;
  const to = names(way.destinations.map(({ scheme, host: name, port }) => `${scheme}://${at(name, port)}`));
  return [met('protected', way.cites, { to, sessions: shown(way.sessions) })];
}

function ofDestinations({ destinations, cites }: Way): Found[] {
  if (destinations.length === 0) return [unproven('noDestination', cites)];
  const secure = destinations.filter(isSecure).map(({ host }) => host);
  return destinations.flatMap((each): Found[] => {
    const data = { where: each.where, to: at(each.host, each.port), scheme: each.scheme };
    if (isSecure(each)) return [];
    if (each.scheme === 'http' || each.scheme === 'ws') return [unmet('plainHttp', cites, data)];
    return each.scheme === 'none' && secure.includes(each.host) ? [] : [unproven('schemeUnclear', cites, data)];
  });
}

function isSecure({ scheme }: Destination): boolean {
  return scheme === 'https' || scheme === 'wss';
}

// Only what holds for all that the connector calls, or stands beside the authority's name, is said of this way.
function ofSwitches({ host, cites }: Way): Found[] {
  const { configs, processes, connectorRuns } = host.value;
  const written = configs.flatMap(({ path, switches }) =>
    switches.map(({ name, scope, line }) => {
      const data = { name, where: `${path}:${line}` };
      return scope === 'some' ? unproven('maybeOff', cites, data) : unmet('verificationOff', cites, data);
    }),
  );
  // Where the connector's own program is known, what others do is nothing of this.
  const concerned = processes.filter(({ connector }) => connector || connectorRuns !== true);
  const running = concerned.flatMap(({ program, connector, switches }) =>
    switches.map(({ name, scope }) => {
      const data = { name, where: program };
      return connector && scope !== 'some' ? unmet('verificationOff', cites, data) : unproven('maybeOff', cites, data);
    }),
  );
  return [...new Map([...written, ...running].map((each) => [JSON.stringify(each), each])).values()];
}

function ofSessions({ destinations, sessions, cites }: Way): Found[] {
  if (sessions.length === 0) return [unproven('noSession', cites)];
  const ports = new Set(destinations.filter(isSecure).map(({ port = 443 }) => port));
  const odd = sessions.filter(({ port }) => !ports.has(port));
  return odd.length > 0 ? [unproven('otherPort', cites, { sessions: shown(odd) })] : [];
}

function unseen({ host, cites }: Way): Found[] {
  const { configs, connectorRuns, unread } = host.value;
  const closed = configs.filter(({ problem }) => problem !== undefined).map(({ path }) => path);
  return [
    ...(connectorRuns === false ? [unproven('notRunning', cites)] : []),
    ...(closed.length > 0 ? [unproven('configUnread', cites, { paths: names(closed) })] : []),
    ...(unread.length > 0 ? [unproven('unread', cites, { parts: unreadText(unread) })] : []),
  ];
}

function shown(sessions: AuthorityWay['sessions']): string {
  return names(sessions.map(({ address, port }) => at(address, port)));
}

function at(host: string, port: number | undefined): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

const most = 8;

function names(list: readonly string[]): string {
  const all = [...new Set(list)];
  return all.slice(0, most).join(', ') + (all.length > most ? ', …' : '');
}
