import type { Place } from '../../../evidence/host/forwards.ts';

const schemePorts: Readonly<Record<string, string>> = {
  http: '80',
  ws: '80',
  h2c: '80',
  https: '443',
  wss: '443',
  h2: '443',
  grpc: '80',
  grpcs: '443',
  ajp: '8009',
  fcgi: '9000',
  ftp: '21',
};

/** A place from `host:port`, `[::1]:443`, `*:80`, `:443`, `80`, `https://host`, `unix:/path`; undefined if it names none. */
export function placeOf(text: string, defaultPort?: string): Place | undefined {
  const unix =
    text.match(/(?:^|:\/\/|@)unix[:@]\/{0,2}(\/?[^:|\s]+)/i)?.[1] ?? (text.startsWith('/') ? text : undefined);
  if (unix !== undefined) return { host: `unix:${unix}` };
  const [, scheme = '', rest = ''] = text.match(/^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i) ?? [];
  const authority = rest.replace(/[/?#].*$/, '').replace(/^.*@/, '');
  const [, bracketed, host = bracketed ?? '', port] =
    authority.match(
      /^(?:\[([0-9a-f:.%]+)\]|([^[\]:\s]*|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*))(?::(\d{1,5}(?:-\d{1,5})?))?$/i,
    ) ?? [];
  if (host === '' && port === undefined) return undefined;
  if (!/^[\w.*:%-]*$/.test(host)) return undefined;
  const known = port ?? schemePorts[scheme.toLowerCase()] ?? defaultPort;
  return { host: named(host), ...(known === undefined ? {} : { port: known }) };
}

/** A listener: as {@link placeOf}, but a number alone is a port, and no host means every address. */
export function listenerOf(text: string, defaultPort?: string): Place | undefined {
  return /^\d{1,5}$/.test(text) ? { host: 'any', port: text } : placeOf(text, defaultPort);
}

function named(host: string): string {
  const bare = host.toLowerCase().replace(/\.+$/, '');
  return ['', '*', '0.0.0.0', '::', '0', '0000:0000:0000:0000:0000:0000:0000:0000'].includes(bare) ? 'any' : bare;
}
