import { weaknesses, weaknessesOf } from '../evidence/network/suite-weaknesses.ts';
import {
  keyText,
  nameOf,
  type OtherClient,
  otherClients,
  type ShownCertificate,
  type Tls,
  type TlsVersionState,
  versionReasons,
} from '../evidence/network/tls.ts';
import { type Reason, reasons } from '../evidence/observation.ts';
import { hanging } from '../reporters/terminal/wrap.ts';
import { heard, type Language, printable, type Text } from '../text.ts';

/** What a probe brought, as `--json` prints it. */
export type Probed = {
  readonly target: string;
  /** When it began. */
  readonly at: string;
  /** The address that was contacted; absent where nothing was. */
  readonly address?: string;
  readonly connections: number;
  readonly seconds: number;
  readonly observed?: Tls;
  readonly unobserved?: { readonly reason: Reason; readonly detail: string };
};

const width = 80;

type Say = (text: Text) => string;
type Speaking = Extract<Tls, { speaksTls: true }>;

/** The probe as text, lines of at most 80 columns. */
export function probeText(probed: Probed, language: Language): string {
  const say: Say = (text) => text[language];
  const { target, address = '-', connections, seconds } = probed;
  const lines = [
    target,
    say({
      zh: `  地址 ${address}，${connections} 个连接，${seconds} 秒`,
      en: `  address ${address}, ${connections} connections, ${seconds} s`,
    }),
    '',
    ...bodyOf(probed, say),
  ];
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}

function bodyOf({ observed, unobserved }: Probed, say: Say): string[] {
  if (unobserved) {
    const why = `${say(reasons[unobserved.reason])}${unobserved.detail ? ` (${say(heard(unobserved.detail))})` : ''}`;
    return hanging(say({ zh: '未能采集：', en: 'not observed: ' }), why, width);
  }
  if (!observed) return [];
  if (!observed.speaksTls)
    return hanging(say({ zh: '端口不使用 TLS，收到：', en: 'no TLS; the port answered: ' }), observed.saw, width);
  return [
    say({ zh: '协议版本与加密套件', en: 'Versions and cipher suites' }),
    ...observed.versions.flatMap((version) => versionLines(version, say)),
    '',
    say({ zh: '扩展', en: 'Extensions' }),
    ...extensionLines(observed, say),
    ...(observed.inClear === undefined ? [] : hanging(say(inClear), observed.inClear, width)),
    ...certificateLines(observed, say),
  ];
}

const inClear: Text = { zh: '  明文 HTTP 同样有应答：', en: '  answers HTTP in clear text, too: ' };

const orders = {
  server: { zh: '由服务端按下列顺序选定', en: 'the server chooses, in this order' },
  client: { zh: '由客户端选定', en: 'the client chooses' },
  unknown: { zh: '', en: '' },
} as const;

function versionLines(version: TlsVersionState, say: Say): string[] {
  const label = `  ${version.version.padEnd(9)} `;
  if (version.state === 'refused')
    return hanging(label, `${say({ zh: '不支持', en: 'not offered' })} (${version.answer})`, width);
  if (version.state === 'unobserved') {
    const detail = version.detail ? ` (${say(heard(version.detail))})` : '';
    return hanging(
      label,
      `${say({ zh: '未探明：', en: 'not told: ' })}${say(versionReasons[version.reason])}${detail}`,
      width,
    );
  }
  const { suites, groups, dhBits, clientCertificate } = version;
  const facts = [
    say({ zh: '支持', en: 'offered' }),
    ...(suites && say(orders[suites.order]) ? [say(orders[suites.order])] : []),
    ...(clientCertificate === 'asked' ? [say({ zh: '要求客户端证书', en: 'asks for a client certificate' })] : []),
  ];
  return [
    ...hanging(label, facts.join(say({ zh: '，', en: ', ' })), width),
    ...(suites?.accepted ?? []).flatMap((suite) => suiteLines(suite, say)),
    ...(suites?.gap
      ? hanging(
          '    ',
          `${say({ zh: '未能问完：', en: 'not asked to the end: ' })}${say(versionReasons[suites.gap.reason])}`,
          width,
        )
      : []),
    ...(groups
      ? hanging(
          say({ zh: '    密钥交换群 ', en: '    groups ' }),
          `${groups.accepted.join(' ')}${groups.complete ? '' : ' …'}`,
          width,
        )
      : []),
    ...(dhBits ? [say({ zh: `    DH 素数 ${dhBits} 位`, en: `    Diffie-Hellman prime of ${dhBits} bits` })] : []),
  ];
}

// CBC and SHA-1 are too common to be marked.
const unmarked = new Set<string>(['cbc', 'sha1']);

