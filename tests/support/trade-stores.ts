import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { invoices } from '../../src/collectors/database/invoices.ts';
import type { Invoices } from '../../src/evidence/database/invoices.ts';
import { createMint } from './certificates.ts';
import { createDatabases, type DatabaseServer } from './databases.ts';
import { platformOf, toolsFor } from './tools.ts';

/** The engines that hold invoices in tests. */
export const tradeEngines = ['postgresql', 'mariadb', 'sqlite'] as const;

export type TradeEngine = (typeof tradeEngines)[number];

/** A store as the platform file has it, but for what says where it is. */
export type TradeTables = readonly Record<string, unknown>[];

/** Real servers and a SQLite file that tests fill with trade; the account that reads them cannot write. */
export function createTradeStores() {
  const mint = createMint();
  const authority = mint.issue('Test root', undefined, { isAuthority: true });
  const databases = createDatabases();
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-trade-'));
  const servers = new Map<TradeEngine, DatabaseServer>();
  const where = (engine: TradeEngine, database: string): object =>
    engine === 'sqlite'
      ? { engine, path: join(folder, `${database}.sqlite`) }
      : {
          engine,
          address: '127.0.0.1',
          port: servers.get(engine)?.port,
          database,
          user: 'auditor',
          password: { env: 'SECRET' },
          authority: authority.file,
        };

  return {
    async start(): Promise<void> {
      const issued = mint.issue('localhost', authority);
      const [postgresql, mariadb] = await Promise.all([databases.postgresql(issued), databases.mariadb(issued)]);
      servers.set('postgresql', postgresql).set('mariadb', mariadb);
      postgresql.admin(`CREATE ROLE auditor LOGIN PASSWORD 'right'`);
      mariadb.admin(`CREATE USER auditor IDENTIFIED BY 'right'`);
    },

    /** Makes a database of its own with what the statements make. */
    fill(engine: TradeEngine, database: string, sql: string): void {
      if (engine === 'sqlite') {
        const file = new DatabaseSync(join(folder, `${database}.sqlite`));
        file.exec(`BEGIN; ${sql}; COMMIT`);
        file.close();
        return;
      }
      const server = servers.get(engine);
      const name = database.replaceAll('-', '_');
      server?.admin(`CREATE DATABASE ${name}${engine === 'mariadb' ? ' CHARACTER SET utf8mb4' : ''}`);
      if (engine === 'mariadb') server?.admin(`GRANT SELECT ON ${name}.* TO auditor`);
      server?.admin(engine === 'mariadb' ? `SET NAMES utf8mb4; ${sql}` : sql, name);
      if (engine === 'postgresql') server?.admin('GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor', name);
    },

    /** A store as the platform file has it. */
    store(engine: TradeEngine, database: string, tables: TradeTables, name = 'trade'): object {
      return { name, ...where(engine, engine === 'sqlite' ? database : database.replaceAll('-', '_')), tables };
    },

    /** What the collector says of the first store. */
    async observe(stores: readonly object[], now = new Date(), timeZone = 'Asia/Shanghai'): Promise<Invoices> {
      const platform = platformOf({ stores, timeZone }, '/');
      const tools = toolsFor(platform, undefined, async () => 'right');
      if (invoices.by !== 'calls') throw new Error('invoices are collected by calls');
      const found = await invoices.collect(platform.stores[0]?.name ?? '', { ...tools, now: () => now });
      return found.value as Invoices;
    },

    admin: (engine: 'postgresql' | 'mariadb', sql: string, database: string): string =>
      servers.get(engine)?.admin(sql, database) ?? '',

    log: (engine: 'postgresql' | 'mariadb'): string => servers.get(engine)?.log() ?? '',

    async remove(): Promise<void> {
      await databases.remove();
      mint.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
