import { stat } from 'node:fs/promises';
import { Unavailable } from '../collectors/collector.ts';
import { askSqlite } from '../collectors/transports/sqlite.ts';
import { messageOf } from '../errors.ts';
import { reasons } from '../evidence/observation.ts';
import { pathFrom } from '../platform.ts';
import { awaitsScript, reachedStores } from '../platform-stores.ts';
import { joined, verbatim } from '../text.ts';
import { leavesOf, type Plan, storeKinds } from './plan.ts';
import { noAnswer, type Point, type Probe } from './point.ts';
import { type ServerOptions, serverProbe } from './store-servers.ts';

/** Whether each store can be opened, and its server asked; no row is read, so that it takes no time and no lock. */
export function storeProbes(plan: Plan, options: ServerOptions): Probe[] {
  if (storeKinds(plan).length === 0) return [];
  const servers = reachedStores(plan.platform.stores).map((store) => serverProbe(plan, store, options));
  return [...fileProbes(plan, options), ...servers, ...scriptProbes(plan)];
}

function scriptProbes(plan: Plan): Probe[] {
  return plan.platform.stores.filter(awaitsScript).map(({ name }): Probe => {
    const points = (): Point[] => [
      {
        area: 'stores',
        what: verbatim(name),
        state: 'unproven',
        says: { zh: '由人执行脚本，导入输出之后才有证据', en: 'waits for a person to run the script' },
        remedy: {
          zh: `collect --print-script --store ${name} 打印脚本，import 导入其输出`,
          en: `collect --print-script --store ${name} prints the script, import takes its output`,
        },
        leaves: leavesOf(plan, storeKinds(plan), true),
      },
    ];
    return { run: async () => points(), late: points };
  });
}

function fileProbes(plan: Plan, { signal }: ServerOptions): Probe[] {
  const files = plan.platform.stores.filter((store) => store.engine === 'sqlite');
  return files.map(({ name, path, engine }): Probe => {
    const base = { area: 'stores', what: verbatim(name) } as const;
    const remedy = {
      zh: '改正 stores 的 path，并让运行扫描的账号可读该文件',
      en: 'mend the store’s path, and let the account that scans read the file',
    };
    const lack = { ...base, state: 'unproven', remedy, leaves: leavesOf(plan, storeKinds(plan), true) } as const;
    return {
      run: async (): Promise<Point[]> => {
        try {
          const file = pathFrom(plan.platform, path);
          const { version } = await askSqlite(plan.gate, file, { tables: [] }, signal);
          // To SQLite an empty file is a database without tables.
          if ((await stat(file)).size === 0) return [{ ...lack, says: { zh: '文件为空', en: 'the file is empty' } }];
          const says = {
            zh: `可以打开（${engine} ${version}）；表和列在采集时核对`,
            en: `opens (${engine} ${version}); tables and columns are looked at by the scan`,
          };
          return [{ ...base, state: 'ok', says }];
        } catch (error) {
          if (!(error instanceof Unavailable)) return [{ ...lack, says: verbatim(messageOf(error)) }];
          return [{ ...lack, says: joined([reasons[error.reason], verbatim(error.message)], '：', ': ') }];
        }
      },
      late: () => [{ ...lack, says: noAnswer, leaves: { ...lack.leaves, surely: false } }],
    };
  });
}
