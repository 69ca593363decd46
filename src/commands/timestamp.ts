import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Unavailable } from '../collectors/collector.ts';
import { type HttpServer, httpPost } from '../collectors/transports/http.ts';
import { InputError, MachineError, messageOf, ScopeError, UserError } from '../errors.ts';
import { reasons } from '../evidence/observation.ts';
import { createGate, type Gate } from '../gate.ts';
import { type Platform, pathFrom, readPlatform } from '../platform.ts';
import { type DeclaredTimestampServer, placeOfTimestampServer } from '../platform-timestamps.ts';
import { createScope } from '../scope.ts';
import { certificatesInPem } from '../signing/key-file.ts';
import type { TimeStampServer } from '../signing/timestamp-request.ts';
import type { Trust } from '../signing/trust.ts';
import { heard, printable } from '../text.ts';
import { type Context, sayIn } from './context.ts';

export type TimestampOptions = { timestamp?: true; platform: string };

/** `--timestamp`, and `--platform`, which declares the server. */
export function addTimestampOptions(command: Command, context: Context): Command {
  const say = sayIn(context.language);
  return command
    .option(
      '--timestamp',
      say({
        zh: '签名附时间戳（RFC 3161），由平台文件的 timestampServer 出具；取不到则不签署',
        en: 'stamp the signatures (RFC 3161) by the platform file’s timestampServer; without a stamp nothing is signed',
      }),
    )
    .option(
      '--platform <file>',
      say({ zh: '平台文件，只用于 --timestamp', en: 'platform file; read for --timestamp alone' }),
      'platform.yaml',
    );
}

/**
 * The server that the options and the platform file name; undefined if none is asked for. The scope is that one host: no collector and no reporter is
 * handed this gate. Throws {@link InputError} for what is not declared, and what the guard refuses.
 */
export async function timestampServerOf(
  { timestamp, platform: file }: TimestampOptions,
  context: Context,
): Promise<TimeStampServer | undefined> {
  if (!timestamp) return undefined;
  const platform = await readPlatform(file);
  const declared = platform.timestampServer;
  if (!declared) {
    throw new InputError({
      zh: `${file} 未声明 timestampServer，--timestamp 无从取得时间戳`,
      en: `${file} declares no timestampServer for --timestamp`,
    });
  }
  const { trust, authorities } = await trustedBy(declared, platform);
  const { host, port, path, isTls } = placeOfTimestampServer(declared);
  const gate = await gateTo(host, platform, context);
  const tls = isTls ? { tls: { verified: true, ...(authorities ? { authorities } : {}) } } : {};
  const server: HttpServer = { gate, host, port, ...tls, headers: {}, signal: context.signal };
  return {
    name: declared.url,
    trust,
    ...(declared.policy === undefined ? {} : { policy: declared.policy }),
    now: context.now,
    ask: (request) => askedOf(server, path, request, { name: declared.url, context }),
  };
}

// A name that leads to the authority is refused at once; one that leads nowhere is an error of its own, later.
async function gateTo(host: string, platform: Platform, { now }: Context): Promise<Gate> {
  const gate = createGate(createScope([host], platform.taxAuthority), now, { named: platform.resolvers });
  try {
    await gate.addressOf(host);
  } catch (error) {
    if (error instanceof ScopeError) throw error;
  }
  return gate;
}

async function trustedBy(
  { authority, trust: { authority: stamps, fingerprint } }: DeclaredTimestampServer,
  platform: Platform,
): Promise<{ trust: Trust; authorities?: string[] }> {
  const plain = fingerprint?.replaceAll(':', '').toLowerCase();
  const read = async (path: string) => certificatesOf(pathFrom(platform, path));
  return {
    trust: { authorities: stamps === undefined ? [] : await read(stamps), fingerprint: plain },
    ...(authority === undefined ? {} : { authorities: (await read(authority)).map(String) }),
  };
}

async function certificatesOf(path: string): Promise<ReturnType<typeof certificatesInPem>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = messageOf(error);
    throw new InputError({ zh: `无法读取 ${path}：${why}`, en: `cannot read ${path}: ${why}` }, { cause: error });
  }
  const certificates = certificatesInPem(text, path);
  if (certificates.length > 0) return certificates;
  throw new InputError({ zh: `${path} 中没有证书（PEM）`, en: `${path} holds no certificate (PEM)` });
}

// Seconds and bytes: a server answers in one or two, by some thousand bytes.
const limits = { seconds: 30, bytes: 65_536 };

type Asking = { readonly name: string; readonly context: Context };

async function askedOf(
  server: HttpServer,
  path: string,
  request: Uint8Array,
  { name, context }: Asking,
): Promise<Uint8Array> {
  const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
  try {
    const address = await server.gate.addressOf(server.host);
    context.note({
      zh: `联系时间戳服务器 ${name}（${address}）`,
      en: `contacting the time-stamp server ${name} (${address})`,
    });
    const { status, body } = await httpPost(server, { path, headers, body: request }, limits);
    if (status !== 200) throw new Unavailable('failed', `HTTP ${status}`);
    return body;
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    const { zh, en } = heard(printable(messageOf(error)));
    const isPlain = !(error instanceof Unavailable) || error.reason === 'failed';
    const reason = isPlain ? { zh: '', en: '' } : reasons[error.reason];
    throw new MachineError(
      {
        zh: `未能从 ${name} 取得时间戳：${reason.zh}（${zh}）`,
        en: `no time stamp was had from ${name}: ${reason.en} (${en})`,
      },
      { cause: error },
    );
  }
}
