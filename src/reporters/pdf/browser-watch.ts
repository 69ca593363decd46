import { type BrowserProcess, type Ending, startBrowser } from './browser-process.ts';

/** A browser at work, and whoever waits for it; disposing ends it. */
export type Watch = AsyncDisposable & {
  readonly transport: BrowserProcess['transport'];
  /** Waits for some work of the browser until it is done, fails, the browser has ended, the time is over, or somebody interrupts. */
  during<T>(work: Promise<T>, limit: Limit): Promise<T>;
};

/** How long something may take, and what is thrown when it does not come about. */
export type Limit = { readonly seconds: number; readonly late: () => Error; readonly ended: (ending: Ending) => Error };

/** Starts a browser to be watched. */
export function startWatched(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Watch {
  signal?.throwIfAborted();
  const [program = '', ...args] = command;
  const browser = startBrowser(program, args, env);
  signal?.addEventListener('abort', browser.kill, { once: true });
  return {
    transport: browser.transport,
    async during(work, { seconds, late, ended }) {
      const { promise: isLate, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(late()), seconds * 1000);
      const hasEnded = browser.ended.then((ending) => Promise.reject(ended(ending)));
      try {
        return await Promise.race([work, isLate, hasEnded]);
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', browser.kill);
      browser.kill();
      await browser.ended;
    },
  };
}
