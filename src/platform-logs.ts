import { z } from 'zod';
import { timeSteps } from './evidence/host/log-times.ts';
import { recordsSchema } from './platform-records.ts';

const noControl = { error: '不得含控制字符 | must hold no control character' };
const path = z.string().min(1).max(4096).startsWith('/', { error: '须为绝对路径 | must be an absolute path' });
const settingsPath = path.regex(/^[^\p{Cc}]+$/u, noControl);
const words = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, noControl);

const timeSchema = z.strictObject({
  /**
   * `iso8601`, `common` (nginx, Apache), `syslog`, `epoch-seconds`, `epoch-milliseconds`, or a form: `yyyy-MM-dd HH:mm:ss,SSS`,
   * `%Y%m%d %H%M%S`.
   */
  format: words.refine((format) => timeSteps(format) !== undefined, {
    error:
      '不是可识别的时间格式，例如 iso8601、yyyy-MM-dd HH:mm:ss,SSS 或 %d/%b/%Y | no form of time that is known, such as iso8601, yyyy-MM-dd HH:mm:ss,SSS or %d/%b/%Y',
  }),
  /** The text that stands before it: `"ts":`. */
  after: words.optional(),
  /** Or the column it begins in, columns being parted by blanks; the first is 1. */
  column: z.int().min(1).max(50).optional(),
});

/** A log of a host, as the platform file declares it. */
export const logSchema = z
  .strictObject({
    /** Which logs they are; system and network logs in the usual places are found without being named. */
    of: z.enum(['system', 'network', 'application']),
    /** A file, a folder, or a pattern of paths on the host: `/opt/app/logs/app-*.log`. */
    path,
    /** How its entries are dated; left out: the usual forms are recognised. */
    time: timeSchema.optional(),
    /** What rotates and deletes it: paths or patterns of logback.xml, log4j2.xml, a module_conf.json of pm2, a Python file, a script. */
    settings: z.array(settingsPath).min(1).max(10).optional(),
    /** It holds the application's audit records, written like this; `{}` where the usual names will do. */
    records: recordsSchema.optional(),
  })
  .refine(({ of, records }) => records === undefined || of === 'application', {
    path: ['records'],
    error: '仅用于 of: application | is for of: application',
  });

/** Containers of Docker, Podman or Kubernetes whose standard output is an application log. */
export const containerLogSchema = z.strictObject({
  /** The container's name, or a pattern of names: `invoice-*`. */
  name: z
    .string()
    .regex(/^[\w.*?[\]-]{1,200}$/, { error: '不是容器名称或通配式 | not a container name or a pattern of them' }),
});
