import { readFile, stat } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type OpenSSHAgent, type ParsedKey } from 'ssh2';
import { codeOf } from '../../errors.ts';
import type { Secrets } from '../../secrets.ts';
import { verbatim } from '../../text.ts';
import { asksForPassword } from './ssh-prompts.ts';
import type { Hop } from './ssh-route.ts';

/** What logging in may use. */
export type LoginTools = { readonly secrets: Secrets; readonly agent?: OpenSSHAgent };

/** Where the passphrase of an encrypted key comes from, before anyone is asked. */
export const passphraseVariable = 'LEQI_SSH_PASSPHRASE';

type Try = () => Promise<AnyAuthMethod | undefined>;

/** What came of logging in, to tell of where it fails; without any secret. */
export type Attempts = {
  /** What was offered, and what could not be. */
  readonly tried: string[];
  /** OpenSSH certificates that lie beside keys: they are not offered. */
  readonly certificates: string[];
  /** What the server asked that nothing here could answer; untrusted. */
  readonly unanswered: string[];
};

/** Offers one way to log in after another, the first of them at once: asking the server which it takes costs a round trip. */
export function loginTo(hop: Hop, tools: LoginTools): { handler: AuthHandlerMiddleware; attempts: Attempts } {
  const attempts: Attempts = { tried: [], certificates: [], unanswered: [] };
  const { tried } = attempts;
  const tries = triesFor(hop, tools, attempts);
  const next = async (left: readonly string[] | null): Promise<AnyAuthMethod | undefined> => {
    for (let one = tries.shift(); one; one = tries.shift()) {
      const method = await one();
      if (!method) continue;
      const name = method.type === 'agent' ? 'publickey' : method.type;
      if (left && !left.includes(name)) continue;
      tried.push(method.type);
      return method;
    }
    return undefined;
  };
  const handler: AuthHandlerMiddleware = (left, _partial, done) => {
    const giveUp = (): void => done(false as never);
    next(left).then((method) => (method ? done(method) : giveUp()), giveUp);
  };
  return { handler, attempts };
}

function triesFor(hop: Hop, tools: LoginTools, attempts: Attempts): Try[] {
  const byAgent: Try[] = tools.agent ? [agentTry(hop, tools.agent)] : [];
  const byKey = hop.keys.files.map((file) => keyTry(hop, file, tools, attempts));
  const byPassword = [passwordTry(hop, tools), questionsTry(hop, tools, attempts)];
  switch (hop.login) {
    case 'agent':
      return byAgent;
    case 'key':
      return byKey;
    case 'password':
      return byPassword.slice(0, 1);
    case 'keyboard-interactive':
      return byPassword.slice(1);
    case undefined:
      if (hop.keys.declared) return hop.password ? [...byKey, ...byPassword] : byKey;
      return hop.password ? byPassword : [...byAgent, ...byKey];
  }
}

function agentTry({ user: username }: Hop, agent: OpenSSHAgent): Try {
  return async () => ({ type: 'agent', username, agent });
}

function keyTry({ user: username, keys }: Hop, file: string, { secrets }: LoginTools, attempts: Attempts): Try {
  const { tried, certificates } = attempts;
  return async () => {
    // ssh(1) would offer it; the library signs for plain keys only.
    const certificate = `${file}-cert.pub`;
    if ((await stat(certificate).catch(() => undefined))?.isFile()) certificates.push(certificate);
    const key = await readKey(file, secrets);
    if (typeof key !== 'string') return { type: 'publickey', username, key };
    // Of the usual files most are not there.
    if (keys.declared || key !== 'not there') tried.push(`${file}: ${key}`);
    return undefined;
  };
}

function passwordTry(hop: Hop, { secrets }: LoginTools): Try {
  return async () => {
    const password = await passwordOf(hop, secrets);
    return password === undefined ? undefined : { type: 'password', username: hop.user, password };
  };
}

// Most servers ask for nothing but the password this way, and once; of anything else (a one-time code) the person is asked.
function questionsTry(hop: Hop, { secrets }: LoginTools, { unanswered }: Attempts): Try {
  let asked = 0;
  let isSent = false;
  const answer = async ({ prompt, echo }: { prompt: string; echo?: boolean }): Promise<string> => {
    const isPassword = !isSent && !echo && asksForPassword(prompt);
    const password = isPassword ? await passwordOf(hop, secrets) : undefined;
    isSent ||= password !== undefined;
    const words = prompt.slice(0, 200).trim();
    const question = verbatim(`${hop.user}@${hop.name} ${words}`);
    const given = password ?? (await secrets({ key: `question ${hop.name} ${asked} ${words}`, question }));
    if (given === undefined) unanswered.push(words);
    return given ?? '';
  };
  return async () => ({
    type: 'keyboard-interactive',
    username: hop.user,
    prompt: (_name, _instructions, _language, prompts, finish) => {
      asked += 1;
      const all = async (): Promise<string[]> => {
        const answers: string[] = [];
        for (const each of prompts) answers.push(await answer(each));
        // An empty answer would count as a wrong one; none at all ends this way to log in.
        return unanswered.length > 0 ? [] : answers;
      };
      all().then(finish, () => finish([]));
    },
  });
}

async function passwordOf({ password, user, name }: Hop, secrets: Secrets): Promise<string | undefined> {
  if (password === undefined) return undefined;
  if (password !== 'prompt') return secrets({ key: `env ${password.env}`, env: password.env });
  return secrets({
    key: `password ${user}@${name}`,
    question: { zh: `${user}@${name} 的密码`, en: `password of ${user}@${name}` },
  });
}

const parsed = new WeakMap<Secrets, Map<string, Promise<ParsedKey | string>>>();

// Once for all hosts of a run: to decrypt a key takes the better part of a second.
function readKey(file: string, secrets: Secrets): Promise<ParsedKey | string> {
  const ofRun = parsed.get(secrets) ?? new Map<string, Promise<ParsedKey | string>>();
  parsed.set(secrets, ofRun);
  const key = ofRun.get(file) ?? parseFile(file, secrets);
  ofRun.set(file, key);
  return key;
}

async function parseFile(file: string, secrets: Secrets): Promise<ParsedKey | string> {
  const content = await readFile(file).catch((error: unknown) => error);
  if (!Buffer.isBuffer(content)) return codeOf(content) === 'ENOENT' ? 'not there' : 'cannot be read';
  const plain = keyIn(content);
  if (typeof plain !== 'string' || !/encrypted|passphrase/i.test(plain)) return plain;
  const passphrase = await secrets({
    key: `passphrase ${file}`,
    env: passphraseVariable,
    question: { zh: `私钥 ${file} 的口令`, en: `passphrase of ${file}` },
  });
  if (passphrase === undefined) return `encrypted, and no passphrase in ${passphraseVariable}`;
  const opened = keyIn(content, passphrase);
  return typeof opened === 'string' ? 'wrong passphrase' : opened;
}

// The key, or what is wrong with it; the library gives or throws an error.
function keyIn(content: Buffer, passphrase?: string): ParsedKey | string {
  try {
    const key: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(content, passphrase);
    const [first] = Array.isArray(key) ? key : [key];
    if (first === undefined) return 'no private key';
    if (first instanceof Error) return first.message;
    return first.isPrivateKey() ? first : 'no private key';
  } catch {
    return 'no private key';
  }
}
