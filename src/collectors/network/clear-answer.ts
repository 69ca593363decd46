import { ScopeError } from '../../errors.ts';
import { printable } from '../../text.ts';
import type { Line } from '../transports/line.ts';
import { ask, headRequest } from '../transports/service-talk.ts';

/** Characters of a status line that are kept. */
const longest = 100;

/**
 * Whether a port that speaks TLS serves HTTP in clear text as well, as a port that tells them apart by the first byte does: its status
 * line, or undefined. A server that only says that the request was wrong, or sends to another place, serves nothing.
 */
export async function clearAnswer({ gate, host, port, signal }: Line): Promise<string | undefined> {
  const heard = await ask({ gate, host, port, signal }, headRequest).catch((error: unknown) => {
    if (error instanceof ScopeError) throw error;
    return Buffer.alloc(0);
  });
  const [line, code = ''] = heard.toString('latin1').match(/^HTTP\/\d(?:\.\d)? (\d{3})\b[^\r\n]*/) ?? [];
  return line === undefined || refusals.test(code) ? undefined : printable(line).slice(0, longest).toWellFormed();
}

// RFC 9110, 15: redirection, Bad Request, Misdirected Request, Upgrade Required; 497 is nginx's own for HTTP on a TLS port.
const refusals = /^(3\d\d|400|421|426|497)$/;
