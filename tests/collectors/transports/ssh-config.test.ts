import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { settingsFor } from '../../../src/collectors/transports/ssh-config.ts';
import { inFolder } from '../../support/folder.ts';

const configuration = `
# the first value counts
Host app-1 app-2
  HostName 192.0.2.7
  Port=2222
  IdentityFile "~/.ssh/the key"

Host !app-2 app-*
  User ops
  ProxyJump bastion
  port 22
Host db-?
	hostname %h.example
	ProxyCommand /usr/bin/nc %h %p
Match host app-3 exec "true"
  User intruder
Host *
  User root
  IdentityFile ~/.ssh/id_ed25519
`;

test.each([
  [
    'app-1',
    {
      hostName: '192.0.2.7',
      user: 'ops',
      port: 2222,
      proxyJump: 'bastion',
      identityFiles: ['~/.ssh/the key', '~/.ssh/id_ed25519'],
    },
  ],
  [
    'app-2',
    { hostName: '192.0.2.7', user: 'root', port: 2222, identityFiles: ['~/.ssh/the key', '~/.ssh/id_ed25519'] },
  ],
  ['app-3', { user: 'ops', proxyJump: 'bastion', port: 22, identityFiles: ['~/.ssh/id_ed25519'] }],
  [
    'db-1',
    {
      hostName: 'db-1.example',
      user: 'root',
      identityFiles: ['~/.ssh/id_ed25519'],
      unfollowed: ['match', 'proxycommand'],
    },
  ],
  ['DB-1', { user: 'root', identityFiles: ['~/.ssh/id_ed25519'] }],
])('%s', (host, expected) => {
  expect(settingsFor(configuration, host)).toEqual({ unfollowed: ['match'], ...expected });
});

describe('agrees with ssh -G', () => {
  test.each(['app-1', 'app-2', 'db-1', 'elsewhere'])('of %s', (host) =>
    inFolder({ config: configuration.replace(/^Match.*\n.*\n/m, '') }, async (at) => {
      const { stdout, status } = spawnSync('ssh', ['-G', '-F', at('config'), host]);
      expect(status).toBe(0);
      const said = new Map(
        stdout
          .toString()
          .split('\n')
          .map((line): [string, string] => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
      );
      const { hostName = host, user, port = 22, proxyJump } = settingsFor(configuration, host);
      expect({ hostName, user, port: String(port), proxyJump }).toEqual({
        hostName: said.get('hostname'),
        user: said.get('user'),
        port: said.get('port'),
        proxyJump: said.get('proxyjump'),
      });
    }),
  );
});

test.each([
  '',
  'Host',
  '\0\u001b[2J',
  'Port 99999\nPort abc',
  'Host *\nPort -1',
  'HostName\n',
  `Host ${'*'.repeat(9999)}a`,
])('%j is no configuration', (text) => {
  expect(settingsFor(text, 'app-1')).toEqual({ identityFiles: [], unfollowed: [] });
});
