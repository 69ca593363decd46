import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandResult, HostCollector } from '../../../src/collectors/collector.ts';
import { patchCommands } from '../../../src/collectors/host/patch-state/commands.ts';
import { patchState } from '../../../src/collectors/host/patch-state.ts';
import { patchState as kind, type PatchState } from '../../../src/evidence/host/patch-state.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { type Shell, shells } from '../../support/shells.ts';
import { transcript } from '../../support/transcripts.ts';
import { lines } from './degraded.ts';
import { localHost } from './local-host.ts';

const collector = patchState as HostCollector<'patchState'>;
const read = (outputs: Record<string, string | Partial<CommandResult>>): PatchState =>
  kind.value.parse(collector.read(transcript(outputs), localHost()));

let root = '';
const write = async (path: string, content: string | Buffer): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};

const both = shells();

async function ask(shell: Shell, programs = ''): Promise<PatchState> {
  const gate = createGate(createScope([], []), () => new Date());
  const results: Record<string, Partial<CommandResult>> = {};
  const [program, ...args] = shell.argv;
  const env = { PATH: `${programs}:${shell.path}` };
  for (const { name, script } of patchCommands(root)) {
    const { stdout, ...rest } = await gate.run(program, [...args, '-c', script], { timeout: 60, limit: 2 ** 22, env });
    expect(rest.stderr).toBe('');
    results[name] = { ...rest, stdout: stdout.toString('utf8') };
  }
  return read(results);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'leqi-patches-'));
});
afterAll(() => rm(root, { recursive: true }));

const installed = (name: string, version: string, status = 'install ok installed'): string =>
  `Package: ${name}\nStatus: ${status}\nPriority: optional\nArchitecture: amd64\nVersion: ${version}\nDescription: x\n Version: 99\n\n`;
const listed = (name: string, version: string): string =>
  `Package: ${name}\nSource: x (1)\nVersion: ${version}\nArchitecture: amd64\nDescription: x\n\n`;
const release = (code: string, date: string): string =>
  `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Debian\nLabel: Debian-Security\nCodename: ${code}\nDate: ${date}\nValid-Until: x\n`;
const lists = 'var/lib/apt/lists/security.debian.org_debian-security_dists';

