import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { Binary, type Document } from 'bson';

const hashes = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-1': 'sha1' } as const;
const rounds = 4096;

type Account = { readonly user: string; readonly db: string; readonly password: string };

/** The server's side of SCRAM (RFC 5802), one conversation: what it answers to `saslStart` and `saslContinue`; undefined is a refusal. */
export function createScram(accounts: readonly Account[], proves = true) {
  let expected: { proof(given: string): boolean; answer: string; account: Account } | undefined;
  let done: Account | undefined;

  const start = ({ mechanism, payload, $db }: Document): string | undefined => {
    const hash = mechanism === 'SCRAM-SHA-1' ? hashes['SCRAM-SHA-1'] : hashes['SCRAM-SHA-256'];
    const bare = textOf(payload).replace(/^n,,/, '');
    const [, user = '', nonce = ''] = bare.match(/^n=(.*),r=(.*)$/) ?? [];
    const name = user.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const account = accounts.find((each) => each.user === name && each.db === $db);
    if (!account) return undefined;
    const salt = randomBytes(hash === 'sha1' ? 16 : 28);
    const first = `r=${nonce}${randomBytes(24).toString('base64')},s=${salt.toString('base64')},i=${rounds}`;
    const secret =
      hash === 'sha1'
        ? createHash('md5').update(`${name}:mongo:${account.password}`).digest('hex')
        : account.password.normalize('NFKC');
    const salted = pbkdf2Sync(secret, salt, rounds, hash === 'sha1' ? 20 : 32, hash);
    const mac = (key: Uint8Array, text: string): Buffer => createHmac(hash, key).update(text).digest();
    const said = `${bare},${first},c=biws,${first.split(',')[0]}`;
    const stored = createHash(hash).update(mac(salted, 'Client Key')).digest();
    expected = {
      account,
      answer: `v=${mac(proves ? mac(salted, 'Server Key') : randomBytes(32), said).toString('base64')}`,
      proof: (given) => {
        const signature = mac(stored, said);
        const key = Buffer.from(given, 'base64').map((byte, at) => byte ^ (signature[at] ?? 0));
        return createHash(hash).update(key).digest().equals(stored);
      },
    };
    return first;
  };

  return {
    account: () => done,
    answer(command: Document): Document | undefined {
      if ('saslStart' in command) {
        const first = start(command);
        if (first === undefined) return undefined;
        return { conversationId: 1, done: false, payload: new Binary(Buffer.from(first)), ok: 1 };
      }
      const [, proof = ''] = textOf(command.payload).match(/,p=(.*)$/) ?? [];
      if (!expected?.proof(proof)) return undefined;
      done = expected.account;
      return { conversationId: 1, done: true, payload: new Binary(Buffer.from(expected.answer)), ok: 1 };
    },
  };
}

function textOf(payload: unknown): string {
  return payload instanceof Binary ? Buffer.from(payload.buffer).toString('utf8') : String(payload);
}
