import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Tls, tls } from '../../src/evidence/network/tls.ts';
import { packageRoot } from '../../src/package-root.ts';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { canMakeNetworks, createSlowLink, type SlowLink } from '../support/namespaces.ts';

const probed = z.object({ observed: tls.value, connections: z.int(), seconds: z.number() });

describe.skipIf(!canMakeNetworks())('the TLS prober over a link', () => {
  const mint = createMint();
  let config: string;

  beforeAll(() => {
    const { file, keyFile } = mint.issue('server', undefined, { key: ['rsa:2048'] });
    config = join(mint.folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (each) => `${each}_temp_path ${join(mint.folder, each)};`,
    );
    const directives = [
      'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3',
      'ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0',
      'ssl_prefer_server_ciphers on',
      `ssl_certificate ${file}`,
      `ssl_certificate_key ${keyFile}`,
    ];
    writeFileSync(
      config,
      `daemon off; master_process off; pid ${join(mint.folder, 'pid')}; error_log ${join(mint.folder, 'log')};
events {} http { access_log off; ${paths.join(' ')} server { listen 8443 ssl; ${directives.join('; ')}; return 200; } }`,
    );
  });

  afterAll(() => mint.remove());

  async function probeOver(link: SlowLink): Promise<z.output<typeof probed>> {
    const [program, ...before] = link.outside;
    const server = spawn(program, [...before, 'nginx', '-e', join(mint.folder, 'log'), '-c', config]);
    const knock = `const { connect } = require('node:net'); (function knock() { connect(8443, '127.0.0.1', () => process.exit()).on('error', () => setTimeout(knock, 50)) })()`;
    await runCli([], { program: [program, ...before, process.execPath, '-e', knock] });
    try {
      const { stdout, stderr } = await runCli(['probe', 'tls', `${link.address}:8443`, '--json'], {
        program: [...link.inside, process.execPath, join(packageRoot, 'src/cli.ts')],
      });
      if (stdout === '') throw new Error(stderr);
      return probed.parse(JSON.parse(stdout));
    } finally {
      server.kill();
      await link.remove();
    }
  }

  test('finds at 40 ms and with 2 % of the packets lost what it finds at once', async () => {
    const near = await probeOver(await createSlowLink(0, 0));
    const far = await probeOver(await createSlowLink(20, 2));
    expect(foundIn(near.observed).length).toBeGreaterThan(60);
    expect(foundIn(far.observed)).toEqual(foundIn(near.observed));
    // The link was slow: a hello and its answer take two round trips.
    expect(far.seconds).toBeGreaterThan(0.08);
    expect(far.seconds).toBeLessThan(20);
  });
});

/** Versions and their suites in the server's order, as lines; a gap shows as a line, too. */
function foundIn(value: Tls): string[] {
  if (!value.speaksTls) return [`no TLS: ${value.saw}`];
  return value.versions.flatMap((each) =>
    each.state === 'offered'
      ? [
          `${each.version} order ${each.suites?.order} gap ${each.suites?.gap?.reason ?? 'none'}`,
          ...(each.suites?.accepted ?? []).map((suite) => `${each.version} ${suite}`),
        ]
      : [`${each.version} ${each.state}`],
  );
}
