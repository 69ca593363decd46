import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { asUser, isRoot, user } from './nobodys-folder.ts';

/** How a test's database server is started, but for what one test wants of it. */
export type DatabaseProgram = {
  readonly data: string;
  readonly port: number;
  /** With TLS if there is a certificate. */
  readonly files: { readonly cert: string; readonly key: string } | undefined;
  readonly settings: readonly string[];
};

/** Runs a program to its end; returns what it prints. */
export function run([name = '', ...args]: readonly string[], input?: string): string {
  return execFileSync(name, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  }).toString();
}

/** Makes the data of a new PostgreSQL, whose administrator needs no password at the socket. */
export function newPostgresql(data: string): void {
  const options = ['--no-sync', '-A', 'trust', '-U', 'postgres', '--no-locale', '-E', 'UTF8'];
  run([...asUser, postgresqlProgram('initdb'), '-D', data, ...options]);
}

/** The newest PostgreSQL that is installed, as a command that does not wait for the disk. */
export function postgresqlCommand({ data, port, files, settings }: DatabaseProgram): string[] {
  const tls = files ? ['ssl=on', `ssl_cert_file=${files.cert}`, `ssl_key_file=${files.key}`] : ['ssl=off'];
  const options = [...tls, 'fsync=off', ...settings].flatMap((each) => ['-c', each]);
  return [...asUser, postgresqlProgram('postgres'), '-D', data, '-h', '127.0.0.1', '-p', `${port}`, ...options];
}

/** MariaDB as a command that does not wait for the disk and reads no settings of the machine. */
export function mariadbCommand({ data, port, files, settings }: DatabaseProgram): string[] {
  return [
    ...['mariadbd', '--no-defaults', ...asMariadbUser, `--datadir=${data}`, `--socket=${mariadbSocket(data)}`],
    ...[`--pid-file=${join(data, 'pid')}`, `--port=${port}`, '--bind-address=127.0.0.1'],
    '--innodb-flush-method=nosync',
    ...(files ? [`--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`] : ['--skip-ssl']),
    ...settings,
  ];
}

/** Where the administrator of a MariaDB logs in. */
export function mariadbSocket(data: string): string {
  return join(data, 's');
}

/** MariaDB refuses to run as root unless it is told for whom. */
export const asMariadbUser: readonly string[] = isRoot ? [`--user=${user}`] : [];

function postgresqlProgram(name: string): string {
  return join(globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? '', name);
}
