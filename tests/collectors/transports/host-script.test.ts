import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collectors } from '../../../src/collectors/index.ts';
import { composeScript, runnable } from '../../../src/collectors/transports/host-script.ts';
import { localHost } from '../host/local-host.ts';
import { command, resultOf, runScript, shells } from './host-scripts.ts';

const whole = { status: 0, stderr: '', truncated: false, timedOut: false, withoutRoot: false };

// What one command may do to the others, or to the frames.
const commands = [
  command('plain', 'echo one; echo two'),
  command('status', 'echo out; echo err >&2; exit 3'),
  command('backslashes', `printf '%s\\n' 'a\\nb\\c' | tee /dev/stderr`),
  command('no newline', 'printf abc'),
  command('only newlines', 'echo; echo'),
  command('silent', ':'),
  command('unbalanced', 'echo "never'),
  command('quotes', `echo 'it'"'"'s'; printf '%s\\n' "a\\\\b" '$HOME \`id\`'`),
  command('leaves', 'set -e; trap "" TERM; exec 3>/dev/null; cd /nonexistent; echo not reached'),
  command('closes', 'exec >&- 2>&-; echo lost'),
  command('frames', 'printf "@abc end 9\\n@abc part 10 x\\n|.\\n!@0\\n@abc done 15\\n"; echo @0 >&2; exit 5'),
  command('escapes', 'printf "\\033[2J\\r\\377\\n"'),
  command('binary', 'printf "a\\000b\\nc\\n"'),
  command('input', 'cat; read -r line; echo "read=$line"'),
  command('settings', 'env; umask; uid=$(id -u); [ "$uid" = "$(id -u)" ] && echo done'),
  command('killed', 'echo before; kill -9 $$'),
];

