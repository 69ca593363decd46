import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { z } from 'zod';

// Run in place of Chromium: speaks its protocol over the pipes 3 and 4, and fails as its first argument says. `deaf`, `old` and `full` answer by
// themselves; the others pass everything on to the real browser, whose path is the second argument, until a page is printed.

const [how = '', real = '', ...args] = process.argv.slice(2);
// Sockets, as Node hands them over: a file's pending read would hold the process back at its end.
const toUser = new Socket({ fd: 4 });
const fromUser = new Socket({ fd: 3 });
const request = z.looseObject({ id: z.number(), method: z.string(), sessionId: z.string().optional() });
type Request = z.infer<typeof request>;

const browser = ['killed', 'crashed'].includes(how) ? startReal() : undefined;
if (!browser) console.error(`${how} browser`);

forEachMessage(fromUser, (text) => {
  const message = request.parse(JSON.parse(text));
  if (browser) return passOn(browser, message, text);
  const answer = answerTo(message);
  if (answer) toUser.write(`${JSON.stringify({ id: message.id, ...answer })}\0`);
});
fromUser.on('end', () => process.exit(0));

function answerTo({ method }: Request): object | undefined {
  switch (method) {
    case 'Browser.getVersion':
      return { result: { product: how === 'old' ? 'HeadlessChrome/98.0.4758.102' : 'HeadlessChrome/156.0.0.0' } };
    case 'Target.getBrowserContexts':
      return { result: { browserContextIds: [] } };
    case 'Target.createTarget':
      return how === 'deaf' ? undefined : { error: { code: -32000, message: 'No space left on device' } };
    default:
      return { result: {} };
  }
}

function startReal(): ChildProcess {
  const child = spawn(real, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  child.stdio[4]?.on('data', (chunk) => toUser.write(chunk));
  child.once('exit', (status, signal) => process.exit(signal === 'SIGKILL' ? 137 : (status ?? 1)));
  return child;
}

function passOn(child: ChildProcess, { id, method, sessionId }: Request, text: string): void {
  const isPrint = method === 'Page.printToPDF';
  if (isPrint && how === 'killed') child.kill('SIGKILL');
  else {
    const pipe = child.stdio[3];
    if (!pipe || !('write' in pipe)) throw new Error('no pipe to the browser');
    pipe.write(`${isPrint ? JSON.stringify({ id, method: 'Page.crash', sessionId }) : text}\0`);
  }
}

function forEachMessage(from: NodeJS.ReadableStream, use: (message: string) => void): void {
  let pending = '';
  from.setEncoding('utf8');
  from.on('data', (chunk: string) => {
    const messages = (pending + chunk).split('\0');
    pending = messages.pop() ?? '';
    for (const message of messages) use(message);
  });
}
