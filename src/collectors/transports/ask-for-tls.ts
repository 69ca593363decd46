import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { StartTlsService } from '../../evidence/network/tls.ts';
import type { Gate } from '../../gate.ts';
import { said } from '../../text.ts';
import { type Answer, listen, unheard } from './ear.ts';
import { longestPreamble, preambles, type Step } from './start-tls.ts';

/** No TLS can begin on a connection; says what was answered instead. */
export class NotReady extends Error {
  readonly answer: Answer;
  /** Later it may be otherwise. */
  readonly passing: boolean;

  constructor(answer: Answer, passing = false) {
    super(answer.detail);
    this.name = 'NotReady';
    this.answer = answer;
    this.passing = passing;
  }
}

/** Milliseconds to wait before a service is asked again that is full: some count a connection for a while after its end. */
const pauses = [200, 600, 1800] as const;

/**
 * A gate to one service that begins in clear text: its connections are ready for TLS. Once the service has refused for good, it is
 * left alone.
 * @param most connections in all. MySQL and MariaDB count each handshake that no login follows, and shut an address out at
 * `max_connect_errors`, until it logs in or somebody flushes (FLUSH HOSTS); loopback is exempt
 */
export function startingTls(gate: Gate, service: StartTlsService, most: number): Gate {
  let left = most;
  let refusal: NotReady | undefined;
  const connectOnce: Gate['connect'] = async (host, port, options) => {
    if (refusal) throw refusal;
    if (left <= 0) throw new NotReady(unheard('held-back', heldBack));
    left -= 1;
    return askForTls(await gate.connect(host, port, options), service);
  };
  return {
    ...gate,
    async connect(host, port, options) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await connectOnce(host, port, options);
        } catch (error) {
          const wait = pauses[attempt];
          if (!(error instanceof NotReady) || error.answer.ending !== 'turned-away') throw error;
          if (!error.passing || wait === undefined) refusal ??= error;
          if (refusal || wait === undefined) throw error;
          await pause(wait, undefined, options.signal ? { signal: options.signal } : {});
        }
      }
    },
  };
}

const heldBack = said({
  zh: '为免被服务封禁，不再连接（上限为平台文件的 limits.tls.mysql）',
  en: 'no further connection was made, lest the service shut the scanner out (limits.tls.mysql of the platform file)',
});

// Gives the socket paused, so that nothing which comes later is lost.
function askForTls(socket: Socket, service: StartTlsService): Promise<Socket> {
  const step = preambles[service];
  return new Promise((resolve, reject) => {
    let count = 0;
    let from = 0;
    const ear = listen(socket, (ending, detail) => {
      socket.off('data', proceed);
      if (ending === 'done') return;
      socket.destroy();
      reject(new NotReady(unheard(ending, detail)));
    });
    const finish = (last: Last): void => {
      ear.end('done');
      socket.pause();
      if (last === 'tls') {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(notReady(last));
    };
    const proceed = (): void => {
      const heard = ear.heard().subarray(from);
      const now = step(count, heard, socket.localAddress ?? '');
      if (now === 'more') {
        if (heard.length > longestPreamble) finish({ away: `> ${longestPreamble} B` });
        return;
      }
      if (now === 'tls' || !('say' in now)) {
        finish(now);
        return;
      }
      socket.write(now.say);
      count += 1;
      from += heard.length;
      if (now.next === 'tls') finish('tls');
    };
    socket.on('data', proceed);
    proceed();
  });
}

type Last = Exclude<Step, 'more' | { readonly say: Buffer }>;

function notReady(last: Exclude<Last, 'tls'>): NotReady {
  if ('plain' in last) return new NotReady({ heard: Buffer.from(last.plain), ending: 'done', detail: '' });
  return new NotReady(unheard('turned-away', last.away), last.passing);
}
