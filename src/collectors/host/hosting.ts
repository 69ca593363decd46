import type { Hosting } from '../../evidence/host/hosting.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { clean, isComplete, linesOf } from './output.ts';

/** Firmware, hypervisor, container and cloud-init, as the host itself shows them. systemd-detect-virt(1), sysfs dmi/id. */
export const hosting = defineHostCollector({
  id: 'host/hosting',
  kind: 'hosting',
  ask: () => [
    {
      name: 'firmware',
      why: 'maker and product of the machine',
      script: `for name in sys_vendor product_name chassis_asset_tag bios_vendor; do
  file=/sys/class/dmi/id/$name
  [ -r "$file" ] && read -r value < "$file" && printf '%s=%s\\n' "$name" "$value"
done
file=/sys/firmware/devicetree/base/model
[ -r "$file" ] && printf 'model=%s\\n' "$(tr -d '\\000' < "$file")"
echo end`,
    },
    {
      name: 'virtualisation',
      why: 'hypervisor and container around the system',
      script: `if command -v systemd-detect-virt >/dev/null 2>&1; then
  printf 'vm=%s\\n' "$(systemd-detect-virt --vm 2>/dev/null)"
  printf 'container=%s\\n' "$(systemd-detect-virt --container 2>/dev/null)"
fi
[ -r /sys/hypervisor/type ] && printf 'hypervisor-type=%s\\n' "$(cat /sys/hypervisor/type)"
if grep -q '^flags' /proc/cpuinfo; then
  if grep -qw hypervisor /proc/cpuinfo; then echo hypervisor-flag=yes; else echo hypervisor-flag=no; fi
fi
[ -e /.dockerenv ] && echo marker=docker
[ -e /run/.containerenv ] && echo marker=podman
[ -e /var/run/secrets/kubernetes.io ] && echo marker=kubernetes
[ -e /proc/vz ] && [ ! -e /proc/bc ] && echo marker=openvz
[ -r /run/systemd/container ] && printf 'marker=%s\\n' "$(cat /run/systemd/container)"
grep -oE '/(docker|kubepods|lxc|libpod|garden|ecs)[./-]' /proc/1/cgroup 2>/dev/null | tr -d './-' | sort -u | sed 's/^/cgroup=/'
echo end`,
    },
    {
      name: 'cloud-init',
      why: 'the platform that cloud-init took its settings from',
      script: `[ -r /run/cloud-init/cloud-id ] && printf 'cloud-id=%s\\n' "$(cat /run/cloud-init/cloud-id)"
[ -r /var/lib/cloud/data/previous-datasource ] && printf 'datasource=%s\\n' "$(cat /var/lib/cloud/data/previous-datasource)"
if [ -e /run/cloud-init ] || [ -e /var/lib/cloud ]; then echo cloud-init=yes; fi
echo end`,
    },
  ],
  read: (results) => {
    const virtualisation = results('virtualisation');
    if (!isComplete(virtualisation))
      throw new Unavailable(virtualisation.timedOut ? 'timed-out' : 'unparsable', virtualisation.stderr);
    return readHosting(results);
  },
});

const names = ['firmware', 'virtualisation', 'cloud-init'] as const;

function readHosting(results: CommandResults): Hosting {
  const output = names.map((name) => results(name).stdout).join('\n');
  const value = (name: string): string | undefined => {
    const [first] = linesOf(output, `${name}=`).map(clean);
    return first === undefined || first === '' || first === 'none' ? undefined : first;
  };
  const hypervisor = value('vm') ?? value('hypervisor-type');
  const container = value('container') ?? value('marker') ?? value('cgroup');
  const maker = value('sys_vendor');
  const product = value('product_name') ?? value('model');
  const cloud = value('cloud-id') ?? value('datasource');
  return {
    machine: machineOf(output, hypervisor),
    ...(hypervisor ? { hypervisor } : {}),
    ...(container ? { container } : {}),
    ...(maker ? { maker } : {}),
    ...(product ? { product } : {}),
    ...(cloud ? { cloud } : {}),
    signs: signsOf(output),
  };
}

// x86 only: other processors have no hypervisor flag, and its absence there says nothing.
function machineOf(output: string, hypervisor: string | undefined): Hosting['machine'] {
  const lines = new Set(output.split('\n'));
  if (hypervisor !== undefined || lines.has('hypervisor-flag=yes')) return 'virtual';
  return lines.has('vm=none') || lines.has('hypervisor-flag=no') ? 'physical' : 'unknown';
}

function signsOf(output: string): string[] {
  const lines = output.split('\n').filter((line) => /^[a-z_-]+=./.test(line));
  return [...new Set(lines.slice(0, 100).map(clean))].toSorted();
}
