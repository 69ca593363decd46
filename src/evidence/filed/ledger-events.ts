import { eventKinds } from './event-kinds.ts';
import { choice, date, filled, type LedgerSpec, openChoice, present, text, yesNo } from './ledger-columns.ts';
import { party, unitName } from './ledger-common.ts';

/** What went wrong, and what was done about it. */
export const events = {
  title: { zh: '异常情形台账', en: 'Events' },
  key: [],
  columns: {
    number: text('编号', 'Number', {}, '序号'),
    on: date('发生日期', 'Date', filled, '日期'),
    party: choice(party, '涉及主体', 'Party', filled, '主体'),
    name: unitName,
    kind: openChoice(eventKinds, '情形', 'Kind', filled, '异常情形', '种类', '类型'),
    loss: choice(
      {
        none: ['无', 'none', '未造成损失', '无损失'],
        larger: ['较大', 'larger', '较大损失'],
        major: ['重大', 'major', '重大损失'],
        unknown: ['不详', 'unknown', '未知', '待定'],
      },
      '损失',
      'Loss',
      present,
      '造成损失',
      '损失程度',
    ),
    effect: choice(
      {
        none: ['无', 'none', '未产生影响', '无影响'],
        adverse: ['不良', 'adverse', '不良影响'],
        'rather-serious': ['较严重', 'rather serious', '较严重不良影响'],
        serious: ['严重', 'serious', '严重不良影响'],
        unknown: ['不详', 'unknown', '未知', '待定'],
      },
      '影响',
      'Effect',
      present,
      '不良影响',
      '影响程度',
    ),
    vile: yesNo('情节恶劣', 'Vile circumstances', {}, '是否情节恶劣'),
    complaint: yesNo('消费者投诉', 'Consumer complaint', {}, '是否被投诉'),
    measure: choice(
      {
        none: ['无', 'none'],
        reminder: ['提示提醒', 'reminder', '提醒'],
        order: ['责令限期改正', 'ordered correction', '责令改正'],
        'new-units-suspended': ['暂停新增使用单位', 'new units suspended'],
        'service-suspended': ['暂停涉税服务功能', 'service suspended', '暂停服务'],
        'exit-ordered': ['责令退出', 'exit ordered'],
        unknown: ['不详', 'unknown', '未知'],
      },
      '税务机关措施',
      'Measure of the bureau',
      present,
      '处理措施',
    ),
    measureOn: date('措施日期', 'Measure on'),
    dueOn: date('整改期限', 'Due on', {}, '改正期限'),
    correctedOn: date('整改完成日期', 'Corrected on', {}, '改正日期'),
    metFully: yesNo('是否整改到位', 'Corrected fully', {}, '整改到位'),
    reportedOn: date('报告日期', 'Reported on', {}, '上报日期'),
    usersLedOn: date('引导其他渠道日期', 'Users led to other channels on'),
  },
} as const satisfies LedgerSpec;
