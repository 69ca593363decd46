import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { suiteProperties } from '../../src/evidence/network/cipher-suites.ts';
import { type Weakness, weaknesses, weaknessesOf, weaknessNames } from '../../src/evidence/network/suite-weaknesses.ts';
import { type Tls, type TlsVersionState, versionReasons } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, stricter, unmet, unproven } from '../check.ts';
import { elsewhereMessages, elsewhereRemedies, notAsked } from '../shared/other-addresses.ts';

// RFC 9325, 4.1: NULL, RC4 and less than 112 bits must not be negotiated, static RSA should not; 4.4: primes of 2048 bits.
// Mozilla's intermediate profile also drops 3DES. Suites of GB/T 38636-2020 and RFC 8998 stand beside those of IANA.
const parameters = z.strictObject({
  /** No accepted suite has any of these properties. */
  forbid: z.array(z.enum(weaknessNames)).min(1),
  /** `required` of every suite; `preferred`: each version has some, and a server that decides puts one first. */
  forwardSecrecy: z.enum(['required', 'preferred']),
  /** Smallest prime of ephemeral Diffie-Hellman. */
  minDhBits: z.int().positive().meta(stricter.higher),
  /** Nothing else is accepted, by IANA name. */
  only: z.array(z.string()).min(1).meta(stricter.fewer).optional(),
  /** No other key exchange group is accepted, by IANA name. */
  groups: z.array(z.string()).min(1).meta(stricter.fewer).optional(),
});

type Parameters = z.output<typeof parameters>;

const messages = {
  good: { zh: '接受的加密套件均合要求：{{suites}}', en: 'every accepted cipher suite is sound: {{suites}}' },
  weak: { zh: '接受不应使用的加密套件：{{suites}}', en: 'accepts cipher suites that must not be used: {{suites}}' },
  notListed: { zh: '接受清单以外的加密套件：{{suites}}', en: 'accepts cipher suites that are not listed: {{suites}}' },
  noForwardSecrecy: {
    zh: '{{versions}} 没有前向保密的加密套件',
    en: 'no cipher suite with forward secrecy in {{versions}}',
  },
  forwardSecrecyLast: {
    zh: '{{versions}} 优先选用的套件没有前向保密：{{suites}}',
    en: 'the suite preferred in {{versions}} has no forward secrecy: {{suites}}',
  },
  preferenceUnknown: {
    zh: '{{versions}} 既接受有前向保密的套件，也接受没有的，未能探明优先选用哪一种',
    en: '{{versions}} accepts suites with forward secrecy and without; which are preferred could not be told',
  },
  smallPrime: {
    zh: 'DH 密钥交换的素数为 {{bits}} 位，应不少于 {{minDhBits}} 位',
    en: 'the Diffie-Hellman prime has {{bits}} bits, {{minDhBits}} are asked',
  },
  primeUnknown: {
    zh: '{{versions}} 接受 DHE 套件，但未能测得其素数大小',
    en: '{{versions}} accepts DHE suites, but the size of the prime could not be measured',
  },
  weakGroups: {
    zh: '接受清单以外的密钥交换群：{{groups}}',
    en: 'accepts key exchange groups that are not listed: {{groups}}',
  },
  groupsUnknown: {
    zh: '未能探明 {{versions}} 接受的全部密钥交换群',
    en: 'not every key exchange group of {{versions}} could be told',
  },
  unnamed: { zh: '接受的套件 {{suites}} 性质不明', en: 'nothing is known of the accepted suites {{suites}}' },
  incomplete: {
    zh: '未能探明全部加密套件：{{versions}}',
    en: 'not every cipher suite could be asked about: {{versions}}',
  },
  notAsked: { zh: '{{versions}} 的加密套件未采集', en: 'the cipher suites of {{versions}} were not collected' },
  noVersion: { zh: '未探明任何可用的协议版本', en: 'no version was found to be offered' },
  notTls: { zh: '端口不使用 TLS，收到：{{saw}}', en: 'the port does not speak TLS; it answered: {{saw}}' },
  ...elsewhereMessages,
  outboundOnly: {
    zh: '平台声明的端点均为出站，没有需要检测的入站端口',
    en: 'all declared endpoints are outbound; there is no inbound port to ask',
  },
  nothingSeen: { zh: '没有任何入站端点的 TLS 证据', en: 'there is no TLS evidence of any inbound endpoint' },
};

type Says = keyof typeof messages;

