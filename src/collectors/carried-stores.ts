import { InputError } from '../errors.ts';
import { instantAt } from '../evidence/dates.ts';
import type { Kind } from '../evidence/kinds.ts';
import type { Draft } from '../evidence/observation.ts';
import type { Platform } from '../platform.ts';
import { type DeclaredStore, isAskable, isCarried } from '../platform-stores.ts';
import type { DirectCollector } from './collector.ts';
import { isOutputOf, isStoreOutput, readStoreOutput } from './database/carried/output.ts';
import { storeScript } from './database/carried/script.ts';
import { isServerOutput, readServerOutput } from './database/carried/server-output.ts';
import { records } from './database/records.ts';
import { storeEncryption } from './database/store-encryption.ts';
import { storeRights } from './database/store-rights.ts';
import { failed, type Observer, observed } from './drafts.ts';
import { decoded, encodingOf } from './filed/tables/encoding.ts';

/** Seconds that a server's clock may be ahead of this machine's. */
const mostAhead = 600;

/** What a store's script gave, carried here by a person. */
export type CarriedFromStore = { readonly store: DeclaredStore; readonly drafts: readonly Draft[] };

/** Reads the output of a store's script; undefined if it is none. Throws {@link InputError} for one that is cut, changed, of another script or of the future. */
export async function readCarriedStore(
  output: Buffer,
  file: string,
  platform: Platform,
  kinds: readonly Kind[],
  now: Date,
): Promise<CarriedFromStore | undefined> {
  const rough = output.toString('latin1').replaceAll('\0', '');
  if (!isStoreOutput(rough) && !isServerOutput(rough)) return undefined;
  const text = [...decoded(output, encodingOf(output, file))].join('');
  for (const store of platform.stores) {
    const found = isCarried(store)
      ? ofMaker(store, platform, text, file, now)
      : await ofServer(store, { platform, kinds, now }, text, file);
    if (found) return { store, drafts: found };
  }
  throw new InputError({
    zh: `拒绝导入 ${file}：不是为平台文件所列数据库打印的脚本的输出，或者平台文件、版本已变；请重新打印并运行`,
    en: `${file} is not imported: it is from no script that this version prints for a store of the platform file; print it again and run it`,
  });
}

function ofMaker(
  store: Parameters<typeof storeScript>[0],
  platform: Platform,
  text: string,
  file: string,
  now: Date,
): Draft[] | undefined {
  if (!isOutputOf(store, text)) return undefined;
  const { at, value } = readStoreOutput(store, text, file);
  const observer = observerAt(instantAt(at, platform.timeZone), { platform, now, at, file });
  const method = `count(*) by month, DBA_CONSTRAINTS, DBA_SOURCE, jobs (by hand-carried script sha256:${storeScript(store).digest.slice(0, 16)})`;
  return [observed({ collector: records, subject: store.name }, { value, method }, observer)];
}

const carried: readonly DirectCollector[] = [records, storeEncryption, storeRights];

type Given = { readonly platform: Platform; readonly kinds: readonly Kind[]; readonly now: Date };

async function ofServer(
  store: DeclaredStore,
  { platform, kinds, now }: Given,
  text: string,
  file: string,
): Promise<Draft[] | undefined> {
  const found = isAskable(store) ? await readServerOutput(store, platform, text, file) : undefined;
  if (!found) return undefined;
  const { at, digest, read } = found;
  const observer = observerAt(instantAt(at, 'UTC'), { platform, now, at: `${at} UTC`, file });
  const method = `${store.engine}: counts by month, catalogue (by hand-carried script sha256:${digest.slice(0, 16)})`;
  const drafts: Draft[] = [];
  for (const collector of carried.filter(({ kind }) => kinds.includes(kind))) {
    const asked = { collector, subject: store.name };
    try {
      const value = await read[collector.kind]?.();
      if (value !== undefined) drafts.push(observed(asked, { value, method }, observer));
    } catch (error) {
      if (error instanceof InputError) throw error;
      drafts.push(failed(asked, error, observer));
    }
  }
  return drafts;
}

type When = { readonly platform: Platform; readonly now: Date; readonly at: string; readonly file: string };

function observerAt(observedAt: string, { platform, now, at, file }: When): Observer {
  if (Date.parse(observedAt) <= now.getTime() + mostAhead * 1000)
    return { zone: platform.zone, at: () => observedAt, signal: new AbortController().signal };
  throw new InputError({
    zh: `拒绝导入 ${file}：时间（${at}）在将来；请检查数据库服务器的时钟和时区`,
    en: `${file} is not imported: it is dated ${at}, in the future; look at the clock and time zone of the database server`,
  });
}
