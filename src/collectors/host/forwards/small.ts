import type { Forward, Place } from '../../../evidence/host/forwards.ts';
import type { Configuration, Part, Statement } from './configurations.ts';
import { listenerOf, placeOf } from './places.ts';

const at = (host: string, port: string): Place | undefined =>
  placeOf(`${host.includes(':') ? `[${host}]` : host}:${port}`);
const list = (place: Place | undefined): Place[] => (place ? [place] : []);

/** rinetd.conf: `bindaddress bindport connectaddress connectport`, ports with `/tcp` or `/udp`. */
export function readRinetd({ statements, running }: Configuration): Part {
  const forwards: Forward[] = [];
  const unread: { part: string; why: 'unclear' }[] = [];
  for (const { words, where } of statements) {
    const [first = '', port = '', host = '', toPort = ''] = words.map((word) => word.replace(/\/(tcp|udp)$/i, ''));
    if (/^(allow|deny|logfile|logcommon|pidlogfile|include)$/i.test(first)) continue;
    const to = at(host, toPort);
    const from = at(first, port);
    if (!to || !from) unread.push({ part: where, why: 'unclear' });
    else forwards.push({ by: 'rinetd', where, running, kind: 'relay', listens: [from], to: [to], unresolved: [] });
  }
  return { forwards, unread };
}

/** stunnel.conf: sections with `accept` and `connect`; options of the head hold for none of them. */
export function readStunnel({ statements, running }: Configuration): Part {
  const forwards = sectionsAt(statements, (first) => first.startsWith('[')).flatMap((section) => {
    const values = (key: string): string[] =>
      section.flatMap(({ words }) => (words[0]?.toLowerCase() === key ? [words[1] ?? ''] : []));
    const to = values('connect').flatMap((text) => list(/^\d+$/.test(text) ? at('localhost', text) : placeOf(text)));
    const socks = values('protocol').some((each) => /^(socks|connect)$/i.test(each));
    if (values('connect').length === 0 && !socks) return [];
    const listens = values('accept').flatMap((text) => list(listenerOf(text)));
    const where = section[0]?.where ?? 'stunnel';
    const kind = socks && to.length === 0 ? ('proxy' as const) : ('relay' as const);
    return [
      {
        by: 'stunnel',
        where,
        running,
        kind,
        listens,
        to,
        unresolved: kind === 'relay' && to.length === 0 ? values('connect') : [],
      },
    ];
  });
  return { forwards, unread: [] };
}

/** xinetd.conf(5): services with `redirect = HOST PORT`. */
export function readXinetd({ statements, running }: Configuration): Part {
  const forwards = sectionsAt(statements, (first) => first === 'service' || first === 'defaults').flatMap((section) => {
    const value = (key: string): readonly string[] =>
      section.find(({ words }) => words[0]?.toLowerCase() === key)?.words.slice(1) ?? [];
    const [host, port] = value('redirect');
    if (host === undefined || /^yes$/i.test(value('disable')[0] ?? '')) return [];
    const bind = value('bind')[0] ?? value('interface')[0] ?? 'any';
    const own = value('port')[0];
    const to = at(host, port ?? '');
    const listens = [own ? (at(bind === 'any' ? '' : bind, own) ?? { host: 'any' }) : { host: bind }];
    return [
      {
        by: 'xinetd',
        where: section[0]?.where ?? 'xinetd',
        running,
        kind: 'relay' as const,
        listens,
        to: list(to),
        unresolved: to ? [] : [`redirect ${host}`],
      },
    ];
  });
  return { forwards, unread: [] };
}

function sectionsAt(statements: readonly Statement[], isHead: (first: string) => boolean): Statement[][] {
  const found: Statement[][] = [[]];
  for (const statement of statements) {
    if (isHead(statement.words[0]?.toLowerCase() ?? '')) found.push([]);
    found.at(-1)?.push(statement);
  }
  return found;
}
