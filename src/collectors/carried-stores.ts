import { InputError } from '../errors.ts';
import { instantAt } from '../evidence/dates.ts';
import type { Draft } from '../evidence/observation.ts';
import type { Platform } from '../platform.ts';
import { type CarriedStore, isCarried } from '../platform-stores.ts';
import { isOutputOf, isStoreOutput, readStoreOutput } from './database/carried/output.ts';
import { storeScript } from './database/carried/script.ts';
import { records } from './database/records.ts';
import { observed } from './drafts.ts';
import { decoded, encodingOf } from './filed/tables/encoding.ts';

/** Seconds that a server's clock may be ahead of this machine's. */
const mostAhead = 600;

/** What a store's script gave, carried here by a person. */
export type CarriedFromStore = { readonly store: CarriedStore; readonly drafts: readonly Draft[] };

/** Reads the output of a store's script; undefined if it is none. Throws {@link InputError} for one that is cut, changed, of another script or of the future. */
export function readCarriedStore(
  output: Buffer,
  file: string,
  platform: Platform,
  now: Date,
): CarriedFromStore | undefined {
  if (!isStoreOutput(output.toString('latin1'))) return undefined;
  const text = [...decoded(output, encodingOf(output, file))].join('');
  const store = platform.stores.filter(isCarried).find((each) => isOutputOf(each, text));
  if (!store) {
    throw new InputError({
      zh: `拒绝导入 ${file}：不是为平台文件所列数据库打印的脚本的输出，或者平台文件、版本已变；请重新打印并运行`,
      en: `${file} is not imported: it is from no script that this version prints for a store of the platform file; print it again and run it`,
    });
  }
  const { at, value } = readStoreOutput(store, text, file);
  const observedAt = instantAt(at, platform.timeZone);
  if (Date.parse(observedAt) > now.getTime() + mostAhead * 1000) {
    throw new InputError({
      zh: `拒绝导入 ${file}：时间（${at}）在将来；请检查数据库服务器的时钟和时区`,
      en: `${file} is not imported: it is dated ${at}, in the future; look at the clock and time zone of the database server`,
    });
  }
  const observer = { zone: platform.zone, at: () => observedAt, signal: new AbortController().signal };
  const method = `count(*) by month, DBA_CONSTRAINTS, DBA_SOURCE, jobs (by hand-carried script sha256:${storeScript(store).digest.slice(0, 16)})`;
  return { store, drafts: [observed({ collector: records, subject: store.name }, { value, method }, observer)] };
}
