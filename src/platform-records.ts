import { z } from 'zod';
import { patternFields, recordFieldNames, recordFormats } from './evidence/host/audit-records.ts';

// Each name becomes one line of a table that a host's awk reads.
const fieldName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, '不得含控制字符 | must hold no control character');
const names = z.union([fieldName, z.array(fieldName).min(1).max(10)]);

/** Where the fields stand in the records of an audit log; what is left out is recognised by its usual names. */
export const recordsSchema = z
  .strictObject({
    /** Left out: told from each line. */
    format: z.enum(recordFormats).optional(),
    /** By field, the key, column or dotted path that holds it: `initiator: user.name`; one name may hold date and time. */
    fields: z.partialRecord(z.enum(recordFieldNames), names).optional(),
    /** For `pattern`: `{date} {time} [{initiator}] {type} {description} ({result})`; `{datetime}` is both, `{_}` anything. */
    pattern: z
      .string()
      .max(500)
      .regex(/^[^\p{Cc}]+$/u)
      .optional(),
    /** For `csv`: what stands between cells, and the columns where no heading line names them. */
    separator: z.enum([',', ';', '|', '\t']).optional(),
    columns: z.array(fieldName).min(2).max(100).optional(),
  })
  .superRefine(({ format, pattern, separator, columns, fields }, context) => {
    const wrong = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if ((format === 'pattern') !== (pattern !== undefined))
      wrong('pattern', 'format: pattern 与 pattern 须同时给出 | format: pattern and a pattern go together');
    if (pattern !== undefined && (patternFields(pattern).length === 0 || !isPattern(pattern)))
      wrong(
        'pattern',
        '占位符为 {date} {time} {datetime} {initiator} {type} {description} {result} {_}，彼此之间须有其他字符 | placeholders are {date} {time} {datetime} {initiator} {type} {description} {result} {_}, with something between them',
      );
    if (pattern !== undefined && fields !== undefined)
      wrong('fields', '使用 pattern 时不写 fields | with a pattern, fields are not given');
    if (format !== 'csv' && (separator !== undefined || columns !== undefined))
      wrong('format', 'separator、columns 仅用于 format: csv | separator and columns are for format: csv');
  });

function isPattern(pattern: string): boolean {
  const known = new Set<string>([...recordFieldNames, 'datetime', '_']);
  const placeholders = [...pattern.matchAll(/\{(\w*)\}/g)].map(([, name = '']) => name);
  return placeholders.every((name) => known.has(name)) && !pattern.replace(/\s+/g, ' ').includes('}{');
}
