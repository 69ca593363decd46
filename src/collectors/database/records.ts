import { isCarried } from '../../platform-stores.ts';
import { said } from '../../text.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { serverRecords } from './records/server.ts';
import { sqliteRecords } from './records/sqlite.ts';

/** How far back the records of a data store go, month by month, and what in the store deletes them. */
export const records = defineCollector({
  id: 'database/records',
  kind: 'records',
  subjects: (platform) => platform.stores.map((store) => store.name),
  async collect(subject, tools) {
    const store = tools.platform.stores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    if (isCarried(store)) throw new Unavailable('not-collected', said(awaited));
    return store.engine === 'sqlite' ? sqliteRecords(store, tools) : serverRecords(store, tools);
  },
});

const awaited = {
  zh: '等待人工执行脚本：用 collect --print-script --store 打印，用 import 导入其输出',
  en: 'waits for a person to run the script: collect --print-script --store prints it, import takes its output',
};
