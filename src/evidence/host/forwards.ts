import { z } from 'zod';
import type { Text } from '../../text.ts';

/** Why a part could not be read; whatever is missing from it proves nothing. */
export const unreadWhys = {
  denied: { zh: '权限不足', en: 'permission denied' },
  incomplete: { zh: '命令未执行完毕', en: 'the command did not finish' },
  missing: { zh: '未找到', en: 'not found' },
  'no-tool': { zh: '缺少读取工具', en: 'the tool that shows it is missing' },
  unclear: { zh: '内容无法识别', en: 'not understood' },
  'too-many': { zh: '数量超出上限', en: 'more than is kept' },
} as const satisfies Record<string, Text>;

export type UnreadWhy = keyof typeof unreadWhys;

/** A place that traffic enters at or leaves for. */
const place = z.strictObject({
  /** An address, a name, `any` for every address of the host, `remote` for another machine's port, or `unix:PATH`. */
  host: z.string(),
  /** One port or a range, `8000-8010`; absent: all of them, or as it came. */
  port: z
    .string()
    .regex(/^\d{1,5}(-\d{1,5})?$/)
    .optional(),
});

const forward = z.strictObject({
  /** The program or the kernel's rules: `nginx`, `socat`, `iptables`, … */
  by: z.string(),
  /** File and line, rule, or process. */
  where: z.string(),
  /** `relay` leads to what `to` names, `proxy` to what the caller asks for, `unknown` to what this tool cannot read. */
  kind: z.enum(['relay', 'proxy', 'unknown']),
  /** The network namespace it stands in, where that is not the host's own: a container's. */
  network: z.strictObject({ id: z.string(), addresses: z.array(z.string()) }).optional(),
  /** The program runs or the rule is loaded; else it only stands in a configuration. */
  running: z.boolean(),
  /** Where it takes traffic; none: it cannot be told. */
  listens: z.array(place),
  /** The only sources that are let in, where everybody else is refused. */
  from: z.array(z.string()).optional(),
  to: z.array(place),
  /** What part of the destination depends on: variables, scripts, dynamic configuration. */
  unresolved: z.array(z.string()),
});

/** Every way found by which a host passes traffic on. Only destinations and listeners are kept: no header, no user, no password. */
export const forwards = {
  origin: 'host',
  per: 'host',
  title: { zh: '转发与地址转换', en: 'Forwards and address translation' },
  value: z.strictObject({
    forwards: z.array(forward),
    /** Ways in which the kernel passes on other machines' packets: by rule or by default, and where it says so. */
    routes: z.array(z.strictObject({ what: z.enum(['accepts', 'translates']), where: z.string() })),
    /** The host's own addresses, and the networks of its own containers. */
    own: z.array(z.string()),
    /** What the hosts file says of names that forwards lead to. */
    aliases: z.array(z.strictObject({ name: z.string(), addresses: z.array(z.string()) })),
    /** Whether the SSH service lets those who log in forward: `AllowTcpForwarding`, sshd_config(5). */
    sshForwarding: z.enum(['yes', 'no', 'local', 'remote', 'unknown', 'absent']),
    unread: z.array(z.strictObject({ part: z.string(), why: z.enum(Object.keys(unreadWhys) as [UnreadWhy]) })),
  }),
} as const;

export type Forwards = z.output<typeof forwards.value>;
export type Forward = z.output<typeof forward>;
export type Place = z.output<typeof place>;