/** Every suite that an inbound endpoint accepts is sound, and so is the key exchange behind it. */
export const check = defineCheck({
  id: 'tls/cipher-suites',
  title: { zh: 'TLS 加密套件', en: 'TLS cipher suites' },
  about: {
    zh: '对每个入站端点的每个协议版本，逐一询问 IANA 登记的全部加密套件和国密套件（GB/T 38636-2020、RFC 8998），并测量密钥交换。要求参照 RFC 9325 与 Mozilla intermediate；国密套件列出并允许。未能问完的，为待确认。',
    en: 'Each version of each inbound endpoint is asked for every cipher suite that IANA has registered and those with SM algorithms (GB/T 38636-2020, RFC 8998), and its key exchange is measured. Rules after RFC 9325 and Mozilla’s intermediate profile; SM suites are shown and allowed. What could not be asked to the end is unproven.',
  },
  reads: ['tls', 'platform'],
  parameters,
  messages,
  remedies: {
    weak: { zh: '在服务端配置中停用 {{suites}}', en: 'disable them in the server’s configuration: {{suites}}' },
    notListed: { zh: '只保留清单中的套件', en: 'keep the listed suites only' },
    noForwardSecrecy: { zh: '启用 ECDHE 套件', en: 'enable suites with ECDHE' },
    forwardSecrecyLast: { zh: '将 ECDHE 套件排在最前', en: 'put suites with ECDHE first' },
    smallPrime: {
      zh: '使用不少于 {{minDhBits}} 位的 DH 参数，或停用 DHE 套件',
      en: 'use a prime of at least {{minDhBits}} bits, or disable DHE suites',
    },
    weakGroups: { zh: '停用 {{groups}}', en: 'disable {{groups}}' },
    incomplete: {
      zh: '确认防火墙或入侵防御未阻断扫描机，必要时调低平台文件 limits.tls，然后重新采集',
      en: 'make sure that no firewall or intrusion prevention blocks the scanner, lower limits.tls in the platform file where needed, and collect again',
    },
    notAsked: { zh: '用当前版本重新采集', en: 'collect again with the present version' },
    notTls: { zh: '为该端口启用 TLS，或更正平台文件', en: 'turn TLS on for the port, or correct the platform file' },
    ...elsewhereRemedies,
    nothingSeen: {
      zh: '在平台文件中声明入站端点并重新采集',
      en: 'declare the inbound endpoints in the platform file and collect again',
    },
  },

  judge({ tls, platform }, given) {
    const [declared] = platform;
    const endpoints = declared?.value.endpoints ?? [];
    if (tls.length > 0) return tls.flatMap((endpoint) => judgeEndpoint(endpoint, given, endpoints));
    if (declared && callsOutOnly(declared.value)) return [notApplicable('outboundOnly', declared)];
    return [unproven('nothingSeen', [], {}, 'tls')];
  },
});

type Offered = Extract<TlsVersionState, { state: 'offered' }>;
type Endpoint = Seen<Tls>;

function judgeEndpoint(
  endpoint: Endpoint,
  given: Parameters,
  endpoints: PlatformDeclaration['endpoints'],
): Finding<Says>[] {
  const { value } = endpoint;
  if (!value.speaksTls) return [unmet('notTls', endpoint, { saw: value.saw })];
  const offered = value.versions.filter((each) => each.state === 'offered');
  if (offered.length === 0) return [unproven('noVersion', endpoint)];
  const findings = [
    ...judgeSuites(endpoint, offered, given),
    ...judgeForwardSecrecy(endpoint, offered),
    ...judgeUnsureOrder(endpoint, offered),
    ...judgeExchange(endpoint, offered, given),
    ...judgeGaps(endpoint, value.versions),
    ...notAsked(endpoint, endpoints),
  ];
  return findings.length > 0 ? findings : [met('good', endpoint, { suites: summary(offered) })];
}

function judgeSuites(
  endpoint: Endpoint,
  offered: readonly Offered[],
  { forbid, forwardSecrecy, only }: Parameters,
): Finding<Says>[] {
  const accepted = [...new Set(offered.flatMap(acceptedIn))];
  const forbidden = new Set<Weakness>(forwardSecrecy === 'required' ? [...forbid, 'no-forward-secrecy'] : forbid);
  const weak = weaknessNames.flatMap((weakness) => {
    const hits = forbidden.has(weakness) ? accepted.filter((suite) => weaknessesOf(suite)?.includes(weakness)) : [];
    return hits.length > 0 ? [labelled(weaknesses[weakness], hits)] : [];
  });
  const unnamed = accepted.filter((suite) => suiteProperties(suite) === undefined);
  const strangers = only ? accepted.filter((suite) => !only.includes(suite)) : [];
  return [
    ...(weak.length > 0 ? [unmet<Says>('weak', endpoint, { suites: joined(weak) })] : []),
    ...(strangers.length > 0 ? [unmet<Says>('notListed', endpoint, { suites: some(strangers) })] : []),
    ...(unnamed.length > 0 ? [unproven<Says>('unnamed', endpoint, { suites: some(unnamed) })] : []),
  ];
}

