import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { services } from '../../../checks/shared/port-services.ts';
import { loadProfile, profileNames } from '../../../src/assessment/profile.ts';

// What a profile listens for must be what something says: one of our own questions, or nmap's.
const ours = ['mysqlx', 'kibana', 'couchdb', 'kubernetes', 'minio', 'dubbo', 'nfs'];
const probes = readFileSync('/usr/share/nmap/nmap-service-probes', 'utf8');
const nmaps = new Set([...probes.matchAll(/^(?:soft)?match (\S+) /gm)].map(([, name]) => name));

test('every answer that a profile names is one that the collector can bring', async () => {
  const profiles = await Promise.all((await profileNames()).map(loadProfile));
  const uses = profiles.flatMap(({ requirements }) => requirements.flatMap((row) => row.uses));
  const read = uses
    .flatMap(({ parameters }) => [parameters.sensitive, parameters.clear])
    .map((list) => services.safeParse(list).data ?? {});
  const named = new Set(read.flatMap((list) => Object.values(list).flatMap(({ speaks }) => speaks)));
  expect(named.size).toBeGreaterThan(30);
  expect([...named].filter((name) => !nmaps.has(name) && !ours.includes(name))).toEqual([]);
});
