import { type Command, Option } from 'commander';
import { InputError } from '../errors.ts';
import { kinds } from '../evidence/kinds.ts';
import { type Draft, reasons } from '../evidence/observation.ts';
import { exitCodes } from '../exit-codes.ts';
import { createGate } from '../gate.ts';
import { declaredTargets, type Platform, platformSchema, readPlatform } from '../platform.ts';
import { createScope } from '../scope.ts';
import { heard, printable } from '../text.ts';
import { type Context, createCommand, jsonOption, sayIn } from './context.ts';
import { createSecrets } from './secrets.ts';

type ProbeHostOptions = { json?: boolean; platform?: string; key?: string; fingerprint?: string; sudo?: boolean };

/** `leqi-audit probe host`: all evidence of one host, as it would be collected. */
export function probeHost(context: Context): Command {
  const say = sayIn(context.language);
  return createCommand(
    'host',
    context,
    { zh: '一台主机的全部证据（经 SSH）', en: 'all evidence of one host, over SSH' },
    'probe host ops@192.0.2.7 --json',
  )
    .argument(
      '<[user@]host[:port]>',
      say({ zh: '目标，或平台文件中主机的名称', en: 'the target, or the name of a host in the platform file' }),
    )
    .addOption(new Option('--key <file>', say({ zh: '私钥文件', en: 'private key file' })))
    .addOption(new Option('--fingerprint <SHA256:…>', say({ zh: '主机密钥指纹', en: 'fingerprint of the host key' })))
    .addOption(new Option('--sudo', say({ zh: '允许 sudo -n', en: 'allow sudo -n' })))
    .addOption(
      new Option(
        '--platform <file>',
        say({
          zh: '平台文件：按其声明连接主机，其 taxAuthority 一律不连接',
          en: 'platform file: how the host is reached; its taxAuthority is never contacted',
        }),
      ),
    )
    .addOption(jsonOption(context))
    .action((target: string, options: ProbeHostOptions) => probe(target, options, context));
}

async function probe(target: string, options: ProbeHostOptions, context: Context): Promise<void> {
  const declared = options.platform === undefined ? undefined : await readPlatform(options.platform);
  const named = declared?.hosts.find(({ name }) => name === target);
  const platform =
    declared && named ? { ...declared, hosts: [named], endpoints: [] } : platformFor(target, options, declared);
  const scope = createScope(declaredTargets(platform), platform.taxAuthority);
  for (const each of declaredTargets(platform)) scope.permit(each);
  const gate = createGate(scope, context.now);
  const started = context.now();
  // Loaded only here: `probe tls` needs none of it.
  const { collectors } = await import('../collectors/index.ts');
  const { runCollectors } = await import('../collectors/run.ts');
  const asked = collectors.filter(({ by }) => by === 'commands').map(({ kind }) => kind);
  const drafts = await runCollectors(platform, {
    kinds: asked,
    gate,
    signal: context.signal,
    now: context.now,
    secrets: createSecrets(context),
  });
  const whole = {
    target,
    at: started.toISOString(),
    seconds: Math.round(context.now().getTime() - started.getTime()) / 1000,
    evidence: drafts.map(({ rawText: _, ...draft }) => draft),
  };
  context.out(options.json ? `${JSON.stringify(whole, null, 1)}\n` : textOf(drafts, context));
  if (context.signal.aborted) context.exit(exitCodes.interrupted);
  else if (drafts.every(({ unobserved }) => unobserved)) context.exit(exitCodes.unproven);
}

function textOf(drafts: readonly Draft[], { language }: Context): string {
  const blocks = drafts.map((draft) => {
    const title = `${kinds[draft.kind].title[language]} (${draft.kind})`;
    if (draft.observed) return `${title}\n${JSON.stringify(draft.observed, null, 1)}`;
    const { reason, detail } = draft.unobserved;
    const why = heard(detail)[language];
    return `${title}\n${reasons[reason][language]}${why ? ` (${why})` : ''}`;
  });
  return `${printable(blocks.join('\n\n'))}\n`;
}

// A platform that consists of the target alone, and of the jump hosts on the way to it.
function platformFor(target: string, options: ProbeHostOptions, declared: Platform | undefined): Platform {
  const { user, address, port } = partsOf(target);
  const read = platformSchema.safeParse({
    profile: '-',
    unit: { name: '-', creditCode: '-' },
    platform: { name: '-', mode: 'joint-use', since: '2000-01-01' },
    hosts: [
      {
        name: address,
        address,
        transport: 'ssh',
        sudo: options.sudo ?? false,
        ssh: {
          ...(user === undefined ? {} : { user }),
          ...(port === undefined ? {} : { port }),
          ...(options.key === undefined ? {} : { keyFile: options.key }),
          ...(options.fingerprint === undefined ? {} : { fingerprint: options.fingerprint }),
        },
      },
    ],
    ...(declared
      ? { limits: declared.limits, jumpHosts: declared.jumpHosts, taxAuthority: declared.taxAuthority }
      : {}),
  });
  if (read.success) return { ...read.data, folder: process.cwd() };
  const shown = printable(target);
  throw new InputError({
    zh: `目标 ${shown} 应写作 [用户@]主机[:端口]，指纹应写作 SHA256:…`,
    en: `write the target ${shown} as [user@]host[:port], and a fingerprint as SHA256:…`,
  });
}

// `user@host:port`, `[address]:port`; an IPv6 address without brackets has no port.
function partsOf(target: string): { user?: string; address?: string; port?: number } {
  const [, user, at = ''] = target.match(/^(?:([^@]+)@)?([^@]+)$/) ?? [];
  const [, bracketed, plain, digits] = at.match(/^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/) ?? [
    undefined,
    undefined,
    at,
  ];
  const address = bracketed ?? plain;
  return {
    ...(user === undefined ? {} : { user }),
    ...(address ? { address } : {}),
    ...(digits === undefined ? {} : { port: Number(digits) }),
  };
}
