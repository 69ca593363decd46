import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issued } from './certificates.ts';
import { mariadbCommand, newPostgresql, postgresqlCommand } from './database-programs.ts';
import { asUser, createNobodysFolder, group, user } from './nobodys-folder.ts';
import { freePort } from './servers.ts';
import { createServers } from './tls-servers.ts';

/** Real servers that begin in clear text, in a folder of their own; `close` ends them and removes it. */
export function createStartTlsServers() {
  const servers = createServers();
  const { own, newFolder, filesOf, remove } = createNobodysFolder('leqi-audit-start-tls-');
  let cluster: string | undefined;

  return {
    /** PostgreSQL, with TLS if there is a certificate; one at a time, for all have the same data. */
    async postgresql(issued: Issued | undefined, settings: readonly string[] = []): Promise<number> {
      if (!cluster) {
        cluster = newFolder();
        newPostgresql(cluster);
      }
      const port = await freePort();
      const own = ['unix_socket_directories=', ...settings];
      await servers.program(
        postgresqlCommand({ data: cluster, port, files: issued && filesOf(issued), settings: own }),
        port,
      );
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
      const own = ['--skip-grant-tables', '--innodb-log-file-size=4M', ...settings];
      return mariadbCommand({ data: newFolder(), port, files: issued && filesOf(issued), settings: own });
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
      remove();
    },
  };
}
