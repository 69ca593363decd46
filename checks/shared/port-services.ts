import { z } from 'zod';
import { heardOn, type OpenPort, rangesOf } from '../../src/evidence/network/open-ports.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';

/** Services by name, with the TCP ports that they usually have and the answers by which they are known. */
export const services = z.record(
  z.string().min(1).max(64),
  z.strictObject({
    ports: z.array(z.int().min(1).max(65_535)).min(1),
    /** `service` of the evidence, by nmap's names; empty where it has none, so that whatever is heard on its port is something else. */
    speaks: z.array(z.string().min(1).max(64)),
  }),
);

export type Services = z.output<typeof services>;

// Much is served over HTTP: heard on a service's usual port it may be that service; elsewhere it says nothing.
const carriers: readonly string[] = ['http'];

/** The services that an open port may belong to: by what was heard on it, else by its number alone. */
export function servicesAt(open: OpenPort, list: Services): string[] {
  const heard = heardOn(open);
  const fits = ({ ports, speaks }: Services[string]): boolean => {
    const isUsual = ports.includes(open.port);
    return heard === undefined ? isUsual : speaks.includes(heard) && (isUsual || !carriers.includes(heard));
  };
  return Object.entries(list).flatMap(([name, each]) => (fits(each) ? [name] : []));
}

/** Whether a port was heard to answer, outside TLS, as one of the services does; if nothing was heard, whether its number is usual for one. */
export function answersInClear(open: OpenPort, list: Services): boolean {
  if (open.tls) return false;
  const heard = heardOn(open);
  return Object.values(list).some(({ ports, speaks }) =>
    heard === undefined ? ports.includes(open.port) : speaks.includes(heard),
  );
}

/** Whether what was heard on a port always encrypts: TLS, and SSH (RFC 4253, 6.3). */
export function encrypts(open: OpenPort): boolean {
  return open.tls === true || heardOn(open) === 'ssh';
}

/** Ports that a text names one by one. */
const most = 20;

/** Open ports with what is known of them: `13306（实测应答：mysql 8.0.36）、5432（按端口号推断：PostgreSQL）、9999`. */
export function described(ports: readonly OpenPort[], list: Services): Text {
  const told = ports.flatMap((open) => {
    const note = noteOn(open, list);
    return note ? [{ zh: `${open.port}（${note.zh}）`, en: `${open.port} (${note.en})` }] : [];
  });
  const rest = ports.filter((open) => !noteOn(open, list)).map(({ port }) => port);
  const parts = [
    ...told.slice(0, most),
    ...(told.length > most ? [{ zh: `另外 ${told.length - most} 个`, en: `${told.length - most} more` }] : []),
    ...(rest.length > 0 ? [shown(rangesOf(rest))] : []),
  ];
  return joined(parts, '、', ', ');
}

function noteOn(open: OpenPort, list: Services): Text | undefined {
  const heard = heardOn(open);
  const words = [heard, heard === undefined ? undefined : open.product].filter((each) => each !== undefined).join(' ');
  const names = servicesAt(open, list).join('/');
  const isGuess = names !== '' && (heard === undefined || carriers.includes(heard));
  const notes: Text[] = [
    ...(open.tls && words === '' ? [{ zh: '以 TLS 应答', en: 'answers in TLS' }] : []),
    ...(open.tls && words !== '' ? [{ zh: `TLS 内应答：${words}`, en: `answers within TLS: ${words}` }] : []),
    ...(!open.tls && words !== '' ? [{ zh: `实测应答：${words}`, en: `answers: ${words}` }] : []),
    ...(isGuess ? [{ zh: `按端口号推断：${names}`, en: `by its number: ${names}` }] : []),
  ];
  return notes.length > 0 ? joined(notes, '，', ', ') : undefined;
}

/** Ranges that a text can show: the first ones, if they are very many. */
export function shown(ranges: string): Text {
  const parts = ranges.split(',');
  const first = parts.slice(0, most).join(',');
  if (ranges === '') return { zh: '无', en: 'none' };
  return parts.length > most ? { zh: `${first} 等`, en: `${first} and more` } : verbatim(first);
}