function suiteLines(suite: string, say: Say): string[] {
  const marks = (weaknessesOf(suite) ?? []).filter((weakness) => !unmarked.has(weakness));
  const name = `    ${suite}`;
  if (marks.length === 0) return [name];
  return hanging(
    `${name.padEnd(50)} `,
    marks.map((mark) => say(weaknesses[mark])).join(say({ zh: '、', en: ', ' })),
    width,
  );
}

const fallbacks = {
  refused: { zh: '拒绝', en: 'turned away' },
  accepted: { zh: '未拒绝', en: 'not turned away' },
  unknown: { zh: '未探明', en: 'not told' },
} as const;

function extensionLines({ extensions, fallback, alpn }: Speaking, say: Say): string[] {
  const yes = (value: boolean): string => say(value ? { zh: '有', en: 'yes' } : { zh: '无', en: 'no' });
  const rows: [Text, string][] = [];
  if (alpn) rows.push([{ zh: '应用层协议 (ALPN)', en: 'application protocol' }, alpn]);
  if (extensions) {
    const { secureRenegotiation, extendedMasterSecret, sessionTickets, ocspStapling, compression } = extensions;
    const known: [Text, boolean | undefined][] = [
      [{ zh: '安全重协商', en: 'secure renegotiation' }, secureRenegotiation],
      [{ zh: '扩展主密钥', en: 'extended master secret' }, extendedMasterSecret],
      [{ zh: '会话票据', en: 'session tickets' }, sessionTickets],
      [{ zh: 'OCSP 装订', en: 'OCSP stapling' }, ocspStapling],
    ];
    for (const [label, value] of known) if (value !== undefined) rows.push([label, yes(value)]);
    if (compression) rows.push([{ zh: '压缩', en: 'compression' }, compression]);
  }
  if (fallback) rows.push([{ zh: '版本回退', en: 'version fallback' }, say(fallbacks[fallback])]);
  if (rows.length === 0) rows.push([{ zh: '未探明', en: 'not told' }, '']);
  return rows.map(([label, value]) => `  ${say(label)}${value ? say({ zh: `：${value}`, en: `: ${value}` }) : ''}`);
}

function certificateLines({ certificate, otherCertificates = [], certificateGaps = [] }: Speaking, say: Say): string[] {
  return [
    ...(certificate ? oneCertificate(certificate, say({ zh: '证书', en: 'Certificate' }), say) : []),
    ...otherCertificates.flatMap((other) => oneCertificate(other, headOf(other.to, say), say)),
    ...certificateGaps.flatMap(({ to, reason: why, detail }) => [
      '',
      ...hanging(
        `${headOf(to, say)}${say({ zh: '：', en: ': ' })}`,
        `${say({ zh: '未探明，', en: 'not told, ' })}${say(versionReasons[why])}${detail ? ` (${say(heard(detail))})` : ''}`,
        width,
      ),
    ]),
  ];
}

function headOf(to: OtherClient, say: Say): string {
  const clients = otherClients[to];
  return say({ zh: `另一张证书，出示给${clients.zh}`, en: `Another certificate, for ${clients.en}` });
}

function oneCertificate({ trust, name, chain }: ShownCertificate, head: string, say: Say): string[] {
  const [leaf] = chain;
  if (!leaf) return [];
  const trusted = {
    trusted: say({ zh: '可信', en: 'trusted' }),
    untrusted: `${say({ zh: '不可信', en: 'not trusted' })} ${trust.state === 'untrusted' ? trust.error : ''}`,
    unobserved: `${say({ zh: '未探明', en: 'not told' })} ${trust.state === 'unobserved' ? say(heard(trust.detail)) : ''}`,
  }[trust.state];
  const row = (label: Text, value: string): string[] => hanging(`  ${say(label)} `, value, width);
  return [
    '',
    `${head}${say({ zh: `（链上 ${chain.length} 张）`, en: ` (chain of ${chain.length})` })}`,
    ...row({ zh: '主体', en: 'subject' }, nameOf(leaf)),
    ...row({ zh: '签发', en: 'issuer' }, leaf.issuer || '-'),
    ...row({ zh: '名称', en: 'names' }, leaf.names.join(', ') || '-'),
    ...row({ zh: '有效', en: 'valid' }, `${leaf.notBefore} – ${leaf.notAfter}`),
    ...row({ zh: '密钥', en: 'key' }, `${keyText(leaf)}, ${leaf.signature.algorithm}`),
    ...row({ zh: '信任', en: 'trust' }, trusted.trim()),
    ...row(
      { zh: '名称核对', en: 'name asked' },
      `${name.asked} ${say(name.matches ? { zh: '相符', en: 'matches' } : { zh: '不符', en: 'does not match' })}`,
    ),
  ];
}