describe.each(Object.keys(shells) as (keyof typeof shells)[])('a script of %s', (shell) => {
  test.each([false, true])('gives each command its own result; carried by hand: %s', (byHand) => {
    const ran = runScript(shell, commands, {
      byHand,
      env: { LANG: 'zh_CN.GBK', SECRET: 'x', run: 'env', host: 'env' },
    });
    const of = (name: string) => resultOf(ran, name);
    expect(ran.frames.problem).toBeUndefined();
    expect(of('plain')).toEqual({ ...whole, stdout: 'one\ntwo\n' });
    expect(of('status')).toEqual({ ...whole, status: 3, stdout: 'out\n', stderr: 'err' });
    expect(of('backslashes')).toEqual({ ...whole, stdout: 'a\\nb\\c\n', stderr: 'a\\nb\\c' });
    expect(of('no newline').stdout).toBe('abc');
    expect(of('only newlines').stdout).toBe('\n\n');
    expect(of('silent')).toEqual({ ...whole, stdout: '' });
    expect(of('unbalanced')).toMatchObject({ stdout: '' });
    expect(of('unbalanced').status).not.toBe(0);
    expect(of('quotes').stdout).toBe(`it's\na\\b\n$HOME \`id\`\n`);
    expect(of('leaves')).toMatchObject({ stdout: '' });
    expect(of('leaves').status).not.toBe(0);
    expect(of('closes').stdout).toBe('');
    expect(of('frames')).toEqual({
      ...whole,
      status: 5,
      stdout: '@abc end 9\n@abc part 10 x\n|.\n!@0\n@abc done 15\n',
      stderr: '@0',
    });
    expect(of('escapes').stdout).toBe('\u001b[2J\r\ufffd\n');
    expect(of('binary').stdout).toBe('ab\nc\n');
    expect(of('input').stdout).toBe('read=\n');
    expect(of('settings').stdout).toContain('LC_ALL=C\n');
    expect(of('settings').stdout).not.toMatch(/SECRET|LANG|run=|host=/);
    expect(of('settings').stdout).toMatch(/^0*77\ndone\n$/m);
    expect(of('killed')).toEqual({ ...whole, status: undefined, stdout: 'before\n' });
  });

  test('cuts what is too long, on the host', () => {
    const ran = runScript(shell, [
      command('flood', 'while :; do cat /proc/version; done', { limit: 1000, timeout: 2 }),
      command('exact', 'printf 0123456789', { limit: 10 }),
      command('one more', 'printf 0123456789X', { limit: 10 }),
      command('noise', 'i=0; while [ $i -lt 999 ]; do printf %0999d $i >&2; echo >&2; i=$((i + 1)); done; exit 4', {
        timeout: 60,
      }),
    ]);
    expect(ran.frames.problem).toBeUndefined();
    expect(resultOf(ran, 'flood')).toMatchObject({ truncated: true, status: undefined });
    expect(resultOf(ran, 'flood').stdout).toHaveLength(1000);
    expect(resultOf(ran, 'exact')).toEqual({ ...whole, stdout: '0123456789' });
    expect(resultOf(ran, 'one more')).toMatchObject({ truncated: true, stdout: '0123456789' });
    expect(resultOf(ran, 'noise')).toMatchObject({ status: 4, truncated: false });
    expect(ran.output.length).toBeLessThan(10_000);
  });

  test('ends a command at its time limit with all that it started', () => {
    const mark = `${process.pid}${Math.floor(performance.now())}`;
    const ran = runScript(shell, [
      command('hangs', `echo begun; sleep 4${mark} & (sleep 4${mark}; echo later) & sleep 4${mark}`, { timeout: 1 }),
      command('deaf', `trap "" TERM HUP INT; sleep 4${mark}; sleep 4${mark}`, { timeout: 1 }),
      command('leaves one', `sleep 4${mark} & echo gone`),
      command('after', 'echo after'),
    ]);
    expect(resultOf(ran, 'hangs')).toEqual({ ...whole, status: undefined, timedOut: true, stdout: 'begun\n' });
    expect(resultOf(ran, 'deaf')).toMatchObject({ timedOut: true });
    expect(resultOf(ran, 'leaves one')).toEqual({ ...whole, stdout: 'gone\n' });
    expect(resultOf(ran, 'after')).toEqual({ ...whole, stdout: 'after\n' });
    expect(ran.seconds).toBeLessThan(15);
    expect(running(`sleep\u00004${mark}`)).toBe(0);
  });

  // A parent waits for its vfork(2) child as it would for a file server that is gone: in state D, deaf to all but SIGKILL.
  test('ends a command that waits in the kernel', () => {
    const clone = process.arch === 'arm64' ? 220 : 56;
    const waits = `perl -e 'syscall(${clone}, 0x4000 | 17, 0, 0, 0, 0) or sleep 40' & sleep 0.3; sed -n 's/^State:.//p' /proc/$!/status; wait`;
    const ran = runScript(shell, [command('waits', waits, { timeout: 1 }), command('after', 'echo after')]);
    expect(resultOf(ran, 'waits')).toMatchObject({ timedOut: true, stdout: expect.stringMatching(/^D/) });
    expect(resultOf(ran, 'after')).toEqual({ ...whole, stdout: 'after\n' });
    expect(ran.seconds).toBeLessThan(10);
  });

  test('reads every command of ours, and its syntax is right', () => {
    const host = localHost();
    const all = collectors.flatMap((each) =>
      each.by === 'commands' ? each.ask(host).map((one) => ({ ...one, name: `${each.id} ${one.name}` })) : [],
    );
    const text = runnable(composeScript(host, all), { run: 'abc', byHand: true });
    expect(text).not.toMatch(/<</);
    const { program, name } = shells[shell];
    const checked = spawnSync(program, [...(program.endsWith('busybox') ? [name] : []), '-n'], { input: text });
    expect(checked.stderr.toString()).toBe('');
    expect(checked.status).toBe(0);
  });
});

test('without setsid and head -c a command still ends, with what it started, and is cut', () => {
  const mark = `${process.pid}${Math.floor(performance.now())}`;
  const ran = runScript(
    'dash',
    [
      command('hangs', `sleep 4${mark} & (sleep 4${mark}; echo later); echo no`, { timeout: 1 }),
      command('long', 'printf 0123456789X', { limit: 10 }),
    ],
    { edit: (script) => script.replace('session=setsid', 'session=').replace("first='head -c'", ':') },
  );
  expect(resultOf(ran, 'hangs')).toMatchObject({ timedOut: true, stdout: '' });
  expect(resultOf(ran, 'long')).toMatchObject({ truncated: true, stdout: '0123456789' });
  expect(running(`sleep\u00004${mark}`)).toBe(0);
});

