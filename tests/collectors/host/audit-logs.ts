// Audit logs as applications write them; the names and numbers in them are made up.

export const json = (value: object): string => JSON.stringify(value);
const escaped = (text: string): string =>
  text.replace(/[^\0-\x7f]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
export const many = (line: string | ((index: number) => string), count = 30): string =>
  Array.from({ length: count }, (_, index) => `${typeof line === 'string' ? line : line(index)}\n`).join('');

export const whole = {
  timestamp: '2026-03-01T10:00:00.123+08:00',
  userName: '张三',
  action: 'login',
  message: 'a "b" \\ c',
  result: 'ok',
};
const zh = { 操作时间: 1_772_330_400_000, 操作人: '张三', 操作类型: '开票', 操作内容: '开具发票', 结果: '成功' };

type Wanted = { log: object; content: string; sample: object };

// Content, how it is declared, and what the sample must count.
export const contents: Record<string, Wanted> = {
  'JSON under usual names': {
    log: { records: {} },
    content: many(json({ ...whole, nested: { list: [1, { a: null }], empty: {}, none: [] } })),
    sample: { formats: ['json'], records: 30, complete: 30, unread: 0, missing: {}, empty: {}, unclear: {} },
  },
  'JSON with Chinese keys, half of them escaped': {
    log: { records: { format: 'json' } },
    content: many((index) => (index % 2 === 0 ? json(zh) : escaped(json(zh)))),
    sample: { records: 30, complete: 30 },
  },
  'JSON that lacks and empties fields': {
    log: { records: {} },
    content:
      many(json(whole)) +
      many(json({ ...whole, userName: ' ', result: null }), 2) +
      many(json({ ...whole, action: undefined }), 3),
    sample: {
      records: 35,
      complete: 30,
      missing: { initiator: 2, result: 2, type: 3 },
      empty: { initiator: 2, result: 2 },
    },
  },
  'JSON behind a date, as a logging library writes it': {
    log: { records: {} },
    content: many(
      `2026-03-01 10:00:00.123 [main] INFO audit - ${json({ user: { id: 7 }, type: 'a', desc: 'b', status: 0 })}`,
    ),
    sample: { records: 30, complete: 30 },
  },
  'JSON of nested names, one declared; dates as lists of numbers': {
    log: { records: { fields: { initiator: 'who.account.name' } } },
    content: many(
      json({
        time: [2026, 3, 1, 10, 0],
        event: { action: 'a', outcome: 'b' },
        message: 'c',
        who: { account: { name: 'x' } },
      }),
    ),
    sample: { records: 30, complete: 30 },
  },
  'what only looks like a field': {
    log: { records: {} },
    content: many(
      json({
        '@timestamp': 'soon',
        event: { outcome: 'x' },
        operation: { result: 1 },
        data: { type: 'x', user: 'y' },
        message: 'm',
      }),
    ),
    sample: { records: 30, complete: 0, missing: { initiator: 30, type: 30 }, unclear: { date: 30, time: 30 } },
  },
  'a declared name counts alone': {
    log: { records: { fields: { result: 'outcome_code', time: 'at', date: 'at' } } },
    content: many(json({ ...whole, at: '2026-03-01', result: 'ok' })),
    sample: { complete: 0, missing: { result: 30, time: 30 }, empty: { time: 30 } },
  },
  'key=value with quotes, blanks and an empty one': {
    log: { records: { format: 'key-value' } },
    content:
      many('2026-03-01 10:00:00.123 INFO [audit] user=张三 action=login msg="a b=c, \\"d\\" e" result=ok') +
      many('time=2026-03-01T10:00:00Z, user=u, action=a=b, msg=one two three, result=', 2),
    sample: { formats: ['key-value'], records: 32, complete: 30, missing: { result: 2 }, empty: { result: 2 } },
  },
  'full-width colons': {
    log: { records: {} },
    content: many('时间：2026-03-01 10:00:00，用户：张三，操作：登录，描述：登录系统，结果：成功'),
    sample: { formats: ['key-value'], records: 30, complete: 30 },
  },
  'CSV with a heading, quoted cells and an empty cell': {
    log: { records: {} },
    content: `\uFEFF操作时间,操作人,操作类型,操作描述,结果\r\n${many('2026-03-01 10:00:00,张三,登录,"a, ""b""",成功\r')}2026-03-01 10:00:00,,登录,x,成功\r\n`,
    sample: { formats: ['csv'], records: 31, complete: 30, missing: { initiator: 1 }, unread: 0 },
  },
  'CSV without a heading, its columns declared': {
    log: {
      records: {
        format: 'csv',
        separator: '|',
        columns: ['day', 'hour', 'user', 'type', 'message', 'result'],
        fields: { date: 'day', time: 'hour' },
      },
    },
    content: many('20260301|101500|张三|登录|x|成功') + many('20260301|101500|张三|登录', 1),
    sample: { formats: ['csv'], records: 30, complete: 30, unread: 1 },
  },
  'a declared pattern, with lines that go on': {
    log: { records: { format: 'pattern', pattern: '{date} {time} [{initiator}] {type} - {description} ({result})' } },
    content:
      many('2026-03-01  10:00:00 [张三] LOGIN - from 192.0.2.7 (OK)\n\tat x.Y(Z.java:1)') +
      many('2026-03-01 10:00:00 [] LOGIN - x (OK)', 2) +
      many('nonsense', 3),
    sample: {
      formats: ['pattern'],
      records: 32,
      complete: 30,
      missing: { initiator: 2 },
      empty: { initiator: 2 },
      unread: 3,
    },
  },
  'plain text that nothing is declared of': {
    log: { records: {} },
    content: many('2026-03-01 10:00:00 INFO 张三 登录 成功'),
    sample: { formats: [], records: 0, unread: 30 },
  },
  'a last line that is not written to its end': {
    log: { records: {} },
    content: `${many(json(whole))}time=2026-03-01T10:00:00Z user=u action=a msg=x`,
    sample: { records: 30, complete: 30, unread: 0 },
  },
  'bytes of no text, a line of 20,000 characters, braces without end': {
    log: { records: {} },
    content: `${'\0\x01\xff'.repeat(50)}\n${json({ ...whole, message: 'x'.repeat(20_000) })}\n${'{"a":'.repeat(200)}\n${'['.repeat(500)}\n`,
    sample: { records: 0, unread: 4 },
  },
};
