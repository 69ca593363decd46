import type { Gate } from '../../gate.ts';

/** How hard one endpoint may be asked. */
export type Pace = {
  /** Connections open at the same time. */
  readonly connections: number;
  /** New connections a second. */
  readonly rate: number;
};

/** A gate whose connections wait their turn; one per endpoint. */
export function paced(gate: Gate, { connections, rate }: Pace): Gate {
  const waiting: (() => void)[] = [];
  const interval = 1000 / rate;
  let open = 0;
  let nextAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const admit = (): void => {
    timer = undefined;
    while (open < connections && waiting.length > 0) {
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

  return {
    ...gate,
    async connect(host, port, options) {
      await turn();
      try {
        // Whoever has given up while it waited contacts nobody.
        options.signal?.throwIfAborted();
        const socket = await gate.connect(host, port, options);
        socket.once('close', leave);
        if (socket.closed) leave();
        return socket;
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
