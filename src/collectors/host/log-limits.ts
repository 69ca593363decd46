import type { LogRule } from '../../evidence/host/log-policies.ts';
import { bytesIn, type ConfigFile, daysIn } from './config-files.ts';

const mebi = 1024 ** 2;
const gibi = 1024 ** 3;

/** The file system that the journal lies on, in bytes, and what the journal takes of it. */
export type JournalDisk = { readonly total: number; readonly available: number; readonly used: number };

/**
 * What journald.conf(5) keeps. Limits by size that are not set have documented defaults: a tenth of the file system, leaving 15 %
 * of it free, each capped at 4 GiB; 100 files of an eighth of the first limit, capped at 128 MiB.
 */
export function journaldRule(files: readonly ConfigFile[], disk: JournalDisk | undefined): LogRule {
  const settings = journaldSettings(files);
  const of = (key: string): string => settings.get(key)?.value ?? '';
  const storage = of('Storage').toLowerCase();
  const where = [...settings.values()].find((setting) => setting.value !== '')?.where ?? 'journald.conf(5)';
  const rule = { by: 'journald', where, covers: ['journal'], names: [] } as const;
  if (storage === 'volatile' || storage === 'none') {
    return { ...rule, covers: ['journal'], names: [], text: `Storage=${storage}`, limits: [{ days: 0 }] };
  }
  const kept = of('MaxRetentionSec');
  const days = daysIn(kept === '' ? '0' : kept);
  const size = sizeLimit(of, disk);
  return {
    ...rule,
    covers: ['journal'],
    names: [],
    text: [size.text, ...(kept === '' || days === 0 ? [] : [`MaxRetentionSec=${kept}`])].join(', ').slice(0, 300),
    limits: [
      size.bytes === undefined ? { unknown: size.text } : { bytes: size.bytes },
      ...(days === undefined ? [{ unknown: `MaxRetentionSec=${kept}` }] : days > 0 ? [{ days }] : []),
    ],
  };
}

function journaldSettings(files: readonly ConfigFile[]): Map<string, { value: string; where: string }> {
  const settings = new Map<string, { value: string; where: string }>();
  for (const { path, lines } of files) {
    let file = path;
    let section = '';
    for (const [index, line] of lines.entries()) {
      // systemd-analyze cat-config names each file in a comment of its own.
      file = line.match(/^# (\/\S+\.conf)$/)?.[1] ?? file;
      section = line.match(/^\s*\[(\w+)\]/)?.[1] ?? section;
      const [, key, value = ''] = line.match(/^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/) ?? [];
      if (key === undefined || section !== 'Journal') continue;
      settings.set(key, { value, where: file === path ? `${file}:${index + 1}` : file });
    }
  }
  return settings;
}

function sizeLimit(of: (key: string) => string, disk: JournalDisk | undefined): { bytes?: number; text: string } {
  const set = ['SystemMaxUse', 'SystemKeepFree', 'SystemMaxFileSize', 'SystemMaxFiles'].filter((key) => of(key) !== '');
  const text =
    set.length === 0 ? 'SystemMaxUse, SystemKeepFree (default)' : set.map((key) => `${key}=${of(key)}`).join(', ');
  if (!disk) return { text };
  const most = sizeOf(of('SystemMaxUse'), disk.total) ?? Math.min(disk.total / 10, 4 * gibi);
  const free = sizeOf(of('SystemKeepFree'), disk.total) ?? Math.min(disk.total * 0.15, 4 * gibi);
  const each = sizeOf(of('SystemMaxFileSize'), disk.total) ?? Math.min(most / 8, 128 * mebi);
  const files = /^\d+$/.test(of('SystemMaxFiles')) ? Number(of('SystemMaxFiles')) : 100;
  const room = Math.min(most, disk.used + Math.max(0, disk.available - free), files === 0 ? most : files * each);
  // Whole files are dropped, so that one less than the limit allows is sure to stay.
  const bytes = Math.max(0, Math.floor(room - each));
  return { bytes, text: `${text} = ${(room / mebi).toFixed(0)} MiB` };
}

function sizeOf(text: string, total: number): number | undefined {
  const percent = text.match(/^(\d{1,3}(?:\.\d+)?)%$/)?.[1];
  return percent === undefined ? bytesIn(text) : (total * Number(percent)) / 100;
}

/** What auditd.conf(5) keeps of audit.log; undefined if the file sets nothing. */
export function auditdRule({ path, lines }: ConfigFile): LogRule | undefined {
  const settings = new Map(
    lines.flatMap((line) => {
      const [, key, value] = line.match(/^\s*([a-z_]+)\s*=\s*(\S+)/) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
  if (settings.size === 0) return undefined;
  const action = (settings.get('max_log_file_action') ?? 'ignore').toLowerCase();
  const files = Number(settings.get('num_logs') ?? 0);
  const size = Number(settings.get('max_log_file') ?? 0) * mebi;
  const rotates = action === 'rotate' && files >= 2;
  const full = ['space_left_action', 'admin_space_left_action', 'disk_full_action'].find(
    (key) => settings.get(key)?.toLowerCase() === 'rotate',
  );
  const words = [
    `max_log_file_action=${action}`,
    ...(rotates ? [`max_log_file=${size / mebi}`, `num_logs=${files}`] : []),
  ];
  return {
    by: 'auditd',
    where: path,
    text: [...words, ...(full ? [`${full}=rotate`] : [])].join(', '),
    covers: [settings.get('log_file') ?? '/var/log/audit/audit.log'],
    names: [],
    limits: [
      // num_logs counts the live file.
      ...(rotates ? [{ bytes: Number.isFinite(size) ? size : 0, files: files - 1 }] : []),
      ...(full ? [{ unknown: `${full}=rotate` }] : []),
    ],
  };
}

/** What tmpfiles.d(5) lines clean by age, or remove at each start. */
export function tmpfilesRules(files: readonly ConfigFile[]): LogRule[] {
  const inForce = new Map<string, ConfigFile>();
  // A file of the same name in /etc stands for one in /run, that for one in /usr/lib.
  for (const file of files) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (!inForce.has(name)) inForce.set(name, file);
  }
  return [...inForce.values()].flatMap(({ path, lines }) =>
    lines.flatMap((raw, index) => {
      const line = raw.trim();
      // Most lines are comments, or of types that clean nothing.
      if (!/^["dDevqQCrR]/.test(line)) return [];
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
      const [type = '', target = '', , , , age = '-'] = words;
      if (!/^[dDevqQCrR][!+=~^$-]*$/.test(type) || !target.startsWith('/')) return [];
      const removes = /^[DrR]/.test(type);
      const days = age === '-' ? undefined : daysIn(age.replace(/^~?([abcmABCM]+:)?/, ''));
      if (!removes && age === '-') return [];
      const limits = [
        ...(removes ? [{ unknown: line.slice(0, 160) }] : []),
        ...(age === '-' ? [] : [days === undefined ? { unknown: line.slice(0, 160) } : { days }]),
      ];
      const bare = target.replace(/\/+$/, '');
      return [
        {
          by: 'tmpfiles',
          where: `${path}:${index + 1}`,
          text: line.slice(0, 160),
          covers: [bare, `${bare}/`],
          names: [],
          limits,
        } as const,
      ].map((rule) => ({ ...rule, covers: [...rule.covers], names: [], limits }));
    }),
  );
}
