import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issued } from './certificates.ts';
import {
  asMariadbUser,
  mariadbCommand,
  mariadbSocket,
  newPostgresql,
  postgresqlCommand,
  run,
} from './database-programs.ts';
import { createNobodysFolder } from './nobodys-folder.ts';
import { freePort } from './servers.ts';
import { createServers } from './tls-servers.ts';

/** A real database server of a test: where it listens, and what its administrator does there. */
export type DatabaseServer = {
  readonly port: number;
  /** Runs statements as the administrator; returns what the client prints, without headings. */
  admin(sql: string, database?: string, options?: readonly string[]): string;
  /** All that the server has logged, every statement among it. */
  log(): string;
  /** The administrator’s client, for what is said to it bit by bit. */
  client(database: string): readonly string[];
  /** Ends the server at once, as a failure does. */
  kill(): void;
};

/** Starts real database servers with accounts and, if there is a certificate, TLS; `remove` ends them and removes their data. */
export function createDatabases() {
  const servers = createServers();
  const { newFolder, filesOf, remove } = createNobodysFolder('leqi-audit-databases-');

  return {
    /** PostgreSQL; accounts log in by password (SCRAM), the administrator by the socket. `hba` stands before the usual rules. */
    async postgresql(
      issued?: Issued,
      settings: readonly string[] = [],
      hba: readonly string[] = [],
    ): Promise<DatabaseServer> {
      const data = newFolder();
      newPostgresql(data);
      const rules = ['local all postgres trust', ...hba, 'host all all 127.0.0.1/32 scram-sha-256'];
      writeFileSync(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
      const sockets = newFolder();
      const port = await freePort();
      const log = join(sockets, 'log');
      const ownSettings = [
        ...[`unix_socket_directories=${sockets}`, 'logging_collector=on', `log_directory=${sockets}`],
        ...['log_filename=log', 'log_statement=all', 'log_min_messages=info'],
      ];
      const running = await servers.program(
        postgresqlCommand({ data, port, files: issued && filesOf(issued), settings: [...ownSettings, ...settings] }),
        port,
      );
      const client = (database: string): readonly string[] => [
        ...['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'],
        ...['-h', sockets, '-p', `${port}`, '-U', 'postgres', '-d', database],
      ];
      return {
        port,
        client,
        kill: () => void running.kill('SIGQUIT'),
        admin: (sql, database = 'postgres') => run(client(database), sql),
        log: () => readFileSync(log, 'utf8'),
      };
    },

    /** MariaDB; the administrator logs in by the socket. */
    async mariadb(issued?: Issued, settings: readonly string[] = []): Promise<DatabaseServer> {
      const data = newFolder();
      const port = await freePort();
      const log = join(data, 'general.log');
      // A server that starts removes all temporary tables from its folder, whosever they are.
      const ownTemporary = `--tmpdir=${newFolder()}`;
      run([
        ...['mariadb-install-db', '--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
        ...['--skip-test-db', ownTemporary, ...asMariadbUser],
      ]);
      const ownSettings = [ownTemporary, '--general-log=1', `--general-log-file=${log}`];
      const running = await servers.program(
        mariadbCommand({ data, port, files: issued && filesOf(issued), settings: [...ownSettings, ...settings] }),
        port,
      );
      const client = (database: string): readonly string[] => [
        ...['mariadb', '--no-defaults', '-N', '-B', '--unbuffered', `--socket=${mariadbSocket(data)}`],
        ...['-u', 'root', '--default-character-set=utf8mb4', database],
      ];
      return {
        port,
        client,
        kill: () => void running.kill('SIGKILL'),
        admin: (sql, database = 'mysql', options = []) => {
          const [program = '', first = '', ...rest] = client(database);
          return run([program, first, ...options, ...rest], sql);
        },
        log: () => readFileSync(log, 'utf8'),
      };
    },

    async remove(): Promise<void> {
      await servers.ended();
      remove();
    },
  };
}
