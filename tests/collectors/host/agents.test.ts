import { describe, expect, test } from 'vitest';
import { knownAgents, recognise } from '../../../src/collectors/host/agents.ts';

const signs = (found: { processes?: string[]; services?: string[]; paths?: string[] }) => ({
  processes: new Set(found.processes),
  services: new Set(found.services),
  paths: new Set(found.paths),
});

describe('the table of known agents', () => {
  test('names, processes, services and paths each belong to one agent', () => {
    const all = (key: 'processes' | 'services' | 'paths') => knownAgents.flatMap((agent) => agent[key]);
    const comm = all('processes').map((name) => name.slice(0, 15));
    const owners = knownAgents.flatMap((agent) => [...new Set(agent.processes.map((name) => name.slice(0, 15)))]);
    expect(new Set(knownAgents.map((agent) => agent.name)).size).toBe(knownAgents.length);
    expect(new Set(owners).size).toBe(owners.length);
    expect(new Set(comm).size).toBe(owners.length);
    expect(new Set(all('services')).size).toBe(all('services').length);
    expect(new Set(all('paths')).size).toBe(all('paths').length);
  });

  test.each(knownAgents)('$name can be recognised, and its signs are safe in a script', (agent) => {
    expect(agent.name).toMatch(/^[a-z0-9-]+$/);
    expect(agent.abilities.length).toBeGreaterThan(0);
    expect([...agent.processes, ...agent.services, ...agent.paths].length).toBeGreaterThan(0);
    for (const name of [...agent.processes, ...agent.services]) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
    for (const service of agent.services) expect(service).not.toMatch(/\.service$/);
    for (const path of agent.paths) expect(path).toMatch(/^(\/[A-Za-z0-9._-]+)+$/);
  });
});

describe('recognise', () => {
  test('an agent by process, service and path, sorted by name', () => {
    const found = recognise(
      signs({
        processes: ['AliYunDun', 'tat_agent', 'nginx'],
        services: ['aegis', 'sshd'],
        paths: ['/usr/local/aegis'],
      }),
    );
    expect(found.map((agent) => [agent.name, agent.signs])).toEqual([
      ['aliyun-aegis', ['process AliYunDun', 'service aegis', 'path /usr/local/aegis']],
      ['tencent-tat', ['process tat_agent']],
    ]);
  });

  test('a process whose name the kernel cut to 15 characters', () => {
    expect(recognise(signs({ processes: ['amazon-ssm-agen'] })).map((agent) => agent.name)).toEqual(['aws-ssm']);
  });

  test('nothing in an ordinary system, and nothing by a part of a name', () => {
    const ordinary = ['systemd', 'sshd', 'cron', 'java', 'agent', 'frp', 'my-tat_agent', 'AliYun'];
    expect(recognise(signs({ processes: ordinary, services: ordinary, paths: ['/usr/local'] }))).toEqual([]);
  });
});
