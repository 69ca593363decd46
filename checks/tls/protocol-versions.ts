import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import {
  type Tls,
  type TlsVersion,
  type TlsVersionState,
  tlsVersions,
  versionReasons,
} from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { elsewhereMessages, elsewhereRemedies, notAsked } from '../shared/other-addresses.ts';

const versionList = z.array(z.enum(tlsVersions)).min(1);

const messages = {
  good: { zh: '支持 {{offered}}；不支持 {{forbidden}}', en: 'offers {{offered}}; does not offer {{forbidden}}' },
  forbiddenOffered: { zh: '支持不应使用的 {{versions}}', en: 'offers {{versions}}, which must not be used' },
  forbiddenUnknown: {
    zh: '未能探明是否支持 {{versions}}',
    en: 'it could not be told whether these are offered: {{versions}}',
  },
  allowedMissing: { zh: '不支持 {{allowed}} 中的任何一个', en: 'offers none of {{allowed}}' },
  allowedUnknown: {
    zh: '未能探明是否支持 {{versions}}',
    en: 'it could not be told whether one of these is offered: {{versions}}',
  },
  notTls: { zh: '端口不使用 TLS，收到：{{saw}}', en: 'the port does not speak TLS; it answered: {{saw}}' },
  ...elsewhereMessages,
  outboundOnly: {
    zh: '平台声明的端点均为出站，没有需要检测的入站端口',
    en: 'all declared endpoints are outbound; there is no inbound port to ask',
  },
  nothingSeen: { zh: '没有任何入站端点的 TLS 证据', en: 'there is no TLS evidence of any inbound endpoint' },
};

type Says = keyof typeof messages;

/** Every inbound endpoint speaks a TLS version that is allowed and none that is forbidden. */
export const check = defineCheck({
  id: 'tls/protocol-versions',
  title: { zh: 'TLS 协议版本', en: 'TLS protocol versions' },
  about: {
    zh: '对每个入站端点按协议版本逐一握手，记录接受、拒绝或未能探明。只有明确拒绝（告警或改选其他版本）才算不支持；超时、断开不作拒绝论。',
    en: 'Each inbound endpoint is asked for each version by itself: offered, refused, or not told. Only a clear refusal (an alert, or another version chosen) counts as such; silence and a dropped connection do not.',
  },
  reads: ['tls', 'platform'],
  parameters: z.strictObject({
    /** At least one of these is offered. */
    allowed: versionList,
    /** None of these is offered. */
    forbidden: versionList,
  }),
  messages,
  remedies: {
    forbiddenOffered: {
      zh: '在服务端配置中停用 {{versions}}',
      en: 'disable {{versions}} in the server’s configuration',
    },
    forbiddenUnknown: {
      zh: '在服务端配置中明确停用这些版本，使其以 protocol_version 告警应答；确认中间设备未丢弃探测后重新采集',
      en: 'disable these versions explicitly, so that the server answers with a protocol_version alert; make sure that no device between drops the probes, then collect again',
    },
    allowedMissing: { zh: '启用 {{allowed}}', en: 'enable {{allowed}}' },
    allowedUnknown: {
      zh: '确认扫描机可以访问该端口，必要时声明 serverName，然后重新采集',
      en: 'make sure that the scanner may reach the port, declare serverName where it is needed, and collect again',
    },
    notTls: { zh: '为该端口启用 TLS，或更正平台文件', en: 'turn TLS on for the port, or correct the platform file' },
    ...elsewhereRemedies,
    nothingSeen: {
      zh: '在平台文件中声明入站端点并重新采集',
      en: 'declare the inbound endpoints in the platform file and collect again',
    },
  },

  judge({ tls, platform }, parameters) {
    const [declared] = platform;
    const endpoints = declared?.value.endpoints ?? [];
    if (tls.length > 0) return tls.flatMap((endpoint) => judgeEndpoint(endpoint, parameters, endpoints));
    if (declared && callsOutOnly(declared.value)) return [notApplicable('outboundOnly', declared)];
    return [unproven('nothingSeen', [], {}, 'tls')];
  },
});

type Parameters = { readonly allowed: readonly TlsVersion[]; readonly forbidden: readonly TlsVersion[] };

// Findings on what is forbidden come first; what is not offered is told apart from what could not be seen.
function judgeEndpoint(
  endpoint: Seen<Tls>,
  { allowed, forbidden }: Parameters,
  endpoints: PlatformDeclaration['endpoints'],
): Finding<Says>[] {
  const { value } = endpoint;
  if (!value.speaksTls) return [unmet('notTls', endpoint, { saw: value.saw })];
  const stateOf = (version: TlsVersion): TlsVersionState =>
    value.versions.find((each) => each.version === version) ?? neverAsked(version);
  const inState = (versions: readonly TlsVersion[], state: TlsVersionState['state']): TlsVersionState[] =>
    versions.map(stateOf).filter((each) => each.state === state);

  const offered = inState(tlsVersions, 'offered').filter(({ version }) => allowed.includes(version));
  const wrong = inState(forbidden, 'offered');
  const open = inState(forbidden, 'unobserved');
  const findings: Finding<Says>[] = [...notAsked(endpoint, endpoints)];
  if (wrong.length > 0) findings.push(unmet('forbiddenOffered', endpoint, { versions: named(wrong) }));
  if (open.length > 0) findings.push(unproven('forbiddenUnknown', endpoint, { versions: explained(open) }));
  if (offered.length === 0) {
    const unknown = inState(allowed, 'unobserved');
    findings.push(
      unknown.length > 0
        ? unproven('allowedUnknown', endpoint, { versions: explained(unknown) })
        : unmet('allowedMissing', endpoint, { allowed: list(allowed) }),
    );
  }
  if (findings.length > 0) return findings;
  return [met('good', endpoint, { offered: named(offered), forbidden: list(forbidden) })];
}

function neverAsked(version: TlsVersion): TlsVersionState {
  return { version, state: 'unobserved', reason: 'unreachable', detail: '' };
}

function list(versions: readonly string[]): Text {
  return joined(versions.map(verbatim), '、', ', ');
}

function named(states: readonly TlsVersionState[]): Text {
  return list(states.map(({ version }) => version));
}

function explained(states: readonly TlsVersionState[]): Text {
  return joined(
    states.map((each) => {
      if (each.state !== 'unobserved') return verbatim(each.version);
      const { zh, en } = versionReasons[each.reason];
      const detail = each.detail ? `: ${each.detail}` : '';
      return { zh: `${each.version}（${zh}${detail}）`, en: `${each.version} (${en}${detail})` };
    }),
    '、',
    ', ',
  );
}
