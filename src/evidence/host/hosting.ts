import { z } from 'zod';
import type { Text } from '../../text.ts';

/** Where a host really runs: on its own hardware, in a virtual machine, in a container, in whose cloud. */
export const hosting = {
  origin: 'host',
  per: 'host',
  title: { zh: '运行环境', en: 'Where the host runs' },
  value: z.strictObject({
    machine: z.enum(['physical', 'virtual', 'unknown']),
    /** What the hypervisor calls itself: `kvm`, `vmware`, `xen`, … */
    hypervisor: z.string().optional(),
    /** The container technology, if the host is not a whole system: `docker`, `lxc`, `kubepods`, … */
    container: z.string().optional(),
    /** Maker and product as the firmware names them (SMBIOS 3, 7.2). */
    maker: z.string().optional(),
    product: z.string().optional(),
    /** The platform that cloud-init found its settings on: `aliyun`, `tencent`, … */
    cloud: z.string().optional(),
    /** The signs themselves, `name=value`, sorted. */
    signs: z.array(z.string()),
  }),
} as const;

export type Hosting = z.output<typeof hosting.value>;

const machines: Readonly<Record<Hosting['machine'], Text>> = {
  physical: { zh: '物理机', en: 'physical machine' },
  virtual: { zh: '虚拟机', en: 'virtual machine' },
  unknown: { zh: '物理机或虚拟机未能判明', en: 'physical or virtual is not known' },
};

/** Where a host runs, as a report says it. */
export function placeOf(seen: Hosting): Text {
  const names = [seen.hypervisor, seen.maker, seen.product, seen.cloud && `cloud-init: ${seen.cloud}`];
  const told = [...new Set(names.filter((name) => name !== undefined && name !== ''))];
  const machine = machines[seen.machine];
  return {
    zh: `${seen.container ? `容器 ${seen.container}，` : ''}${machine.zh}${told.length > 0 ? `（${told.join('，')}）` : ''}`,
    en: `${seen.container ? `container ${seen.container}, ` : ''}${machine.en}${told.length > 0 ? ` (${told.join(', ')})` : ''}`,
  };
}
