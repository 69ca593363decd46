import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Issued } from './certificates.ts';
import { freePort } from './servers.ts';

/** A real S3 gateway of a test: Ceph's, with one monitor and one store in memory. */
export type Ceph = {
  /** Its ports: by TLS, and in clear text. */
  readonly port: number;
  readonly clear: number;
  /** Writes as the owner of the buckets, signed the old way (version 2). Throws for what the gateway refuses. */
  write(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** All requests that it has logged since it was started, without those of {@link Ceph.write}. */
  log(): string[];
  remove(): Promise<void>;
};

/** Keys of the owner of all buckets, and of an account that owns none. */
export const keys = {
  owner: { id: 'OWNERKEY', secret: 'owner/secret+1' },
  reader: { id: 'READERKEY', secret: 'reader/secret+2' },
} as const;

const agent = 'test-owner';

/** Starts Ceph on loopback, with two accounts. */
export async function startCeph(issued: Issued): Promise<Ceph> {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-ceph-'));
  const [monitor, clear, port] = [await freePort(), await freePort(), await freePort()];
  const children: ChildProcess[] = [];
  const remove = async (): Promise<void> => {
    for (const child of children.toReversed()) await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const run = setUp(folder, { monitor, clear, port, issued });
    const start = (name: string, args: readonly string[]): void => {
      children.push(spawn(name, ['-f', ...args], { stdio: 'ignore', env: { ...process.env, CEPH_CONF: run.file } }));
    };
    start('ceph-mon', ['-i', 'a']);
    run('ceph', ['osd', 'create']);
    run('ceph-osd', ['--mkfs', '-i', '0']);
    start('ceph-osd', ['-i', '0']);
    for (const [name, { id, secret }] of Object.entries(keys))
      run('radosgw-admin', [
        'user',
        'create',
        `--uid=${name}`,
        `--display-name=${name}`,
        `--access-key=${id}`,
        `--secret=${secret}`,
      ]);
    // Of itself it would ask its monitor for a key, by a protocol that needs one.
    start('radosgw', ['-n', 'client.rgw', '--auth_client_required=none', '--ms_mon_client_mode=crc']);
    await answering(clear);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    port,
    clear,
    remove,
    write: (method, path, body = '', headers = {}) => writeBy(clear, method, path, body, headers),
    log: () =>
      readFileSync(join(folder, 'client.rgw.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes(' beast: ') && !line.includes(`"${agent}"`)),
  };
}

function setUp(
  folder: string,
  { monitor, clear, port, issued }: { monitor: number; clear: number; port: number; issued: Issued },
) {
  const file = join(folder, 'ceph.conf');
  const at = (name: string): string => join(folder, name);
  for (const name of ['mon', 'osd', 'run']) mkdirSync(at(name));
  writeFileSync(at('pem'), `${issued.key}\n${issued.chain}`, { mode: 0o600 });
  const id = '52b366e8-73e1-4287-a3b1-14006c51dfa4';
  writeFileSync(
    file,
    `[global]
fsid = ${id}
mon_host = v2:127.0.0.1:${monitor}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = ${at('run')}
log_file = ${folder}/$name.log
admin_socket =
pid_file =
keyring = ${at('keyring')}
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_crush_chooseleaf_type = 0
ms_bind_msgr1 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
[mon.a]
mon_data = ${at('mon')}
mon_data_avail_crit = 1
[osd.0]
osd_data = ${at('osd')}
osd_objectstore = memstore
memstore_device_bytes = 268435456
[client.rgw]
rgw_data = ${folder}
rgw_frontends = beast endpoint=127.0.0.1:${clear} ssl_endpoint=127.0.0.1:${port} ssl_certificate=${at('pem')}
rgw_thread_pool_size = 16
debug_rgw = 1
`,
  );
  const run = (name: string, args: readonly string[]): string =>
    execFileSync(name, args, {
      env: { ...process.env, CEPH_CONF: file },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    }).toString();
  run('ceph-authtool', ['--create-keyring', at('keyring'), '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *']);
  run('monmaptool', ['--create', '--fsid', id, '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, at('monmap')]);
  run('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', at('monmap'), '--keyring', at('keyring')]);
  return Object.assign(run, { file });
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('the gateway does not answer');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

// Version 2 of the signature: another than the one under test.
async function writeBy(
  port: number,
  method: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const date = new Date().toUTCString();
  const amz = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .toSorted()
    .map(([name, value]) => `${name}:${value}\n`);
  // Otherwise fetch would name one, which is signed as well.
  const type = headers['content-type'] ?? (body === '' ? '' : 'application/octet-stream');
  const md5 = headers['content-md5'] ?? '';
  const text = `${method}\n${md5}\n${type}\n${date}\n${amz.join('')}${path.replace('?object-lock', '')}`;
  const signature = createHmac('sha1', keys.owner.secret).update(text).digest('base64');
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body === '' ? {} : { body }),
    headers: {
      ...headers,
      ...(type === '' ? {} : { 'content-type': type }),
      date,
      'user-agent': agent,
      authorization: `AWS ${keys.owner.id}:${signature}`,
    },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}