describe.each(both)('dpkg and apt below a folder, with $name', (shell) => {
  beforeAll(async () => {
    await write(
      'etc/os-release',
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
    );
    await write(
      'var/lib/dpkg/status',
      [
        installed('openssl', '3.0.11-1~deb12u1'),
        installed('bash', '5.2.15-2+b8'),
        installed('newer', '2.0-1~bpo12+1'),
        installed('curl', '7.88.1-10+deb12u5', 'hold ok installed'),
        installed('gone', '1.0-1', 'deinstall ok config-files'),
      ].join(''),
    );
    await write(`${lists}_bookworm-security_InRelease`, release('bookworm-security', 'Sat, 21 Nov 2026 00:53:02 UTC'));
    await write(
      `${lists}_bookworm-security_main_binary-amd64_Packages`,
      listed('openssl', '3.0.11-1~deb12u2') +
        listed('openssl', '3.0.13-1~deb12u1') +
        listed('gone', '2.0-1') +
        listed('absent', '2'),
    );
    // Packed, as apt keeps lists where it is told to; its own helper unpacks them.
    await write(
      `${lists}_bookworm-security_contrib_binary-amd64_Packages.gz`,
      gzipSync(listed('curl', '7.88.1-10+deb12u8') + listed('newer', '1.9-1+deb12u1') + listed('bash', '5.2.15-2+b8')),
    );
    // Of another release: it would show nothing pending, and a younger date.
    await write(`${lists}_bullseye-security_InRelease`, release('bullseye-security', 'Sun, 22 Nov 2026 00:00:00 UTC'));
    await write(`${lists}_bullseye-security_main_binary-amd64_Packages`, listed('bash', '9.9-1'));
    await write(
      'var/log/dpkg.log',
      '2026-10-01 10:00:00 upgrade openssl:amd64 1 2\n2026-11-01 10:00:00 install curl:amd64 <none> 1\n',
    );
    await write('boot/vmlinuz-6.1.0-18-amd64', 'x');
  });

  test('pending updates are those with a newer version in the security lists of this release', async () => {
    expect(await ask(shell)).toEqual({
      system: { id: 'debian', version: '12', title: 'Debian GNU/Linux 12 (bookworm)' },
      packages: 'deb',
      metadata: '2026-11-21',
      pending: 2,
      updates: [
        { name: 'curl', installed: '7.88.1-10+deb12u5', available: '7.88.1-10+deb12u8' },
        { name: 'openssl', installed: '3.0.11-1~deb12u1', available: '3.0.13-1~deb12u1' },
      ],
      unclear: 0,
      lastUpgrade: '2026-10-01',
    });
  });

  test('without the code name of the release no list is known to be of it', async () => {
    const own = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n';
    await write('etc/os-release', own);
    const found = await ask(shell);
    await write('etc/os-release', `${own}VERSION_CODENAME=bookworm\n`);
    expect(found.metadata).toBeUndefined();
    expect((await ask(shell)).metadata).toBe('2026-11-21');
  });

  test('of several lists the oldest tells how fresh they are', async () => {
    const other = 'var/lib/apt/lists/mirror.example_debian-security_dists_bookworm-security';
    await write(`${other}_InRelease`, release('bookworm-security', 'Sat, 01 Aug 2026 00:00:00 UTC'));
    await write(`${other}_main_binary-amd64_Packages`, listed('absent', '1'));
    expect(await ask(shell)).toMatchObject({ metadata: '2026-08-01' });
    await rm(join(root, `${other}_InRelease`));
    await rm(join(root, `${other}_main_binary-amd64_Packages`));
  });

  test('a list that cannot be unpacked leaves all of it unknown', async () => {
    const broken = `${lists}_bookworm-security_non-free_binary-amd64_Packages.gz`;
    await write(broken, gzipSync(randomBytes(9000)).subarray(0, 5000));
    expect((await ask(shell)).metadata).toBeUndefined();
    await rm(join(root, broken));
  });

  test('without the security lists of this release nothing is known', async () => {
    const renamed = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\n';
    await write('etc/os-release', renamed);
    expect(await ask(shell)).toMatchObject({ packages: 'deb', pending: 0 });
    expect((await ask(shell)).metadata).toBeUndefined();
  });
});