// TLCP has mandatory suites of its own without it; SSL 2.0 and 3.0 are beyond repair.
function judgeForwardSecrecy(endpoint: Endpoint, offered: readonly Offered[]): Finding<Says>[] {
  const asked = offered.filter(({ version, suites }) => version.startsWith('TLSv1') && suites?.accepted.length);
  const without = asked.filter((each) => !acceptedIn(each).some(isForwardSecret));
  const last = asked.filter((each) => {
    const [first] = acceptedIn(each);
    return !without.includes(each) && each.suites?.order === 'server' && first !== undefined && !isForwardSecret(first);
  });
  return [
    ...(without.length > 0 ? [unmet<Says>('noForwardSecrecy', endpoint, { versions: named(without) })] : []),
    ...(last.length > 0
      ? [
          unmet<Says>('forwardSecrecyLast', endpoint, {
            versions: named(last),
            suites: some(last.flatMap((each) => acceptedIn(each).slice(0, 1))),
          }),
        ]
      : []),
  ];
}

// Answers that contradict each other: several servers behind one address, say.
function judgeUnsureOrder(endpoint: Endpoint, offered: readonly Offered[]): Finding<Says>[] {
  const unsure = offered.filter(({ version, suites }) => {
    const { accepted = [], order, chosen = accepted } = suites ?? {};
    const isMixed = accepted.some(isForwardSecret) && !accepted.every(isForwardSecret);
    return version.startsWith('TLSv1') && order === 'unknown' && isMixed && !chosen.every(isForwardSecret);
  });
  return unsure.length > 0 ? [unproven('preferenceUnknown', endpoint, { versions: named(unsure) })] : [];
}

function judgeExchange(
  endpoint: Endpoint,
  offered: readonly Offered[],
  { minDhBits, groups }: Parameters,
): Finding<Says>[] {
  const smallest = Math.min(...offered.flatMap(({ dhBits }) => dhBits ?? []));
  const unmeasured = offered.filter((each) => each.dhBits === undefined && acceptedIn(each).some(isPlainDhe));
  const accepted = [...new Set(offered.flatMap((each) => each.groups?.accepted ?? []))];
  const strangers = groups ? accepted.filter((group) => !groups.includes(group)) : [];
  const untold = groups ? offered.filter((each) => each.groups?.complete === false) : [];
  return [
    ...(smallest < minDhBits ? [unmet<Says>('smallPrime', endpoint, { bits: smallest, minDhBits })] : []),
    ...(unmeasured.length > 0 ? [unproven<Says>('primeUnknown', endpoint, { versions: named(unmeasured) })] : []),
    ...(strangers.length > 0 ? [unmet<Says>('weakGroups', endpoint, { groups: some(strangers) })] : []),
    ...(untold.length > 0 ? [unproven<Says>('groupsUnknown', endpoint, { versions: named(untold) })] : []),
  ];
}

// Whether TLCP is offered decides nothing here, and many servers hang up on it.
function judgeGaps(endpoint: Endpoint, versions: readonly TlsVersionState[]): Finding<Says>[] {
  const open = versions.flatMap((each) => {
    const gap = each.state === 'offered' ? each.suites?.gap : each.state === 'unobserved' ? each : undefined;
    if (!gap || (each.state === 'unobserved' && each.version === 'TLCPv1.1')) return [];
    const { zh, en } = versionReasons[gap.reason];
    const detail = gap.detail ? `: ${gap.detail}` : '';
    return [{ zh: `${each.version}（${zh}${detail}）`, en: `${each.version} (${en}${detail})` }];
  });
  const never = versions.filter(
    (each) => each.state === 'offered' && acceptedIn(each).length === 0 && each.suites?.gap === undefined,
  );
  return [
    ...(open.length > 0 ? [unproven<Says>('incomplete', endpoint, { versions: joined(open, '、', ', ') })] : []),
    ...(never.length > 0 ? [unproven<Says>('notAsked', endpoint, { versions: named(never) })] : []),
  ];
}

function acceptedIn({ suites }: Offered): readonly string[] {
  return suites?.accepted ?? [];
}

function isForwardSecret(suite: string): boolean {
  return suiteProperties(suite)?.forwardSecrecy === true;
}

function isPlainDhe(suite: string): boolean {
  const properties = suiteProperties(suite);
  return properties?.keyExchange === 'DHE' && !properties.export;
}

/** Names written out; the rest is counted. */
const mostNamed = 8;

function some(names: readonly string[]): Text {
  const shown = names.slice(0, mostNamed);
  const more = names.length - shown.length;
  return {
    zh: shown.join('、') + (more > 0 ? ` 等 ${names.length} 个` : ''),
    en: shown.join(', ') + (more > 0 ? ` and ${more} more` : ''),
  };
}

function labelled(label: Text, names: readonly string[]): Text {
  const { zh, en } = some(names);
  return { zh: `${label.zh}（${zh}）`, en: `${label.en} (${en})` };
}

function named(versions: readonly TlsVersionState[]): Text {
  return joined(
    versions.map(({ version }) => verbatim(version)),
    '、',
    ', ',
  );
}

function summary(offered: readonly Offered[]): Text {
  return joined(offered.map((each) => labelled(verbatim(each.version), acceptedIn(each))));
}
