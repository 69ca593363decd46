import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import { paperDefect } from '../../src/evidence/filed/documents.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { type Paper, timeOf } from '../shared/papers.ts';

const messages = {
  held: {
    zh: '持有《{{title}}》：{{file}}，{{mediaType}}，{{bytes}} 字节，SHA-256 {{sha256}}',
    en: '“{{title}}” is held: {{file}}, {{mediaType}}, {{bytes}} bytes, SHA-256 {{sha256}}',
  },
  notHeld: { zh: '本单位声明未持有《{{title}}》', en: 'the unit declares that it does not hold “{{title}}”' },
  empty: { zh: '《{{title}}》的文件 {{file}} 是空文件', en: '“{{title}}”: the file {{file}} is empty' },
  noDocument: {
    zh: '《{{title}}》的文件 {{file}}（{{bytes}} 字节）不是可识别的文档，可能已损坏或传输不完整',
    en: '“{{title}}”: {{file}} ({{bytes}} bytes) is no known kind of document; it may be damaged or cut off',
  },
  misnamed: {
    zh: '《{{title}}》的文件 {{file}} 实为纯文本，与其扩展名不符',
    en: '“{{title}}”: {{file}} is plain text, not what its name says',
  },
  otherType: {
    zh: '《{{title}}》的文件 {{file}} 是 {{mediaType}}，应为 {{asked}}',
    en: '“{{title}}”: {{file}} is {{mediaType}}; {{asked}} is asked',
  },
  ended: {
    zh: '《{{title}}》载明的有效期已于 {{until}} 届满',
    en: 'the validity that “{{title}}” states ended on {{until}}',
  },
  ahead: {
    zh: '《{{title}}》日期或生效日期为 {{from}}，晚于评估基准日',
    en: '“{{title}}” is dated, or valid from, {{from}}, which is after the as-of date',
  },
  noHash: { zh: '《{{title}}》没有文件哈希，无法核对', en: '“{{title}}” has no hash and cannot be verified' },
  noEvidence: {
    zh: '没有该材料的有效证据：平台文件未列出、未能读取或已过期',
    en: 'there is no valid evidence of this paper: it is not listed in the platform file, could not be read, or is too old',
  },
  ...conditionMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** The unit holds a paper, or one of several, and what it holds is a document that can be opened. */
export const check = defineCheck({
  id: 'documents/present',
  title: { zh: '材料齐备', en: 'The paper is held' },
  about: {
    zh: '读取平台文件所列材料，计算 SHA-256 与 SM3，并按内容（而非文件名）识别格式；空文件、无法识别的内容和名不副实的文本不算材料，载明的有效期已届满或者尚未开始的不判定为符合。',
    en: 'Reads the paper that the platform file lists, computes SHA-256 and SM3, and tells its format by content, not by name; an empty file, unknown content and text under another format’s name are no paper, and one that by its own words has ended or not begun shows nothing.',
  },
  reads: ['documents', 'facts'],
  parameters: z
    .strictObject({
      /** The document's id. */
      document: z.string().optional(),
      /** Ids of papers any one of which will do. */
      anyOf: z.array(z.string()).min(1).optional(),
      /** The formats it may have; any known format if absent. */
      mediaTypes: z.array(z.string()).min(1).optional().meta(stricter.fewer),
      when: condition.optional(),
    })
    .refine(({ document, anyOf }) => (document === undefined) !== (anyOf === undefined), {
      error: '写 document 或 anyOf 之一 | give either document or anyOf',
    }),
  messages,
  remedies: {
    ...conditionRemedies,
    notHeld: { zh: '取得《{{title}}》并列入平台文件', en: 'obtain “{{title}}” and list it in the platform file' },
    empty: { zh: '换成完整的文件', en: 'replace it by the complete file' },
    noDocument: { zh: '重新扫描或导出该材料', en: 'scan or export the paper again' },
    misnamed: { zh: '提供该材料的真实文件', en: 'provide the real file' },
    otherType: { zh: '按要求的格式重新提供', en: 'provide it in the format that is asked' },
    ended: { zh: '重新办理《{{title}}》并登记新的有效期', en: 'renew “{{title}}”, and enter its new validity' },
    ahead: { zh: '对照材料核对日期', en: 'compare the date with the paper' },
    noHash: { zh: '重新采集该材料', en: 'collect the paper again' },
    noEvidence: {
      zh: '在平台文件 documents.items 中列出该材料；确实没有的，写 held: false',
      en: 'list it under documents.items of the platform file; if there is none, say held: false',
    },
  },

  judge({ documents, facts }, { document, anyOf, mediaTypes, when }, asOf) {
    const unbound = unlessBinding(facts, when);
    if (unbound) return [unbound];
    const ids = anyOf ?? (document === undefined ? [] : [document]);
    const each = ids.map((id) => ofId(documents, id, { mediaTypes, asOf }));
    const held = each.filter((findings) => findings.every(({ outcome }) => outcome === 'met'));
    return (held.length > 0 ? held : each).flat();
  },
});

type Asked = { readonly mediaTypes: readonly string[] | undefined; readonly asOf: PlainDate };

function ofId(documents: readonly Paper[], id: string, asked: Asked): Finding<Says>[] {
  const papers = documents.filter((each) => each.value.id === id);
  if (papers.length === 0) return [unproven('noEvidence', [], {}, id)];
  return papers.map((paper) => ofPaper(paper, asked));
}

function ofPaper(paper: Paper, { mediaTypes, asOf }: Asked): Finding<Says> {
  const { title, bytes, mediaType, sha256, file = paper.value.id } = paper.value;
  const data = { title, file, bytes, mediaType };
  const defect = paperDefect(paper.value);
  if (defect) return unmet(defect, paper, data);
  if (mediaTypes && !mediaTypes.includes(mediaType))
    return unmet('otherType', paper, { ...data, asked: mediaTypes.join(', ') });
  if (sha256 === undefined) return unproven('noHash', paper, data);
  const time = timeOf(paper.value, asOf);
  if (time.is !== 'now') return unproven(time.is, paper, { title, ...time.data });
  return met('held', paper, { ...data, sha256 });
}
