import { describe, expect, test } from 'vitest';
import { hosting } from '../../../src/collectors/host/hosting.ts';
import { runLocal } from '../../../src/collectors/transports/local.ts';
import { type Hosting, placeOf } from '../../../src/evidence/host/hosting.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const read = (outputs: Parameters<typeof transcript>[0]): Hosting =>
  kinds.hosting.value.parse(hosting.read(transcript(outputs), localHost()));

describe('recognises', () => {
  test('a container in a microVM without firmware tables (Debian 12, systemd 252)', () => {
    const found = read({
      firmware: 'end\n',
      virtualisation: 'vm=kvm\ncontainer=docker\nhypervisor-flag=yes\nmarker=docker\nend\n',
      'cloud-init': 'end\n',
    });
    expect(found).toEqual({
      machine: 'virtual',
      hypervisor: 'kvm',
      container: 'docker',
      signs: ['container=docker', 'hypervisor-flag=yes', 'marker=docker', 'vm=kvm'],
    });
    expect(placeOf(found)).toEqual({ zh: '容器 docker，虚拟机（kvm）', en: 'container docker, virtual machine (kvm)' });
  });

  test('an Alibaba Cloud instance (reconstructed: Ubuntu 22.04 cloud image)', () => {
    const found = read({
      firmware: 'sys_vendor=Alibaba Cloud\nproduct_name=Alibaba Cloud ECS\nbios_vendor=SeaBIOS\nend\n',
      virtualisation: 'vm=kvm\ncontainer=none\nhypervisor-flag=yes\nend\n',
      'cloud-init': 'cloud-id=aliyun\ncloud-init=yes\nend\n',
    });
    expect(found).toMatchObject({ machine: 'virtual', maker: 'Alibaba Cloud', cloud: 'aliyun' });
    expect(found).not.toHaveProperty('container');
    expect(placeOf(found).zh).toBe('虚拟机（kvm，Alibaba Cloud，Alibaba Cloud ECS，cloud-init: aliyun）');
  });

  test('a Huawei Cloud instance on Kunpeng (reconstructed: openEuler 22.03, no hypervisor flag on ARM)', () => {
    expect(
      read({
        firmware: 'sys_vendor=OpenStack Foundation\nproduct_name=OpenStack Nova\nend\n',
        virtualisation: 'vm=kvm\ncontainer=none\nend\n',
        'cloud-init': 'datasource=DataSourceOpenStack: DataSourceOpenStackLocal [net,ver=2]\ncloud-init=yes\nend\n',
      }),
    ).toMatchObject({ machine: 'virtual', hypervisor: 'kvm', product: 'OpenStack Nova' });
  });

  test('a server of its own (reconstructed: Kylin V10)', () => {
    const found = read({
      firmware: 'sys_vendor=Inspur\nproduct_name=NF5280M5\nend\n',
      virtualisation: 'vm=none\ncontainer=none\nhypervisor-flag=no\nend\n',
      'cloud-init': 'end\n',
    });
    expect(found.machine).toBe('physical');
    expect(placeOf(found).en).toBe('physical machine (Inspur, NF5280M5)');
  });

  test('a pod by its control group, without systemd', () => {
    expect(read({ virtualisation: 'hypervisor-flag=no\ncgroup=kubepods\nend\n' })).toMatchObject({
      machine: 'physical',
      container: 'kubepods',
    });
  });

  test('nothing on a board without flags and tools', () => {
    expect(read({ virtualisation: 'end\n' })).toEqual({ machine: 'unknown', signs: [] });
  });
});

describe('whatever the host prints', () => {
  test.each([
    [{ stdout: 'vm=none\ncontainer=none\n' }, 'unparsable'],
    [{ stdout: 'vm=none\n', timedOut: true }, 'timed-out'],
    [{ stdout: 'vm=none\nend\n', truncated: true }, 'unparsable'],
  ])('an answer that was cut short proves nothing: %j', (virtualisation, reason) => {
    expect(() => read({ virtualisation })).toThrow(expect.objectContaining({ reason }));
  });

  test('names stay short, printable and on one line', () => {
    const found = read({
      firmware: `sys_vendor=${'A'.repeat(1_000_000)}\nproduct_name=\u001b[31mred\u202e\tx\nend\n`,
      virtualisation: 'vm=none\nend\n',
    });
    expect(found.maker).toHaveLength(200);
    expect(found.product).toBe('·[31mred··x');
    expect(found.signs.every((sign) => sign.length <= 200)).toBe(true);
  });
});

test('on this machine', async () => {
  const gate = createGate(createScope([], []), () => new Date());
  const host = localHost();
  const results = await runLocal(gate, host, hosting.ask(host), AbortSignal.timeout(60_000));
  expect([...results].map(([name, result]) => [name, result.stdout.endsWith('end\n')])).toEqual([
    ['firmware', true],
    ['virtualisation', true],
    ['cloud-init', true],
  ]);
  expect(kinds.hosting.value.safeParse(hosting.read(transcript(Object.fromEntries(results)), host)).success).toBe(true);
  expect(gate.contacts()).toEqual([]);
});
