import { createInterface } from 'node:readline';
import type { Secrets } from '../secrets.ts';
import { type Context, sayIn } from './context.ts';

/** Secrets from environment variables, else from the person at the terminal, who is asked once for each and one at a time. */
export function createSecrets(context: Context): Secrets {
  const known = new Map<string, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  return async ({ key, env, question }) => {
    const held = env === undefined ? undefined : process.env[env];
    if (held !== undefined) return held;
    if (question === undefined || !process.stdin.isTTY) return undefined;
    const earlier = known.get(key);
    if (earlier) return earlier;
    const answer = last.then(() => ask(`${sayIn(context.language)(question)}: `, context));
    known.set(key, answer);
    last = answer;
    return answer;
  };
}

// Without an output what is typed is not shown.
function ask(question: string, { signal, holdProgress }: Context): Promise<string | undefined> {
  return new Promise((resolve) => {
    holdProgress(true);
    const lines = createInterface({ input: process.stdin, terminal: true });
    const end = (answer: string | undefined): void => {
      signal.removeEventListener('abort', stop);
      process.stderr.write('\n');
      holdProgress(false);
      resolve(answer);
      lines.close();
    };
    const stop = (): void => end(undefined);
    signal.addEventListener('abort', stop, { once: true });
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.once('close', stop);
    process.stderr.write(question);
    lines.question('', end);
  });
}
