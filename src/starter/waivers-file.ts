import { addMonths } from '../evidence/dates.ts';
import { type Starter, sayFor } from './starter.ts';

/** A list of waivers with nothing in it but an example to copy. */
export function waiversFile(starter: Starter): string {
  const say = sayFor(starter);
  const { today, profile } = starter;
  const row = profile.requirements.find(({ uses }) => uses.length > 0);
  const kinds =
    row?.uses.flatMap(({ check }) => Object.keys(check.remedies).map((says) => `${check.id}:${says}`)) ?? [];
  const until = addMonths(today, 2);
  return `# yaml-language-server: $schema=waivers.schema.json
${say(
  `# 例外清单：在限定期间内，经批准接受的已知问题。例外不改变判定，只使 --fail-on 不因此失败，并逐条列入报告。
# 编号由 leqi-audit explain 要求项编号 --assessment out/assessment.json 显示。期间按平台时区计，首尾两日均含，最长 12 个月。`,
  `# What is accepted for a limited time, by approval. A waiver changes no verdict: --fail-on passes over it, and the report lists it.
# leqi-audit explain REQUIREMENT --assessment out/assessment.json prints the ids. Days are the platform's, both included; 12 months at most.`,
)}
waivers:
  # - finding: F-0123456789ab
  #   reason: ${say('为何可以接受，期间采取何种替代措施', 'why it can be accepted, and what stands in for it meanwhile')}
  #   approver: ${say('批准人姓名与职务', 'name and office')}
  #   from: ${today}
  #   until: ${until}
  #   ticket: ${say('工单编号', 'number of the ticket')}
  #   paper: ${say('审批文件编号', 'number of the approving paper')}
  # - requirement: ${row?.id ?? ''}
  #   covers: ['${kinds[0] ?? ''}']
  #   reason: ${say('整个要求项的例外须列出所接受的发现种类；其他种类仍须处理', 'a waiver of a whole requirement names the kinds of finding it accepts; any other stays open')}
  #   approver: ${say('批准人姓名与职务', 'name and office')}
  #   from: ${today}
  #   until: ${until}
`;
}
