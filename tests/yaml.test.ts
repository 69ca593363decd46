import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readYaml, readYamlFile } from '../src/yaml.ts';
import { complaints, inFolder } from './support/folder.ts';

const schema = z.strictObject({
  name: z.string(),
  port: z.int().min(1).max(65_535).optional(),
  hosts: z
    .array(z.strictObject({ name: z.string(), day: z.string().refine(isDay, { error: '不是日期 | not a date' }) }))
    .optional(),
  fact: z
    .union([
      z.strictObject({ kind: z.literal('amount'), amount: z.number() }),
      z.strictObject({ kind: z.literal('text'), text: z.string() }),
    ])
    .optional(),
});

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

const complaintsOn = (text: string | Buffer) => complaints({ 'a.yaml': text }, (file) => readYaml(file, schema));

test('reads what is right', async () => {
  const text = 'name: 平台 # a comment\nhosts:\n  - { name: app-1, day: 2026-03-01 }\n';
  const read = await inFolder({ 'a.yaml': text }, (at) => readYaml(at('a.yaml'), schema));
  expect(read).toEqual({ name: '平台', hosts: [{ name: 'app-1', day: '2026-03-01' }] });
});

test('names every mistake at once, by line, column and key, with what would be right, in both languages', async () => {
  const { zh, en, exitCode } = await complaintsOn(
    [
      'name: 7',
      'prot: 8443',
      'port: 70000',
      'hosts:',
      '  - name: app-1',
      '    dya: 2026-03-01',
      '  - name: app-2',
      '    day: today',
      '',
    ].join('\n'),
  );
  expect(exitCode).toBe(2);
  expect(zh).toEqual([
    'a.yaml:1:1  name: 无效输入：期望 string，实际接收 数字',
    'a.yaml:3:1  port: 数值过大：期望 number <=65535',
    'a.yaml:5:5  hosts[0].day: 无效输入：期望 string，实际接收 undefined',
    'a.yaml:6:5  hosts[0].dya: 没有这个键；可用：name、day',
    'a.yaml:8:5  hosts[1].day: 不是日期',
    'a.yaml:2:1  prot: 没有这个键；可用：name、port、hosts、fact',
  ]);
  expect(en).toEqual([
    'a.yaml:1:1  name: Invalid input: expected string, received number',
    'a.yaml:3:1  port: Too big: expected number to be <=65535',
    'a.yaml:5:5  hosts[0].day: Invalid input: expected string, received undefined',
    'a.yaml:6:5  hosts[0].dya: there is no such key; there are: name, day',
    'a.yaml:8:5  hosts[1].day: not a date',
    'a.yaml:2:1  prot: there is no such key; there are: name, port, hosts, fact',
  ]);
});

test('of a choice between shapes, speaks of the one that comes nearest', async () => {
  expect((await complaintsOn('name: a\nfact: { kind: amount, amount: much }\n')).en).toEqual([
    'a.yaml:2:23  fact.amount: Invalid input: expected number, received string',
  ]);
});

test('a shape that has not the key comes no nearer than one that does not take its value', async () => {
  expect((await complaintsOn('name: a\nfact: { kind: text, text: a, person: b }\n')).en).toEqual([
    'a.yaml:2:30  fact.person: there is no such key; there are: kind, text',
  ]);
});

test('the usual slips of syntax are told in Chinese', async () => {
  expect((await complaintsOn('name: a\nhosts:\n\t- name: b\n')).zh).toEqual([
    'a.yaml:3:1  YAML 语法错误：缩进不能用制表符（Tab），请用空格',
  ]);
});

test('a device that never ends is refused', async () => {
  await expect(readYaml('/dev/zero', schema)).rejects.toThrow('has 4194305 bytes; the limit is 4194304');
});

describe('what is not YAML, or not safe', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [${'*a, '.repeat(9)}]\nc: &c [${'*b, '.repeat(9)}]\nname: [${'*c, '.repeat(9)}]\n`;
  const cases: Record<string, readonly [string | Buffer, RegExp]> = {
    'a key twice': ['name: a\nport: 1\nname: b\n', /^a\.yaml:3:1 {2}YAML syntax: Map keys must be unique/],
    'Chinese in GB18030': [Buffer.from('name: a\nport: \xc7\xe0\xb5\xba\n', 'latin1'), /^a\.yaml:2 {2}not UTF-8/],
    'UTF-16': [Buffer.from('\ufeffname: a\n', 'utf16le'), /^a\.yaml:1 {2}not UTF-8/],
    'a bracket left open': ['name: [a\n', /^a\.yaml:\d:\d {2}YAML syntax: /],
    'aliases of aliases of aliases': [bomb, /^a\.yaml:1:1 {2}YAML syntax: Excessive alias count/],
    'an alias of nothing': ['name: *a\n', /^a\.yaml(:\d+:\d+)? {2}YAML syntax: .*Unresolved alias/],
    'two documents': ['name: a\n---\nname: b\n', /^a\.yaml:\d:\d {2}YAML syntax: .*multiple documents/],
    'an empty file': ['', /^a\.yaml(:\d+:\d+)? {2}Invalid input: expected object, received null/],
    'control characters in a key': [
      'name: a\n"\\e[31mred": 1\n',
      /^a\.yaml:2:1 {2}\["\\u001b\[31mred"\]: there is no such key/,
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [text, says]) => {
    const { en, exitCode } = await complaintsOn(text);
    expect(exitCode).toBe(2);
    expect(en).toEqual([expect.stringMatching(says)]);
  });

  test('more than the limit is refused by its size, before it is read', async () => {
    const { zh, en } = await complaintsOn(`name: ${'a'.repeat(5 * 1024 * 1024)}`);
    expect(zh).toEqual(['a.yaml 有 5242886 字节，超过上限 4194304']);
    expect(en).toEqual(['a.yaml has 5242886 bytes; the limit is 4194304']);
  });

  test('a file that is not there, and a folder in its place', async () => {
    expect((await complaints({ 'a.yaml': '' }, (file) => readYaml(`${file}x`, schema))).zh).toEqual([
      '无法读取 a.yamlx：文件不存在',
    ]);
    expect((await complaints({ 'a.yaml': '' }, (file) => readYaml(file.replace('/a.yaml', ''), schema))).en).toEqual([
      expect.stringMatching(/^cannot read .*: EISDIR/),
    ]);
  });
});

test('a mistake that no schema sees is placed by its keys', async () => {
  const text = 'name: a\nhosts:\n  - name: b\n    day: 2026-01-01\n';
  const file = await inFolder({ 'a.yaml': text }, (at) => readYamlFile(at('a.yaml'), schema));
  const placed = (...path: PropertyKey[]) => file.mistake(path, { zh: '错', en: 'wrong' });
  expect(placed('hosts', 0, 'day').at).toMatch(/a\.yaml:4:5$/);
  expect(placed('hosts', 0, 'day').text).toEqual({ zh: 'hosts[0].day: 错', en: 'hosts[0].day: wrong' });
  expect(placed('hosts', 0, 'absent').at, 'the nearest that is there').toMatch(/a\.yaml:3:5$/);
  expect(placed().at).toMatch(/a\.yaml:1:1$/);
});
