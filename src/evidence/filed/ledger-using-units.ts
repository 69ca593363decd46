import { choice, date, filled, type LedgerSpec, text, yesNo } from './ledger-columns.ts';
import { creditCode, unitName } from './ledger-common.ts';

const ratings = {
  A: ['A', 'A', 'A级'],
  B: ['B', 'B', 'B级'],
  M: ['M', 'M', 'M级'],
  C: ['C', 'C', 'C级'],
  D: ['D', 'D', 'D级'],
  none: ['不参评', 'not rated', '未评价', '不参与评价', '无'],
} as const;

/** The using units: one row for each, with what is known of it. */
export const usingUnits = {
  title: { zh: '使用单位台账', en: 'Using units' },
  key: ['creditCode'],
  columns: {
    name: { ...unitName, ...filled },
    creditCode: { ...creditCode, ...filled },
    joinedOn: date('接入日期', 'Joined on', filled, '开始使用日期'),
    leftOn: date('解除日期', 'Left on', {}, '退出日期', '终止日期'),
    relation: choice(
      {
        none: ['无控制关系', 'none', '无', '无关联关系'],
        'head-office': ['总公司', 'head office', '总机构', '集团总部'],
        branch: ['分公司', 'branch', '分支机构'],
        'group-member': ['集团成员单位', 'group member', '集团成员企业', '集团成员'],
        controlled: ['控股子公司', 'controlled company', '子公司', '全资子公司', '股权控制单位', '被控股单位'],
        controlling: ['控股方', 'controlling company', '母公司', '控股股东'],
        unknown: ['不详', 'unknown', '未知'],
      },
      '与直连单位的关系',
      'Relation to the unit',
      {},
      '关联关系',
      '与本单位关系',
    ),
    relationProof: choice(
      {
        yes: ['有', 'yes', '是', '已提供'],
        no: ['无', 'no', '否', '未提供'],
        exempt: ['无需提供', 'exempt', '免予提供'],
        unknown: ['不详', 'unknown', '未知'],
      },
      '关联关系证明',
      'Proof of relation',
    ),
    pilot: yesNo('是否纳入数电票试点', 'In the e-invoice pilot', {}, '数电票试点'),
    rating: choice(ratings, '纳税信用级别', 'Credit rating', {}, '纳税信用等级', '信用级别'),
    ratingExemption: choice(
      {
        'sole-trader': ['个体工商户', 'individual business'],
        'dependent-branch': ['非独立核算分支机构', 'branch without independent accounting'],
        no: ['否', 'no', '无'],
      },
      '不参评类型',
      'Why not rated',
      {},
      '免评类型',
    ),
    riskAtInvitation: yesNo('受邀时是否风险纳税人', 'Risk taxpayer when invited', {}, '受邀时风险纳税人'),
    tradesInSystem: yesNo(
      '是否在本单位系统交易或收付',
      'Trades or settles in the unit’s system',
      {},
      '依托本单位系统交易',
    ),
    violation: yesNo(
      '近三年重大税收违法',
      'Major tax violation in three years',
      {},
      '近三年是否有重大税收违法',
      '重大税收违法',
    ),
    flowFiledOn: date('货物流资金流数据最近报送日期', 'Flow data last filed on', {}, '三流数据最近报送日期'),
    agreement: yesNo('是否签订数据报送协议', 'Bound to report data', {}, '数据报送协议'),
    registered: yesNo('是否建立登记档案', 'Register kept', {}, '登记档案'),
    industry: text('所属行业', 'Industry', {}, '行业'),
    licences: text('资质资格', 'Licences', {}, '资质'),
    lastUsedOn: date('最近使用日期', 'Capability last used on', {}, '最近一次使用能力日期', '最近使用能力日期'),
    disqualifiedOn: date('发现不符合条件日期', 'Found unqualified on', {}, '不符合条件日期'),
    notifiedOn: date('告知日期', 'Told on', {}, '通知日期'),
    seriousViolationOn: date('严重违法发现日期', 'Serious violation found on'),
    violationReportedOn: date('严重违法上报日期', 'Serious violation reported on'),
  },
} as const satisfies LedgerSpec;
