import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cksum } from '../../../src/collectors/transports/cksum.ts';
import { readFrames } from '../../../src/collectors/transports/frames.ts';
import { command, runScript } from './host-scripts.ts';

const commands = [
  command('first', 'echo one; echo said >&2'),
  command('second', 'printf two; exit 3'),
  command('third', ':'),
];
const plain = runScript('dash', commands).output;
const summed = runScript('dash', commands, { byHand: true }).output;

const read = (output: Buffer, byHand = false) => readFrames(output, commands, { run: 'abc', summed: byHand });
const whole = read(plain);

test('noise before the first frame is passed over, whatever it is', () => {
  for (const noise of ['Welcome\n', '\u001b[31mno newline', '@abc begi', '@abc begin 2\n', '|x\n!y\n', '\n\n']) {
    expect(read(Buffer.concat([Buffer.from(noise), plain])), noise).toEqual(whole);
  }
});

test.each([
  ['nothing', ''],
  ['a refusal', 'This account is currently not available.\n'],
  ['another run', plain.toString().replaceAll('@abc', '@abd')],
  ['another script', plain.toString().replace('begin 3', 'begin 4')],
])('%s is no answer', (_, output) => {
  expect(read(Buffer.from(output))).toEqual({ results: new Map(), problem: 'absent' });
});

describe.each([
  ['plain', plain, false],
  ['summed', summed, true],
] as const)('%s output', (_, output, byHand) => {
  test('that is whole gives every result', () => {
    // Each output is of a run of its own.
    const facts = whole.facts && { ...whole.facts, time: expect.any(Number) };
    expect(read(output, byHand)).toEqual({ ...whole, ...(facts ? { facts } : {}) });
    expect([...whole.results.keys()]).toEqual(['first', 'second', 'third']);
  });

  test('cut anywhere gives the frames before the cut, as they are, and says so', () => {
    for (let length = 0; length < output.length; length += 1) {
      const { results, problem } = read(output.subarray(0, length), byHand);
      expect(problem, `${length}`).toMatch(/^(absent|cut)$/);
      for (const [name, result] of results) expect(result).toEqual(whole.results.get(name));
    }
  });

  test('with a line left out, doubled or swapped is noticed', () => {
    const lines = output.toString().split('\n').slice(1, -1);
    for (let index = 0; index < lines.length; index += 1) {
      const [line = '', next = line] = lines.slice(index);
      const isFrame = byHand || line.startsWith('@');
      const isLast = index === lines.length - 1;
      const without = lines.toSpliced(index, 1);
      const doubled = lines.toSpliced(index, 0, line);
      const swapped = lines.toSpliced(index, 2, next, line);
      if (isFrame) expect(read(text(without), byHand).problem, line).toBeDefined();
      if (isFrame && !isLast && index > 0) expect(read(text(doubled), byHand).problem, line).toBeDefined();
      if (isFrame && index > 0 && line !== next) expect(read(text(swapped), byHand).problem, line).toBeDefined();
    }
  });
});

test('a carried output with any byte changed, added or removed is noticed', () => {
  const start = summed.indexOf('@');
  for (let index = start; index < summed.length; index += 1) {
    const changed = Buffer.from(summed);
    changed[index] = (changed[index] ?? 0) === 0x78 ? 0x79 : 0x78;
    expect(read(changed, true).problem, `${index}`).toBeDefined();
    expect(read(Buffer.concat([summed.subarray(0, index), summed.subarray(index + 1)]), true).problem).toBeDefined();
  }
  expect(read(Buffer.from(summed.toString().replaceAll('\n', '\r\n')), true).problem).toBeDefined();
});

test('cksum is what cksum(1) prints', () => {
  for (const bytes of ['', 'a', '123456789', '\u00ff\u0000\n'.repeat(300), 'x'.repeat(70_000)]) {
    const real = spawnSync('cksum', { input: Buffer.from(bytes, 'latin1') })
      .stdout.toString()
      .trim();
    expect(cksum(bytes)).toBe(real);
  }
});

function text(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}
