import { z } from 'zod';

// A control character would break the lines that a host's script prints.
const path = z
  .string()
  .max(4096)
  .startsWith('/', { error: '须为绝对路径 | must be an absolute path' })
  .regex(/^[^\p{Cc}]+$/u, { error: '不得含控制字符 | must hold no control character' });
const store = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u, { error: '不得含控制字符 | must hold no control character' });

/** What a host keeps, and by which program it reaches the tax authority. */
export const dataFields = {
  /** Files and folders that hold tax data; `of` names the store whose data they are. */
  data: z.array(z.strictObject({ path, of: store.optional(), seenAs: path.optional() })).default([]),
  /** Folders that backups are written to; `of` names the store they are of. */
  backups: z.array(z.strictObject({ path, of: store.optional() })).default([]),
  /** The program that calls the tax authority: its configuration files, and the names its processes have. */
  connector: z
    .strictObject({
      config: z.array(path).max(100).default([]),
      programs: z.array(z.string().regex(/^[\w.+-]{1,100}$/)).default([]),
    })
    .optional(),
};
