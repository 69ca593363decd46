import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Binary, type Document } from 'bson';
import { z } from 'zod';
import { Unavailable } from '../collector.ts';

/** How one can log in: by the user's own password, which is not said to the server. */
const mechanisms = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-1': 'sha1' } as const;

type Mechanism = keyof typeof mechanisms;

// RFC 7677 asks for 4096 at least; a server that asks for far more would keep us busy.
const leastRounds = 4096;
const mostRounds = 1_000_000;

const answerSchema = z.object({
  payload: z.instanceof(Binary),
  conversationId: z.unknown().optional(),
  done: z.boolean(),
});

type Account = { readonly user: string; readonly password: string; readonly database: string };

/** The first of our ways to log in that the server offers the user; throws {@link Unavailable} if there is none. */
export function mechanismOf(offered: readonly string[] | undefined): Mechanism {
  if (offered === undefined || offered.includes('SCRAM-SHA-256')) return 'SCRAM-SHA-256';
  if (offered.includes('SCRAM-SHA-1')) return 'SCRAM-SHA-1';
  throw new Unavailable('not-supported', `the account logs in by ${offered.join(', ').slice(0, 100)}`);
}

/**
 * Logs in by SCRAM (RFC 5802, RFC 7677; MongoDB's specification “Authentication”): the server must prove that it knows the password, too.
 * Throws what `ask` throws, and {@link Unavailable} where the server does not prove it.
 */
export async function logIn(
  ask: (database: string, command: Document) => Promise<unknown>,
  { user, password, database }: Account,
  mechanism: Mechanism,
): Promise<void> {
  const hash = mechanisms[mechanism];
  const nonce = randomBytes(24).toString('base64');
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const say = async (command: Document, payload: string): Promise<z.output<typeof answerSchema> & Words> => {
    const answer = answerSchema.parse(await ask(database, { ...command, payload: new Binary(Buffer.from(payload)) }));
    return { ...answer, words: wordsIn(answer.payload.toString('utf8')) };
  };
  const start = { saslStart: 1, mechanism, options: { skipEmptyExchange: true } };
  const first = await say(start, `n,,${bare}`);
  const { r = '', s = '', i = '' } = first.words;
  const rounds = Number(i);
  if (!r.startsWith(nonce) || r === nonce || !(rounds >= leastRounds && rounds <= mostRounds)) throw unproven();
  const proven = `c=biws,r=${r}`;
  const said = [bare, first.payload.toString('utf8'), proven].join(',');
  const salted = await salt(hash === 'sha1' ? digested(user, password) : prepared(password), s, rounds, hash);
  const key = hmac(hash, salted, 'Client Key');
  const signature = hmac(hash, createHash(hash).update(key).digest(), said);
  const proof = key.map((byte, at) => byte ^ (signature[at] ?? 0));
  const go = { saslContinue: 1, conversationId: first.conversationId };
  const second = await say(go, `${proven},p=${Buffer.from(proof).toString('base64')}`);
  const theirs = Buffer.from(second.words.v ?? '', 'base64');
  const due = hmac(hash, hmac(hash, salted, 'Server Key'), said);
  if (theirs.length !== due.length || !timingSafeEqual(theirs, due)) throw unproven();
  if (!second.done && !(await say(go, '')).done) throw unproven();
}

type Words = { readonly words: Readonly<Record<string, string>> };

function wordsIn(text: string): Record<string, string> {
  return Object.fromEntries(text.split(',').map((word) => [word.slice(0, 1), word.slice(2)]));
}

function unproven(): Unavailable {
  return new Unavailable('denied', 'the server does not prove that it knows the password');
}

// What SHA-1 is given is a digest of old (MongoDB's MONGODB-CR).
function digested(user: string, password: string): string {
  return createHash('md5').update(`${user}:mongo:${password}`).digest('hex');
}

// SASLprep (RFC 4013): blanks of all kinds are one, what is not seen goes, and compatible characters are one.
function prepared(password: string): string {
  return password
    .replace(/[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/g, ' ')
    .replace(/\p{Variation_Selector}|\u00AD|\u034F|\u1806|\u200C|\u200D|\u2060|\uFEFF/gu, '')
    .normalize('NFKC');
}

function salt(password: string, salted: string, rounds: number, hash: 'sha1' | 'sha256'): Promise<Buffer> {
  return promisify(pbkdf2)(password, Buffer.from(salted, 'base64'), rounds, hash === 'sha1' ? 20 : 32, hash);
}

function hmac(hash: string, key: Uint8Array, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}
