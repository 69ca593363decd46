import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { DirectCollector, Tools } from '../../../src/collectors/collector.ts';
import { openPorts } from '../../../src/collectors/network/open-ports.ts';
import { openPorts as kind, type OpenPorts } from '../../../src/evidence/network/open-ports.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const collect = async (tools: Tools): Promise<OpenPorts> =>
  kind.value.parse((await (openPorts as DirectCollector<'openPorts'>).collect('127.0.0.1', tools)).value);

describe('what single connections found before, and the scan', () => {
  const declared = 40_001;
  const xmlOf = (open: readonly number[], filtered: string, closed: string) => `<?xml version="1.0"?><nmaprun>
<scaninfo type="syn" protocol="tcp" numservices="3" services="80,443,3306,${declared}"/><host><ports>
${Object.entries({ filtered, closed })
  .filter(([, ports]) => ports !== '')
  .map(([state, ports]) => `<extraports state="${state}"><extrareasons ports="${ports}"/></extraports>`)
  .join('')}
${open.map((port) => `<port protocol="tcp" portid="${port}"><state state="open"/></port>`).join('')}
</ports></host><runstats><finished exit="success"/></runstats></nmaprun>`;
  const collectWith = async (answering: (port: number, asked: number) => string, xml: string): Promise<OpenPorts> => {
    const tools = toolsFor(
      platformOf({
        endpoints: [{ address: '127.0.0.1', port: declared, direction: 'inbound' }],
        limits: { ports: `80,443,3306,${declared}`, services: 'off' },
      }),
    );
    let asked = 0;
    const connect: Tools['gate']['connect'] = (_, port) => {
      if (port === declared) asked += 1;
      const code = answering(port, asked);
      if (code === 'open') return Promise.resolve(new Socket());
      return Promise.reject(Object.assign(new Error(code), { code }));
    };
    const run: Tools['gate']['run'] = () =>
      Promise.resolve({ status: 0, stdout: Buffer.from(xml), stderr: '', truncated: false, timedOut: false });
    return await collect({ ...tools, gate: { ...tools.gate, connect, run } });
  };

  test('all as before', async () => {
    const value = await collectWith(
      (port) => (port === declared ? 'open' : 'ETIMEDOUT'),
      xmlOf([declared], '80,443,3306', ''),
    );
    expect(value).toMatchObject({ filtered: '80,443,3306', steady: { port: declared, lost: '' } });
  });

  test('what was open and is silent is open, and lost', async () => {
    const value = await collectWith(
      (port) => (port === 80 ? 'ETIMEDOUT' : port === 443 ? 'ECONNREFUSED' : 'open'),
      xmlOf([declared], '80,443', '3306'),
    );
    expect(value).toMatchObject({
      open: [{ port: 3306 }, { port: declared }],
      closed: '',
      filtered: '80,443',
      counts: { open: 2, closed: 0, filtered: 2 },
      steady: { lost: '443,3306' },
    });
  });

  test('the declared port answers no more', async () => {
    const value = await collectWith(
      (port, asked) => (port === declared && asked < 3 ? 'open' : 'ETIMEDOUT'),
      xmlOf([declared], '80,443,3306', ''),
    );
    expect(value.steady).toEqual({ port: declared, asked: 2, answered: 1, lost: '' });
  });

  test('nothing declared answered: nobody watched', async () => {
    const value = await collectWith((port) => (port === 80 ? 'open' : 'ETIMEDOUT'), xmlOf([80], `443,${declared}`, ''));
    expect(value.steady).toBeUndefined();
  });
});
