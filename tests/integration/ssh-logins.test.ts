import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { listening } from '../support/servers.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';
import { examine, lossOf } from './ssh-support.ts';

const lab = sshLab();
const at = (name: string): string => join(lab.folder, name);
let server: Sshd;

beforeAll(async () => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('authority')]);
  execFileSync('ssh-keygen', ['-q', '-s', at('authority'), '-I', 'ops', '-n', 'root', at('stranger.pub')]);
  server = await lab.start([`TrustedUserCAKeys ${at('authority.pub')}`, 'PasswordAuthentication yes'], {
    password: 'geheim 3',
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const home = (configuration = '') => lab.home([`[127.0.0.1]:${server.port} ${lab.hostKey()}`], configuration);
const ask = (ssh: object, configuration?: string) =>
  examine({ ssh: { port: server.port, ...ssh }, home: home(configuration) });

describe('a user certificate', () => {
  const denied =
    /^denied: app-1 refused to log in root; tried: publickey.*; OpenSSH user certificates \(.*\) are not used to log in: put the public key into authorized_keys/;

  test('that opens the host to ssh(1) is not used here, which is said', async () => {
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', `UserKnownHostsFile=${at('none')}`, 'LogLevel=ERROR'];
    const args = [
      '-F',
      'none',
      '-p',
      `${server.port}`,
      '-i',
      at('stranger'),
      ...options.flatMap((each) => ['-o', each]),
    ];
    expect(execFileSync('ssh', [...args, 'root@127.0.0.1', 'echo in']).toString()).toBe('in\n');
    expect(lossOf(await ask({ keyFile: at('stranger') }))).toMatch(denied);
    expect(lossOf(await ask({ keyFile: at('stranger') }))).toContain('stranger-cert.pub');
  });

  test('that the client configuration names is said, too', async () => {
    const configuration = `Host *\n IdentityFile ${at('client_locked.pub')}\n CertificateFile ${at('x-cert.pub')}\n`;
    expect(lossOf(await ask({}, configuration))).toMatch(/ssh_config CertificateFile\) are not used to log in/);
  });

  test('beside a key that is taken does no harm', async () => {
    writeFileSync(at('client-cert.pub'), readFileSync(at('stranger-cert.pub')));
    expect(lossOf(await ask({ keyFile: at('client') }))).toBe('');
  });
});

describe('a ProxyCommand of the client configuration', () => {
  const refused = /^not-supported: ~\/\.ssh\/config has a ProxyCommand for app-1, which is not run here/;
  const keyFile = at('client');

  test('is neither run nor passed over', async () => {
    const configuration = `Host 127.0.0.1\n ProxyCommand touch ${at('ran')}\n`;
    expect(lossOf(await ask({ keyFile }, configuration))).toMatch(refused);
    expect(() => readFileSync(at('ran'))).toThrow(/ENOENT/);
  });

  test.each([
    ['counts before a ProxyJump that comes later', 'ProxyCommand nc %h %p\n ProxyJump bastion', refused],
    ['does not count after a ProxyJump', 'ProxyJump none\n ProxyCommand nc %h %p', /^$/],
    ['of none is the direct way', 'ProxyCommand none', /^$/],
  ])('%s', async (_, lines, loss) => {
    expect(lossOf(await ask({ keyFile }, `Host *\n ${lines}\n`))).toMatch(loss);
  });
});

describe('a question of keyboard-interactive', () => {
  /** A server that asks these, one round each, and lets nobody in; gives what it was answered. */
  const questions = async (rounds: readonly string[][], secrets: (question?: string) => string | undefined) => {
    const heard: string[][] = [];
    const { Server } = ssh2;
    const asking = new Server({ hostKeys: [readFileSync(at('host_ed25519'))] }, (client: Connection) => {
      client.on('error', () => {});
      client.on('authentication', (login) => {
        if (login.method !== 'keyboard-interactive') return login.reject(['keyboard-interactive']);
        const next = ([round, ...rest]: readonly string[][]): void => {
          if (!round) {
            login.reject();
            return;
          }
          login.prompt(
            round.map((prompt) => ({ prompt, echo: false })),
            (answers) => {
              heard.push(answers);
              if (answers.length < round.length) login.reject();
              else next(rest);
            },
          );
        };
        next(rounds);
      });
    });
    const port = await listening(asking, '127.0.0.1');
    const examined = await examine({
      ssh: { port, user: 'ops', login: 'keyboard-interactive', password: { env: 'OPS_PASSWORD' } },
      home: lab.home([`[127.0.0.1]:${port} ${lab.hostKey()}`]),
      secrets: async ({ env, question }) => (env ? 'geheim 3' : secrets(question?.en)),
    });
    asking.close();
    return { heard, loss: lossOf(examined) };
  };

  test('for the password is answered with it, once', async () => {
    const { heard, loss } = await questions([['Password: '], ['Password: ']], () => undefined);
    expect(heard).toEqual([['geheim 3'], []]);
    expect(loss).toMatch(/^denied: .*tried: keyboard-interactive; it asked "Password:"/);
  });

  test.each(['Passcode:', 'Verification code: ', '动态口令：', 'One-time password: ', 'New password: '])(
    '%j is never answered with the password, and nobody else answers: that is said',
    async (prompt) => {
      const { heard, loss } = await questions([[prompt]], () => undefined);
      expect(heard).toEqual([[]]);
      expect(loss).toContain(`; it asked ${JSON.stringify(prompt.trim())}, which is never answered with the password`);
      expect(loss).not.toContain('geheim');
    },
  );

  test('for a code beside the password is asked of the person', async () => {
    const { heard } = await questions([['Password: ', 'Verification code: ']], (question) =>
      question === 'ops@app-1 Verification code:' ? '123456' : undefined,
    );
    expect(heard).toEqual([['geheim 3', '123456']]);
  });
});

test('a password is asked for on a terminal, and not shown there', async () => {
  const fingerprint = createHash('sha256')
    .update(Buffer.from(lab.hostKey().split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace(/=+$/, '');
  const platform = at('platform.yaml');
  const ssh = `{ user: ops, port: ${server.port}, fingerprint: 'SHA256:${fingerprint}', password: prompt }`;
  writeFileSync(
    platform,
    `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
hosts: [{ name: app-1, address: 127.0.0.1, transport: ssh, ssh: ${ssh} }]
`,
  );
  const run = [process.execPath, join(packageRoot, 'src/cli.ts'), 'probe', 'host', 'app-1', '--platform', platform];
  // script(1) gives it a terminal.
  const child = spawn('script', ['-qec', `${run.map((word) => `'${word}'`).join(' ')} --json`, '/dev/null'], {
    env: { ...process.env, HOME: lab.folder, LANG: 'zh_CN.UTF-8', SSH_AUTH_SOCK: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!shown.includes('密码') && (shown + text).includes('密码')) child.stdin.write('geheim 3\r');
    shown += text;
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect([status, shown.slice(0, 300)]).toEqual([0, expect.stringMatching(/^ops@app-1 的密码: \r?\n/)]);
  expect(shown).not.toContain('geheim');
});
