import { text } from './ledger-columns.ts';

// Columns and words that several ledgers share.

export const unitName = text('使用单位名称', 'Using unit', {}, '单位名称', '企业名称', '纳税人名称', 'name');
export const creditCode = text(
  '统一社会信用代码',
  'Credit code',
  {},
  '信用代码',
  '纳税人识别号',
  '税号',
  'credit code',
);

/** Whom an entry is about. */
export const party = {
  unit: ['直连单位', 'unit', '本单位'],
  'using-unit': ['使用单位', 'using unit'],
  platform: ['直连平台', 'platform', '平台'],
} as const;
