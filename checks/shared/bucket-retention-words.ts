import type { Text } from '../../src/text.ts';

/** What data/retention says of buckets. */
export const bucketMessages = {
  bucketKept: {
    zh: '{{place}} 最早的对象写入于 {{oldest}}（应不晚于 {{asked}}），期内各月均有写入，共 {{objects}} 个；{{keeping}}',
    en: 'the oldest object in {{place}} was written {{oldest}} ({{asked}} is asked), some in every month since, {{objects}} in all; {{keeping}}',
  },
  bucketExpiresEarly: {
    zh: '{{place}} 的生命周期规则「{{rule}}」在 {{kept}} 后删除对象；{{asked}} 个月最长为 {{longest}} 天',
    en: 'the lifecycle rule “{{rule}}” of {{place}} deletes objects {{kept}}; {{asked}} months can be {{longest}} days',
  },
  bucketExpiresPart: {
    zh: '{{place}} 的生命周期规则「{{rule}}」在 {{kept}} 后删除部分对象（按前缀、标签或大小），是否包括应留存的未能证明',
    en: 'the lifecycle rule “{{rule}}” of {{place}} deletes some objects {{kept}} (by prefix, tag or size); whether they must be kept is not shown',
  },
  bucketExpiresUnclear: {
    zh: '{{place}} 的生命周期规则「{{rule}}」会删除对象，何时删除未能确定',
    en: 'the lifecycle rule “{{rule}}” of {{place}} deletes objects; when cannot be told',
  },
  bucketExpiresLate: {
    zh: '{{place}} 的生命周期规则「{{rule}}」只在 {{kept}} 后删除对象（要求 {{asked}} 个月）',
    en: 'the lifecycle rule “{{rule}}” of {{place}} deletes objects only {{kept}} ({{asked}} months are asked)',
  },
  bucketHides: {
    zh: '{{place}} 的生命周期规则「{{rule}}」在 {{kept}} 后加删除标记，旧版本没有规则删除',
    en: 'the lifecycle rule “{{rule}}” of {{place}} puts a delete marker on objects {{kept}}; no rule deletes the versions below it',
  },
  bucketRulesUnread: {
    zh: '{{place}} 的生命周期规则未能读取，是否会删除对象不能判定：{{parts}}',
    en: 'the lifecycle rules of {{place}} could not be read, so that it is not known what deletes: {{parts}}',
  },
  bucketNotListed: {
    zh: '{{place}} 未能列出对象：{{parts}}',
    en: 'the objects in {{place}} could not be listed: {{parts}}',
  },
  bucketEmpty: { zh: '{{place}} 中没有对象', en: 'there are no objects in {{place}}' },
  bucketYoung: {
    zh: '{{place}} 最早的对象写入于 {{oldest}}，应不晚于 {{start}}；写入时间会因复制、迁移而变新，不能认定此前没有数据',
    en: 'the oldest object in {{place}} was written {{oldest}}; {{start}} is asked. Copying makes objects young, so that nothing is said of what was before',
  },
  bucketGaps: {
    zh: '{{place}} 下列月份没有写入对象：{{months}}；写入时间不等于业务时间',
    en: 'no object in {{place}} was written in {{months}}; when it was written is not when business was done',
  },
  bucketStopped: {
    zh: '{{place}} 最新的对象写入于 {{newest}}，此后再无写入',
    en: 'nothing was written to {{place}} after {{newest}}',
  },
  bucketPartial: {
    zh: '{{place}} 只列出了部分对象（{{objects}} 个：{{parts}}），期内是否完整不能判定',
    en: 'only some objects in {{place}} were listed ({{objects}}: {{parts}}), so that it is not known whether any are missing',
  },
  bucketNotStarted: {
    zh: '平台声明的启用日期 {{start}} 晚于取证之日，{{place}} 应留存的期间无法确定',
    en: 'the declared start of the platform, {{start}}, lies after the day of observation: the period for {{place}} is unknown',
  },
} as const satisfies Record<string, Text>;

const look: Text = {
  zh: '以业务台账或清单证明该期间的文件齐全',
  en: 'show by a register or an inventory that the files of that time are all there',
};
const grant: Text = {
  zh: '按 examples/object-stores 中的策略为采集账号授予只读权限',
  en: 'grant the account of the scan what only reads, by the policies in examples/object-stores',
};
const narrow: Text = {
  zh: '停用该规则，或说明其只删除不需留存的对象',
  en: 'disable the rule, or show that it only deletes what need not be kept',
};

/** What to do about these. */
export const bucketRemedies = {
  bucketExpiresEarly: {
    zh: '停用规则「{{rule}}」，或改为至少 {{longest}} 天',
    en: 'disable the rule “{{rule}}”, or let it keep {{longest}} days at least',
  },
  bucketExpiresPart: narrow,
  bucketExpiresUnclear: narrow,
  bucketRulesUnread: grant,
  bucketNotListed: grant,
  bucketEmpty: { zh: '更正平台文件中的 bucket 和 prefix', en: 'correct bucket and prefix in the platform file' },
  bucketYoung: look,
  bucketGaps: look,
  bucketStopped: { zh: '在平台文件中指向现行的存储桶', en: 'point the platform file at the bucket in use' },
  bucketPartial: {
    zh: '以更长的 prefix 分段声明',
    en: 'declare it in parts, by longer prefixes',
  },
  bucketNotStarted: { zh: '更正平台文件中的 platform.since', en: 'correct platform.since in the platform file' },
} as const satisfies { readonly [Each in keyof typeof bucketMessages]?: Text };