// What rpm prints, and an updateinfo.xml in the form of Red Hat's and openEuler's repositories (reconstructed from their documentation).
describe.each(both)('rpm and stored updateinfo below a folder (reconstructed), with $name', (shell) => {
  const notice = (type: string, inner: string): string =>
    `<update from="x" status="final" type="${type}" version="3"><id>X</id><pkglist><collection short="c"><name>c</name>${inner}</collection></pkglist></update>\n`;
  const packed = (name: string, version: string, release: string, epoch = '0'): string =>
    `<package name="${name}" version="${version}" release="${release}" epoch="${epoch}" arch="x86_64" src="${name}.src.rpm"><filename>f.rpm</filename></package>`;
  const cache = 'var/cache/dnf/update-0123456789abcdef/repodata';

  beforeAll(async () => {
    await rm(root, { recursive: true });
    await write(
      'etc/os-release',
      'NAME="openEuler"\nVERSION_ID="22.03"\nID="openEuler"\nPRETTY_NAME="openEuler 22.03 (LTS-SP3)"\n',
    );
    const installedNow = [
      'openssl 1:1.1.1m-8.oe2203 x86_64 1700000000',
      'kernel 0:5.10.0-60.18.0.50.oe2203 x86_64 1690000000',
      'kernel 0:5.10.0-136.12.0.86.oe2203 x86_64 1705000000',
      'nginx 1:1.20.1-10.module+el8 x86_64 1690000000',
      'bash 0:5.1.8-6.oe2203 x86_64 1690000000',
      'gpg-pubkey 0:1-1 (none) 1799999999',
    ];
    await write('programs/rpm', `#!/bin/sh\nprintf '%s\\n' ${installedNow.map((line) => `'${line}'`).join(' ')}\n`);
    await chmod(join(root, 'programs/rpm'), 0o755);
    await write(
      `${cache}/9-updateinfo.xml.gz`,
      gzipSync(
        `<?xml version="1.0"?>\n<updates>\n${[
          notice(
            'security',
            packed('openssl', '1.1.1m', '9.oe2203', '1') + packed('openssl', '1.1.1m', '20.oe2203', '1'),
          ),
          notice('security', packed('kernel', '5.10.0', '136.12.0.86.oe2203')),
          notice('bugfix', packed('bash', '5.2', '1.oe2203')),
          notice('security', `<module name="nginx" stream="1.22"/>${packed('nginx', '1.22.1', '1.module+el8', '1')}`),
          notice('security', packed('absent', '9', '9')),
        ].join('')}</updates>\n`,
      ),
    );
    await write(
      `${cache}/repomd.xml`,
      '<?xml version="1.0"?>\n<repomd>\n  <revision>1763683200</revision>\n</repomd>\n',
    );
  });

  test('pending updates are those of security notices, newer than the newest installed', async () => {
    expect(await ask(shell, join(root, 'programs'))).toEqual({
      system: { id: 'openEuler', version: '22.03', title: 'openEuler 22.03 (LTS-SP3)' },
      packages: 'rpm',
      metadata: '2025-11-21',
      pending: 1,
      updates: [{ name: 'openssl', installed: '1:1.1.1m-8.oe2203', available: '1:1.1.1m-20.oe2203' }],
      unclear: 1,
      lastUpgrade: '2024-01-11',
    });
  });

  test('notices of an added repository alone tell nothing of the distribution’s own packages', async () => {
    const added = notice('security', packed('nginx', '1.20.1', '9', '1'));
    await write(`${cache}/9-updateinfo.xml.gz`, gzipSync(`<updates>${added}</updates>`));
    expect((await ask(shell, join(root, 'programs'))).metadata).toBeUndefined();
  });

  test('a repository without security notices, as CentOS 7 had them, tells nothing', async () => {
    await write(
      `${cache}/9-updateinfo.xml.gz`,
      gzipSync(`<updates>${notice('bugfix', packed('bash', '5.2', '1'))}</updates>`),
    );
    const value = await ask(shell, join(root, 'programs'));
    expect(value).toMatchObject({ packages: 'rpm', pending: 0 });
    expect(value.metadata).toBeUndefined();
  });
});

describe('reading', () => {
  const system = (...more: string[]): string =>
    lines(
      'now 1772330400 +0800',
      'os:ID="centos"',
      'os:VERSION_ID="7"',
      'os:PRETTY_NAME="CentOS Linux 7 (Core)"',
      ...more,
      'end',
    );
  const updates = lines(
    'packages:rpm',
    'revision:1772000000',
    'installed:300',
    'listed:20',
    'changed:1771000000',
    'end',
  );

  test('a newer kernel of the same flavour that does not run', () => {
    const running = 'running:6.1.0-18-amd64';
    const own = 'kernel:1700000000:6.1.0-18-amd64';
    const newer = 'kernel:1771000000:6.1.0-20-amd64';
    expect(read({ system: system(running, own, newer), updates }).newerKernel).toEqual({
      running: '6.1.0-18-amd64',
      installed: '6.1.0-20-amd64',
      since: '2026-02-14',
    });
    for (const other of [
      [own],
      [newer],
      [own, 'kernel:1771000000:6.1.0-20-cloud-amd64'],
      [own, 'kernel:1:6.1.0-9-amd64'],
    ])
      expect(read({ system: system(running, ...other), updates }).newerKernel).toBeUndefined();
  });

  test('neither dpkg nor rpm', () => {
    expect(read({ system: system(), updates: lines('end') })).toEqual({
      system: { id: 'centos', version: '7', title: 'CentOS Linux 7 (Core)' },
      pending: 0,
      updates: [],
      unclear: 0,
    });
  });

  test('less than all is nothing; hostile lines are harmless', () => {
    expect(() => read({ system: system(), updates: { stdout: updates, truncated: true } })).toThrow();
    expect(() => read({ updates })).toThrow();
    const hostile = lines(
      'packages:deb',
      'pair:',
      'pair:a',
      `pair:\u001b[2J 1 ${'9'.repeat(5000)}~`,
      'published:soon',
      'revision:9e99',
      'installed:x',
      'listed:-1',
      'end',
    );
    expect(read({ system: system('running:'), updates: hostile })).toMatchObject({
      pending: 1,
      updates: [{ name: '·[2J' }],
    });
  });
});
