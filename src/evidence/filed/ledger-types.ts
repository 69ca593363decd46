import { choice, count, date, filled, type LedgerSpec, present, text, yesNo } from './ledger-columns.ts';
import { creditCode, party, unitName } from './ledger-common.ts';
import { events } from './ledger-events.ts';
import { usingUnits } from './ledger-using-units.ts';

/** Every kind of ledger, one register each; the persons in them are not kept. */
export const ledgerTypes = {
  'using-units': usingUnits,
  events,
  changes: {
    title: { zh: '变更事项台账', en: 'Changes' },
    key: [],
    columns: {
      number: text('编号', 'Number', {}, '序号'),
      party: choice(party, '变更主体', 'Party', filled, '主体'),
      name: unitName,
      kind: choice(
        {
          'legal-representative': ['法定代表人', 'legal representative'],
          'finance-head': ['财务负责人', 'finance head'],
          'project-head': ['项目负责人', 'project head'],
          contact: ['联系方式', 'contact', '联系人'],
          address: ['机构地址', 'address', '地址', '注册地址'],
          relation: ['关联关系', 'relation', '控股关系', '总分机构关系'],
          'base-data': ['基础信息', 'base data'],
          'network-address': ['网络地址', 'network address', 'IP地址'],
          major: ['其他重大变化', 'other major change', '重大变化'],
        },
        '变更事项',
        'What changed',
        filled,
        '事项',
      ),
      changedOn: date('变更日期', 'Changed on', filled),
      reportedOn: date('报送日期', 'Reported on', present, '报告日期', '备案日期'),
      resignedOn: date('重签协议日期', 'Agreement signed again on', {}, '重新签订协议日期'),
    },
  },
  functions: {
    title: { zh: '涉税服务功能备案台账', en: 'Tax-service functions' },
    key: [],
    columns: {
      name: text('功能名称', 'Function', filled, '功能'),
      filedOn: date('备案日期', 'Filed on', present),
      liveOn: date('上线日期', 'Live on', present),
      changedOn: date('调整变化日期', 'Changed on', present, '变更日期'),
      changeFiledOn: date('变更备案日期', 'Change filed on', present),
    },
  },
  capabilities: {
    title: { zh: '乐企能力台账', en: 'Capabilities' },
    key: ['name'],
    columns: {
      name: text('能力名称', 'Capability', filled, '能力'),
      public: yesNo('是否公用基础能力', 'Public basic capability', {}, '公用基础能力'),
      testedOn: date('测试报告日期', 'Test report on', present, '测试通过日期'),
      approvedOn: date('审核通过日期', 'Approved on', present, '确认日期'),
      validUntil: date('有效期至', 'Valid until', present, '有效期届满日'),
      stoppedOn: date('停用日期', 'Stopped on'),
      trades: text('适用行业或资质', 'For trades or licences', present, '适用行业', '适用范围'),
    },
  },
  grants: {
    title: { zh: '能力授权台账', en: 'Capabilities granted' },
    key: ['creditCode', 'capability'],
    columns: {
      creditCode: { ...creditCode, ...filled },
      name: unitName,
      capability: text('能力名称', 'Capability', filled, '授权能力', '能力'),
      grantedOn: date('授权日期', 'Granted on', filled),
      confirmedOn: date('使用单位确认日期', 'Confirmed on', {}, '确认日期'),
      endedOn: date('授权终止日期', 'Ended on', {}, '终止日期'),
    },
  },
  verifications: {
    title: { zh: '实名核验台账', en: 'Real-name checks' },
    key: [],
    columns: {
      number: text('编号', 'Number', {}, '序号'),
      creditCode: { ...creditCode, ...filled },
      name: unitName,
      role: choice(
        {
          'legal-representative': ['法定代表人', 'legal representative'],
          'finance-head': ['财务负责人', 'finance head'],
          clerk: ['开票员', 'clerk', '办税人员'],
        },
        '人员身份',
        'Role',
        filled,
        '身份',
      ),
      verifiedOn: date('核验日期', 'Verified on', filled),
      result: choice(
        { passed: ['通过', 'passed', '一致'], failed: ['不通过', 'failed', '未通过', '不一致'] },
        '核验结果',
        'Result',
        filled,
        '结果',
      ),
      suspendedOn: date('暂停服务日期', 'Suspended on'),
      correctedOn: date('改正日期', 'Corrected on'),
      stoppedOn: date('停止服务日期', 'Stopped on'),
    },
  },
  drills: {
    title: { zh: '应急演练台账', en: 'Drills' },
    key: [],
    columns: {
      heldOn: date('演练日期', 'Held on', filled, '日期'),
      topic: text('演练内容', 'Topic', filled, '内容', '科目'),
    },
  },
  'restore-tests': {
    title: { zh: '备份恢复测试台账', en: 'Restore tests' },
    key: [],
    columns: {
      testedOn: date('测试日期', 'Tested on', filled, '恢复测试日期', '演练日期', '日期'),
      store: text('数据库', 'Store', filled, '数据存储', '系统', '对象'),
      backup: text('所用备份', 'Backup used', filled, '备份', '备份文件'),
      outcome: choice(
        { passed: ['成功', 'passed', '通过', '正常'], failed: ['失败', 'failed', '不成功', '未通过', '部分成功'] },
        '恢复结果',
        'Outcome',
        filled,
        '结果',
        '测试结果',
      ),
      record: text('记录材料', 'Record', present, '证明材料', '测试报告', '报告'),
    },
  },
  trainings: {
    title: { zh: '数据安全培训台账', en: 'Trainings' },
    key: [],
    columns: {
      heldOn: date('培训日期', 'Held on', filled, '日期'),
      topic: text('培训内容', 'Topic', filled, '内容', '主题'),
      participants: count('参加人数', 'Participants', {}, '人数'),
    },
  },
  monitoring: {
    title: { zh: '风险监测台账', en: 'Risk monitoring' },
    key: [],
    columns: {
      heldOn: date('监测日期', 'Held on', filled, '日期'),
      findings: count('发现风险数', 'Risks found', present, '发现问题数'),
      remediedOn: date('补救完成日期', 'Remedied on', present, '整改完成日期'),
    },
  },
  versions: {
    title: { zh: '版本升级台账', en: 'Version notices' },
    key: ['notice'],
    columns: {
      notice: text('升级通知', 'Notice', filled, '版本', '通知编号'),
      noticedOn: date('通知日期', 'Noticed on', filled, '发布日期'),
      finishedOn: date('改造完成日期', 'Finished on', present, '完成日期'),
      testedOn: date('对接测试日期', 'Tested on', present, '测试日期'),
    },
  },
  'data-requests': {
    title: { zh: '涉税数据报送台账', en: 'Data asked for' },
    key: [],
    columns: {
      number: text('编号', 'Number', {}, '序号'),
      subject: text('报送内容', 'What is asked', filled, '数据内容', '内容'),
      askedOn: date('要求日期', 'Asked on', filled),
      dueOn: date('报送期限', 'Due on', present, '期限'),
      submittedOn: date('报送日期', 'Submitted on', present),
    },
  },
  warnings: {
    title: { zh: '风险预警台账', en: 'Risk warnings' },
    key: [],
    columns: {
      number: text('编号', 'Number', {}, '序号', '预警编号'),
      subject: text('预警内容', 'What it says', filled, '内容'),
      pushedOn: date('推送日期', 'Pushed on', filled, '预警日期'),
      correctedOn: date('整改完成日期', 'Corrected on', present, '整改日期'),
      answeredOn: date('反馈日期', 'Answered on', present),
    },
  },
  uploads: {
    title: { zh: '发票数据上传台账', en: 'Invoice uploads' },
    key: [],
    columns: {
      number: text('编号', 'Number', {}, '序号'),
      creditCode: { ...creditCode, ...filled },
      name: unitName,
      issuedOn: date('开具日期', 'Issued on', filled, '开票日期'),
      dueOn: date('上传期限', 'Due on', present, '期限'),
      uploadedOn: date('上传日期', 'Uploaded on', present),
      reportedOn: date('逾期上报日期', 'Late upload reported on', {}, '上报日期'),
    },
  },
} as const satisfies Record<string, LedgerSpec>;

export type LedgerType = keyof typeof ledgerTypes;

/** Every kind of ledger, in the order of the table above. */
export const ledgerNames = Object.keys(ledgerTypes) as [LedgerType, ...LedgerType[]];

/** The columns of a kind of ledger. */
export type ColumnOf<T extends LedgerType> = T extends LedgerType
  ? keyof (typeof ledgerTypes)[T]['columns'] & string
  : never;

/** The specification of a kind of ledger, with its types widened. */
export function ledgerSpec(of: LedgerType): LedgerSpec {
  return ledgerTypes[of];
}