describe('root', () => {
  const commands = [command('mine', 'id -u'), command('root’s', 'id -u; pwd; env | grep -c SUDO_', { asRoot: true })];
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  test('is no question for root itself', () => {
    const ran = runScript('dash', commands);
    expect(ran.frames.facts?.rights).toBe('root');
    expect(resultOf(ran, 'root’s')).toMatchObject({ withoutRoot: false, stdout: expect.stringMatching(/^0\n/) });
  });

  test('is not asked for where the platform file does not allow it', () => {
    const ran = runScript('dash', commands, { before: asNobody });
    expect(ran.frames.facts?.rights).toBe('none');
    expect(resultOf(ran, 'mine').withoutRoot).toBe(false);
    expect(resultOf(ran, 'root’s')).toMatchObject({
      withoutRoot: true,
      stdout: expect.stringMatching(/^65534\n/),
      stderr: '',
    });
  });

  test('that sudo refuses is said, and the command runs without', () => {
    const ran = runScript('dash', commands, { before: asNobody, sudo: true });
    expect(ran.frames.facts?.rights).toBe('none');
    expect(resultOf(ran, 'root’s')).toMatchObject({ withoutRoot: true, stdout: expect.stringMatching(/^65534\n/) });
    expect(resultOf(ran, 'root’s').stderr).toMatch(/sudo/);
  });

  // The file of rules is laid over the machine's own in a namespace of the test's.
  test.each([false, true])(
    'comes by sudo -n for the commands that ask for it, and only those; on a terminal: %s',
    (pty) => {
      const rules = `Defaults ${pty ? '' : '!'}use_pty\\nroot ALL=(ALL) ALL\\n#65534 ALL=(ALL) NOPASSWD: ALL\\n`;
      const lay = `mount -t tmpfs none /mnt && printf '${rules}' >/mnt/s && chmod 440 /mnt/s && mount --bind /mnt/s /etc/sudoers && exec "$@"`;
      const mark = `${process.pid}${Math.floor(performance.now())}`;
      const ran = runScript('dash', [...commands, command('hangs', `sleep 4${mark}`, { asRoot: true, timeout: 1 })], {
        before: ['unshare', '-m', 'sh', '-c', lay, 'sh', ...asNobody],
        sudo: true,
      });
      expect(ran.stderr).toBe('');
      expect(ran.frames.facts?.rights).toBe('sudo');
      expect(resultOf(ran, 'mine').stdout).toBe('65534\n');
      expect(resultOf(ran, 'root’s')).toMatchObject({
        withoutRoot: false,
        stdout: expect.stringMatching(/^0\n.*\n0\n$/),
      });
      expect(resultOf(ran, 'hangs').timedOut).toBe(true);
      expect(running(`sleep\u00004${mark}`)).toBe(0);
    },
  );

  // sudoers(5), runas_default: sudo -n lets us in, but as somebody else.
  test('sudo that makes us another than root is no root', () => {
    const rules = 'Defaults runas_default=daemon\\nroot ALL=(ALL) ALL\\n#65534 ALL=(ALL) NOPASSWD: ALL\\n';
    const lay = `mount -t tmpfs none /mnt && printf '${rules}' >/mnt/s && chmod 440 /mnt/s && mount --bind /mnt/s /etc/sudoers && exec "$@"`;
    const ran = runScript('dash', [command('root’s', 'id -u', { asRoot: true })], {
      before: ['unshare', '-m', 'sh', '-c', lay, 'sh', ...asNobody],
      sudo: true,
    });
    expect(ran.frames.facts?.rights).toBe('none');
    expect(resultOf(ran, 'root’s')).toMatchObject({ withoutRoot: true, stdout: '65534\n' });
  });
});

function running(words: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(words);
    } catch {
      return false;
    }
  }).length;
}
