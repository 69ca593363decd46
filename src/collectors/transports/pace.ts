import type { Gate } from '../../gate.ts';
import { said } from '../../text.ts';
import { NotReady } from './ask-for-tls.ts';
import { unheard } from './ear.ts';

/** How hard one endpoint may be asked. */
export type Pace = {
  /** Connections open at the same time, at most. */
  readonly connections: number;
  /** New connections a second. */
  readonly rate: number;
};

/** Milliseconds without a new connection after one was turned away. */
const rest = 100;

/** Milliseconds in which several connections that are turned away count as one complaint. */
const oneComplaint = 250;

/** Connections at the same time that are tried even then. */
const leastConnections = 4;

/** Complaints in a row after which nothing more is asked. */
const mostComplaints = 5;

/** Connections closed without a word that mean nothing: many servers answer so to versions that they do not know. */
const wordless = 8;

/**
 * A gate whose connections wait their turn; one per endpoint. An endpoint that turns connections away (refuses them, or closes
 * them without a word) is asked half as many at a time from then on, so that its limit, or that of a firewall before it, is met; in the end nothing more.
 */
export function paced(gate: Gate, { connections, rate }: Pace): Gate {
  const waiting: (() => void)[] = [];
  const interval = 1000 / rate;
  let allowed = connections;
  let open = 0;
  let nextAt = 0;
  let silent = 0;
  let hasConnected = false;
  let complaints = 0;
  let lastComplaint = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const admit = (): void => {
    timer = undefined;
    while (open < allowed && waiting.length > 0) {
      const wait = nextAt - performance.now();
      // A timer is never exact to less than a millisecond.
      if (wait > 1) {
        timer = setTimeout(admit, wait);
        return;
      }
      nextAt = Math.max(nextAt, performance.now()) + interval;
      open += 1;
      waiting.shift()?.();
    }
  };
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!timer) admit();
    });
  const leave = (): void => {
    open -= 1;
    if (!timer) admit();
  };
  const slowDown = (): boolean => {
    const now = performance.now();
    nextAt = Math.max(nextAt, now + rest);
    if (now - lastComplaint <= oneComplaint) return false;
    lastComplaint = now;
    allowed = Math.max(Math.min(connections, leastConnections), Math.floor(allowed / 2));
    return true;
  };
  // A closed port refuses from the start, and means no limit.
  const refused = (): void => {
    if (hasConnected && slowDown()) complaints += 1;
  };
  // What is closed even when little is asked at a time, is closed for what was asked.
  const closed = (bytes: number): void => {
    if (bytes > 0) complaints = 0;
    else silent += 1;
    if (bytes === 0 && silent > wordless && allowed > leastConnections) slowDown();
  };

  return {
    ...gate,
    async connect(host, port, options) {
      await turn();
      try {
        // Whoever has given up while it waited contacts nobody.
        options.signal?.throwIfAborted();
        if (complaints >= mostComplaints) throw new NotReady(unheard('held-back', leftAlone));
        const socket = await gate.connect(host, port, options);
        hasConnected = true;
        const end = (): void => {
          closed(socket.bytesRead);
          leave();
        };
        socket.once('close', end);
        if (socket.closed) end();
        return socket;
      } catch (error) {
        // What a service says before TLS has had its pause.
        if (!options.signal?.aborted && !(error instanceof NotReady)) refused();
        leave();
        throw error;
      }
    },
  };
}

const leftAlone = said({
  zh: '端点一再拒绝连接，不再连接；可在平台文件中调低 limits.tls',
  en: 'the endpoint turned connections away again and again, so it was left alone; lower limits.tls in the platform file',
});
