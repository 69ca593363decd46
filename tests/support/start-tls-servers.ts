import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Issued } from './certificates.ts';
import { freePort } from './servers.ts';
import { createServers } from './tls-servers.ts';

// None of these programs runs as root.
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const user = isRoot ? 'nobody' : userInfo().username;
const group = isRoot ? 'nogroup' : userInfo().gid;
const asUser = isRoot ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];

/** Real servers that begin in clear text, in a folder of their own; `close` ends them and removes it. */
export function createStartTlsServers() {
  const servers = createServers();
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-start-tls-'));
  let count = 0;
  chmodSync(folder, 0o755);

  const own = (path: string, mode: number): string => {
    chmodSync(path, mode);
    if (isRoot) chownSync(path, nobody, nobody);
    return path;
  };
  const newFolder = (): string => {
    count += 1;
    const path = join(folder, `${count}`);
    mkdirSync(path);
    return own(path, 0o700);
  };
  // PostgreSQL wants a key that is its own.
  const filesOf = ({ file, keyFile }: Issued): { cert: string; key: string } => {
    const at = newFolder();
    copyFileSync(file, join(at, 'cert.pem'));
    copyFileSync(keyFile, join(at, 'key.pem'));
    return { cert: own(join(at, 'cert.pem'), 0o600), key: own(join(at, 'key.pem'), 0o600) };
  };
  let cluster: string | undefined;
  const newCluster = (bin: string): string => {
    const data = newFolder();
    const args = [join(bin, 'initdb'), '-D', data, '--no-sync', '-A', 'trust', '--no-locale', '-E', 'UTF8'];
    const [name = '', ...rest] = [...asUser, ...args];
    execFileSync(name, rest, { stdio: 'pipe' });
    return data;
  };

  return {
    /** PostgreSQL, with TLS if there is a certificate; one at a time, for all have the same data. */
    async postgresql(issued: Issued | undefined, settings: readonly string[] = []): Promise<number> {
      const bin = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? '';
      cluster ??= newCluster(bin);
      const port = await freePort();
      const files = issued && filesOf(issued);
      const tls = files ? ['ssl=on', `ssl_cert_file=${files.cert}`, `ssl_key_file=${files.key}`] : ['ssl=off'];
      const options = [...tls, 'fsync=off', 'unix_socket_directories=', ...settings].flatMap((each) => ['-c', each]);
      const args = ['-D', cluster, '-h', '127.0.0.1', '-p', `${port}`, ...options];
      await servers.program([...asUser, join(bin, 'postgres'), ...args], port);
      return port;
    },

    /** MariaDB without accounts, with TLS if there is a certificate. */
    async mariadb(issued: Issued | undefined, settings: readonly string[] = []): Promise<number> {
      const port = await freePort();
      await servers.program(this.mariadbCommand(port, issued, settings), port);
      return port;
    },

    /** The same as a command, for where else it shall run. */
    mariadbCommand(port: number, issued: Issued | undefined, settings: readonly string[] = []): string[] {
      const data = newFolder();
      const files = issued && filesOf(issued);
      return [
        ...['mariadbd', '--no-defaults', ...(isRoot ? [`--user=${user}`] : []), '--skip-grant-tables'],
        ...[`--datadir=${data}`, `--socket=${join(data, 's')}`, `--pid-file=${join(data, 'pid')}`, `--port=${port}`],
        ...['--bind-address=127.0.0.1', '--innodb-log-file-size=4M', '--innodb-flush-method=nosync'],
        ...(files ? [`--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`] : ['--skip-ssl']),
        ...settings,
      ];
    },

    /** Exim, with TLS (GnuTLS) if there is a certificate. */
    async exim(issued: Issued | undefined, settings: readonly string[] = []): Promise<number> {
      const port = await freePort();
      const at = newFolder();
      const files = issued && filesOf(issued);
      const file = join(at, 'exim.conf');
      const lines = [
        'primary_hostname = mail.example',
        `spool_directory = ${at}/spool`,
        `log_file_path = ${at}/%slog`,
        `pid_file_path = ${at}/pid`,
        `exim_user = ${user}`,
        `exim_group = ${group}`,
        'local_interfaces = 127.0.0.1',
        // It would ask DNS about a client that gives the server's own address.
        'helo_lookup_domains =',
        'keep_environment =',
        ...(files
          ? ['tls_advertise_hosts = *', `tls_certificate = ${files.cert}`, `tls_privatekey = ${files.key}`]
          : ['tls_advertise_hosts =']),
        ...settings,
        ...['acl', 'routers', 'transports', 'retry'].map((section) => `begin ${section}`),
      ];
      writeFileSync(file, `${lines.join('\n')}\n`);
      own(file, 0o600);
      await servers.program([...asUser, 'exim4', '-C', file, '-bdf', '-oX', `127.0.0.1:${port}`], port);
      return port;
    },

    async close(): Promise<void> {
      await servers.ended();
    },

    async remove(): Promise<void> {
      await servers.ended();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
