import type { Agent } from '../../evidence/host/administration.ts';
import type { KnownAgent } from './agents/agent.ts';
import { chineseClouds } from './agents/chinese-clouds.ts';
import { guests } from './agents/guests.ts';
import { jobs } from './agents/jobs.ts';
import { management } from './agents/management.ts';
import { monitoring } from './agents/monitoring.ts';
import { remoteAccess } from './agents/remote-access.ts';
import { security } from './agents/security.ts';
import { tunnels } from './agents/tunnels.ts';

/** Every agent that is recognised; one that is not in the table is not found. */
export const knownAgents: readonly KnownAgent[] = [
  ...chineseClouds,
  ...guests,
  ...jobs,
  ...management,
  ...monitoring,
  ...remoteAccess,
  ...security,
  ...tunnels,
];

/** What a host shows, by name. */
export type Signs = {
  readonly processes: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
};

// The kernel cuts a process name to 15 characters: proc(5), /proc/pid/comm.
const commLength = 15;

/** The known agents that a host shows signs of, sorted by name. */
export function recognise({ processes, services, paths }: Signs): Agent[] {
  return knownAgents
    .flatMap((agent) => {
      const runs = (name: string): boolean => processes.has(name) || processes.has(name.slice(0, commLength));
      const signs = [
        ...agent.processes.filter(runs).map((name) => `process ${name}`),
        ...agent.services.filter((name) => services.has(name)).map((name) => `service ${name}`),
        ...agent.paths.filter((path) => paths.has(path)).map((path) => `path ${path}`),
      ];
      const { name, title, vendor, abilities } = agent;
      return signs.length === 0 ? [] : [{ name, title, vendor, abilities: [...abilities], signs }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
