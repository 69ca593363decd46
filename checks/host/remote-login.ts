import { z } from 'zod';
import type { Administration } from '../../src/evidence/host/administration.ts';
import {
  isLoopback,
  type LoginService,
  loginParts,
  loginServices,
  type RemoteLogin,
} from '../../src/evidence/host/remote-login.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { messages, remedies } from '../shared/remote-login-words.ts';
import {
  type Answer,
  type Asked,
  answersOf,
  asksSsh,
  offeredServers,
  partsFor,
  type RootPassword,
  unknownServers,
} from '../shared/ssh-answers.ts';
import { type SshDemand, sshDemands } from '../shared/ssh-demands.ts';

const services = z.enum(Object.keys(loginServices) as [LoginService, ...LoginService[]]);

/** Nobody logs in from elsewhere by a way that is too easy: as the SSH service itself states its settings, and by what listens. */
export const check = defineCheck({
  id: 'host/remote-login',
  title: { zh: '远程登录', en: 'Remote login' },
  about: {
    zh: '以 sshd 自报的生效设置（sshd -T）、Match 条件段、监听端口及其程序、PAM 规则和会话超时设置判定；sshd 未能自报时只采信配置文件中写明的设置。Match 条件段不同于全局设置的，不作肯定判定。',
    en: 'Judged by the settings that sshd states itself (sshd -T), its Match blocks, listening ports with their programs, PAM rules and the time limit of sessions. Where sshd does not answer, only what its files say counts. Where a Match block differs, nothing is affirmed.',
  },
  reads: ['administration', 'remoteLogin'],
  parameters: z.strictObject({
    /** What the SSH service must not allow. */
    forbid: z.array(z.enum(Object.keys(sshDemands) as [SshDemand, ...SshDemand[]])).default([]),
    /** Other ways to log in: those that must not be there, and those that the unit has to explain. */
    services: z.strictObject({ forbid: z.array(services), explain: z.array(services) }).optional(),
    /** Algorithms that the SSH service must not offer, `*` for any characters. */
    weakAlgorithms: z.array(z.string()).min(1).optional(),
    /** Attempts in one connection. */
    maxAuthTries: z.int().positive().meta(stricter.lower).optional(),
    /** Seconds to log in. */
    loginGraceSeconds: z.int().positive().meta(stricter.lower).optional(),
    /** Failed logins until an account is locked, where passwords are asked for. */
    lockoutAfter: z.int().positive().meta(stricter.lower).optional(),
    /** Seconds until an idle shell ends (TMOUT). */
    idleSeconds: z.int().positive().meta(stricter.lower).optional(),
  }),
  messages,
  remedies,

  judge({ administration, remoteLogin }, asked) {
    if (remoteLogin.length === 0) return [unproven('noHost', [], {}, 'remote-login')];
    return remoteLogin.flatMap((seen) => {
      const accounts = administration.filter((each) => each.subject === seen.subject);
      const cites: Cites = [seen, ...accounts];
      const answers = answersOf(seen.value, asked, rootPasswordIn(accounts));
      const found = [
        ...answers.flatMap((answer) => finding(answer, cites)),
        ...serviceFindings(seen.value, asked, cites),
        ...unknownFindings(seen.value, asked, cites),
        ...unreadFindings(seen.value, asked, cites),
      ];
      return found.length > 0 ? found : [guarded(seen.value, answers, cites)];
    });
  },
});

type Cites = readonly [Seen<unknown>, ...Seen<unknown>[]];
type Found = Finding<keyof typeof messages>;

// Root’s own password and those of its twins; of a list that was cut one may be missing.
function rootPasswordIn(seen: readonly Seen<Administration>[]): RootPassword {
  const roots = seen.flatMap(({ value }) => value.accounts).filter(({ uid }) => uid === 0);
  if (roots.some(({ password }) => password === 'set' || password === 'empty')) return 'set';
  const isWhole = seen.every(({ value }) => !value.unread.includes('accounts') && !value.unread.includes('shadow'));
  return isWhole && roots.length > 0 && roots.every(({ password }) => password === 'locked') ? 'locked' : 'unknown';
}

function finding(answer: Answer, cites: Cites): Found[] {
  switch (answer.standing) {
    case 'kept':
      return [];
    case 'locked':
      return [met('rootLocked', cites)];
    case 'not-seen':
      return [unproven('rootUnknown', cites, { settings: answer.settings })];
    case 'older':
      return [unproven('older', cites)];
    case 'broken':
      return [unmet('broken', cites, { demand: answer.title, settings: answer.settings })];
    case 'conditional':
      return [unproven('conditional', cites, { demand: answer.title, settings: answer.settings })];
    case 'unknown':
      return [unproven('unknown', cites, { demand: answer.title, settings: answer.settings })];
  }
}

function serviceFindings({ listening }: RemoteLogin, { services: asked }: Asked, cites: Cites): Found[] {
  if (!asked) return [];
  return listening
    .filter((each) => !isLoopback(each.address))
    .flatMap((each): Found[] => {
      const service = each.service;
      if (service === 'ssh' || ![...asked.forbid, ...asked.explain].includes(service)) return [];
      const data = { service: loginServices[service], ...placeOf(each) };
      if (each.program === undefined) return [unproven('perhapsService', cites, data)];
      return [
        asked.forbid.includes(service) ? unmet('forbiddenService', cites, data) : unproven('otherWay', cites, data),
      ];
    });
}

function placeOf({ address, port, program }: RemoteLogin['listening'][number]): { at: string; program: Text } {
  const unknown: Text = { zh: '程序未知', en: 'program unknown' };
  return { at: `${address}:${port}`, program: program === undefined ? unknown : verbatim(program) };
}

function unknownFindings(value: RemoteLogin, asked: Asked, cites: Cites): Found[] {
  const told = [...(asked.services?.forbid ?? []), ...(asked.services?.explain ?? [])];
  if (!asksSsh(asked)) return [];
  return unknownServers(value)
    .filter(({ service }) => service === 'ssh' || !told.includes(service))
    .map((each) => unproven('otherSsh', cites, placeOf(each)));
}

function unreadFindings({ unread }: RemoteLogin, asked: Asked, cites: Cites): Found[] {
  const parts = partsFor(asked).filter((part) => unread.includes(part));
  if (parts.length === 0) return [];
  return [
    unproven('unread', cites, {
      parts: joined(
        parts.map((part) => loginParts[part]),
        '、',
        ', ',
      ),
    }),
  ];
}

function guarded(value: RemoteLogin, answers: readonly Answer[], cites: Cites): Found {
  const servers = offeredServers(value);
  if (servers.length === 0) return met('noSsh', cites);
  const kept = answers.map((answer) => answer.title);
  const isEffective = servers.every((server) => server.source === 'effective');
  return met('guarded', cites, {
    kept: kept.length > 0 ? joined(kept, '、', ', ') : none,
    source: isEffective
      ? { zh: 'sshd 自报的生效设置', en: 'what sshd itself states' }
      : { zh: '配置文件', en: 'the files' },
  });
}

const none: Text = { zh: '无', en: 'none' };
