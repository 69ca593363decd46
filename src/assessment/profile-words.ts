import type { Text } from '../text.ts';

/** The three parts of a self-evaluation report (QD 4-3). */
export const parts = ['business', 'technology', 'risk'] as const;

export type Part = (typeof parts)[number];

export const partTitles: Readonly<Record<Part, Text>> = {
  business: { zh: '业务情况', en: 'Business' },
  technology: { zh: '技术情况', en: 'Technology' },
  risk: { zh: '风险监控情况', en: 'Risk monitoring' },
};

/** How a row can be answered; a signature stands beside the others, never instead. */
export const ways = ['scan', 'document', 'fact', 'ledger', 'date'] as const;

export type Way = (typeof ways)[number];

/** Computed from the evidence that findings cite: 实测, 材料, 声明. */
export const bases = ['measured', 'filed', 'attested'] as const;

export type Basis = (typeof bases)[number];

export const basisTitles: Readonly<Record<Basis, Text>> = {
  measured: { zh: '实测', en: 'Measured' },
  filed: { zh: '材料', en: 'Filed' },
  attested: { zh: '声明', en: 'Attested' },
};
