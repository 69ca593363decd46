import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issued } from './certificates.ts';
import { asUser, createNobodysFolder, isRoot, user } from './nobodys-folder.ts';
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
  const start = (program: readonly string[], input?: string): string => {
    const [name = '', ...args] = program;
    return execFileSync(name, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    }).toString();
  };

  return {
    /** PostgreSQL; accounts log in by password (SCRAM), the administrator by the socket. `hba` stands before the usual rules. */
    async postgresql(
      issued?: Issued,
      settings: readonly string[] = [],
      hba: readonly string[] = [],
    ): Promise<DatabaseServer> {
      const bin = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? '';
      const data = newFolder();
      start([
        ...asUser,
        join(bin, 'initdb'),
        '-D',
        data,
        '--no-sync',
        '-A',
        'trust',
        '-U',
        'postgres',
        '--no-locale',
        '-E',
        'UTF8',
      ]);
      const rules = ['local all postgres trust', ...hba, 'host all all 127.0.0.1/32 scram-sha-256'];
      writeFileSync(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
      const sockets = newFolder();
      const port = await freePort();
      const files = issued && filesOf(issued);
      const log = join(sockets, 'log');
      const options = [
        ...(files ? ['ssl=on', `ssl_cert_file=${files.cert}`, `ssl_key_file=${files.key}`] : ['ssl=off']),
        ...['fsync=off', `unix_socket_directories=${sockets}`, 'logging_collector=on', `log_directory=${sockets}`],
        ...['log_filename=log', 'log_statement=all', 'log_min_messages=info'],
        ...settings,
      ].flatMap((each) => ['-c', each]);
      const running = await servers.program(
        [...asUser, join(bin, 'postgres'), '-D', data, '-h', '127.0.0.1', '-p', `${port}`, ...options],
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
        admin: (sql, database = 'postgres') => start(client(database), sql),
        log: () => readFileSync(log, 'utf8'),
      };
    },

    /** MariaDB; the administrator logs in by the socket. */
    async mariadb(issued?: Issued, settings: readonly string[] = []): Promise<DatabaseServer> {
      const data = newFolder();
      const port = await freePort();
      const files = issued && filesOf(issued);
      const log = join(data, 'general.log');
      const socket = join(data, 's');
      // A server that starts removes all temporary tables from its folder, whosever they are.
      const ownTemporary = `--tmpdir=${newFolder()}`;
      start([
        'mariadb-install-db',
        '--no-defaults',
        `--datadir=${data}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        ownTemporary,
        ...(isRoot ? [`--user=${user}`] : []),
      ]);
      const options = [
        ...[
          '--no-defaults',
          ...(isRoot ? [`--user=${user}`] : []),
          `--datadir=${data}`,
          `--socket=${socket}`,
          ownTemporary,
        ],
        ...[
          `--pid-file=${join(data, 'pid')}`,
          `--port=${port}`,
          '--bind-address=127.0.0.1',
          '--innodb-flush-method=nosync',
        ],
        ...['--general-log=1', `--general-log-file=${log}`],
        ...(files ? [`--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`] : ['--skip-ssl']),
        ...settings,
      ];
      const running = await servers.program(['mariadbd', ...options], port);
      const client = (database: string): readonly string[] => [
        ...['mariadb', '--no-defaults', '-N', '-B', '--unbuffered', `--socket=${socket}`],
        ...['-u', 'root', '--default-character-set=utf8mb4', database],
      ];
      return {
        port,
        client,
        kill: () => void running.kill('SIGKILL'),
        admin: (sql, database = 'mysql', options = []) => {
          const [program = '', first = '', ...rest] = client(database);
          return start([program, first, ...options, ...rest], sql);
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
