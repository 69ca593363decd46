import { Option } from 'commander';
import { Unavailable } from '../collectors/collector.ts';
import { observeTls, tls } from '../collectors/network/tls.ts';
import { InputError } from '../errors.ts';
import { kinds } from '../evidence/kinds.ts';
import { type StartTlsService, startTlsServices } from '../evidence/network/tls.ts';
import { endpointName } from '../evidence/subjects.ts';
import { exitCodes } from '../exit-codes.ts';
import { createGate } from '../gate.ts';
import { type Platform, platformSchema, readPlatform } from '../platform.ts';
import { createScope } from '../scope.ts';
import { noSecrets } from '../secrets.ts';
import { printable } from '../text.ts';
import { type CommandFactory, type Context, createCommand, jsonOption, sayIn } from './context.ts';
import { probeHost } from './probe-host.ts';
import { type Probed, probeText } from './probe-text.ts';

type ProbeOptions = {
  json?: boolean;
  suitesOnly?: boolean;
  serverName?: string;
  starttls?: StartTlsService;
  platform?: string;
};

/** `leqi-audit probe tls HOST:PORT`: what one endpoint answers, for trying out and for finding faults. Contacts nothing else. */
export const probe: CommandFactory = (context) => {
  const example = 'probe tls 127.0.0.1:8443 --json';
  const say = sayIn(context.language);
  const command = createCommand(
    'probe',
    context,
    { zh: '从一个目标采集一类证据并打印', en: 'collect one kind of evidence from one target and print it' },
    example,
  );
  command.addCommand(
    createCommand(
      'tls',
      context,
      {
        zh: '协议版本、加密套件、密钥交换群、扩展和证书',
        en: 'versions, cipher suites, key exchange groups, extensions and certificate',
      },
      example,
    )
      .argument('<host:port>', say({ zh: '目标，IPv6 写作 [地址]:端口', en: 'the target; IPv6 as [address]:port' }))
      .addOption(
        new Option('--server-name <name>', say({ zh: 'SNI 服务器名称，默认不发送', en: 'SNI; default: none is sent' })),
      )
      .addOption(
        new Option(
          '--suites-only',
          say({
            zh: '只探测协议版本和加密套件，连接较少',
            en: 'versions and cipher suites alone, in fewer connections',
          }),
        ),
      )
      .addOption(
        new Option(
          '--starttls <service>',
          say({ zh: '先以该服务的明文协议请求 TLS', en: 'ask for TLS first, in clear text, as this service wants it' }),
        ).choices(startTlsServices),
      )
      .addOption(
        new Option(
          '--platform <file>',
          say({
            zh: '平台文件：其 taxAuthority 一律不连接，其 limits 限制探测',
            en: 'platform file: its taxAuthority is never contacted, its limits hold',
          }),
        ),
      )
      .addOption(jsonOption(context))
      .action((target: string, options: ProbeOptions) => probeTls(target, options, context)),
  );
  command.addCommand(probeHost(context));
  return command;
};

async function probeTls(target: string, options: ProbeOptions, context: Context): Promise<void> {
  const { host, port } = targetOf(target);
  const declared = options.platform === undefined ? undefined : await readPlatform(options.platform);
  const scope = createScope([host], declared?.taxAuthority ?? []);
  scope.permit(host);
  if (options.serverName !== undefined) scope.permitAsked(options.serverName);
  const platform = platformFor({ host, port, ...options }, declared);
  const gate = createGate(scope, context.now);
  const started = context.now();
  const tools = { platform, gate, signal: context.signal, now: context.now, secrets: noSecrets };
  const probed = await observe(tools, options.suitesOnly ? 'suites' : 'everything');
  const contacts = gate.contacts().filter(({ by }) => by !== 'dns');
  const whole: Probed = {
    target: endpointName({ address: host, port }),
    at: started.toISOString(),
    ...(contacts[0] ? { address: contacts[0].address } : {}),
    connections: contacts.length,
    seconds: Math.round(context.now().getTime() - started.getTime()) / 1000,
    ...probed,
  };
  context.out(options.json ? `${JSON.stringify(whole, null, 1)}\n` : probeText(whole, context.language));
  if (context.signal.aborted) context.exit(exitCodes.interrupted);
  else if (whole.unobserved) context.exit(exitCodes.unproven);
}

async function observe(
  tools: Parameters<typeof observeTls>[1],
  extent: Parameters<typeof observeTls>[2],
): Promise<Pick<Probed, 'observed' | 'unobserved'>> {
  const [subject = ''] = tls.subjects(tools.platform);
  try {
    const { value } = await observeTls(subject, tools, extent);
    return { observed: kinds.tls.value.parse(value) };
  } catch (error) {
    if (tools.signal.aborted) return { unobserved: { reason: 'interrupted', detail: '' } };
    if (error instanceof Unavailable) return { unobserved: { reason: error.reason, detail: error.message } };
    throw error;
  }
}

function targetOf(target: string): { host: string; port: number } {
  const [, bracketed, plain, digits = ''] = target.match(/^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new InputError({
    zh: `目标 ${printable(target)} 应写作 主机:端口，如 127.0.0.1:8443 或 [::1]:8443`,
    en: `write the target ${printable(target)} as host:port, like 127.0.0.1:8443 or [::1]:8443`,
  });
}

// A platform that consists of the target alone.
function platformFor(
  { host: address, port, serverName, starttls: startTls }: { host: string; port: number } & ProbeOptions,
  declared: Platform | undefined,
): Platform {
  const read = platformSchema.safeParse({
    profile: '-',
    unit: { name: '-', creditCode: '-' },
    platform: { name: '-', mode: 'joint-use', since: '2000-01-01' },
    endpoints: [
      {
        address,
        port,
        direction: 'inbound',
        ...(serverName === undefined ? {} : { serverName }),
        ...(startTls === undefined ? {} : { startTls }),
      },
    ],
    ...(declared ? { limits: declared.limits } : {}),
  });
  if (read.success) return { ...read.data, folder: declared?.folder ?? '.' };
  const shown = printable(serverName ?? address);
  throw new InputError({
    zh: `${shown} 不是主机名或 IP 地址`,
    en: `${shown} is neither a host name nor an address`,
  });
}
