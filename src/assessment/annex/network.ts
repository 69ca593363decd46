import type { Evidence } from '../../../checks/check.ts';
import { rangesOf } from '../../evidence/network/open-ports.ts';
import type { Text } from '../../text.ts';
import type { Place, PlacePort, PortMap } from '../exhibits/map.ts';
import { type Content, gathered, listed, none, nothing, rowOf, tableOf } from './content.ts';

const states = {
  open: { zh: '开放', en: 'open' },
  closed: { zh: '关闭', en: 'closed' },
  filtered: { zh: '被过滤', en: 'filtered' },
  unknown: { zh: '未知', en: 'unknown' },
} as const satisfies Record<PlacePort['state'], Text>;

/** Addresses with the ports that were declared and how they were found, and those that were found open besides. */
export function ports({ places, more }: PortMap): Content {
  const rows = places.map((place) => {
    const declared = place.ports.filter((each) => each.declared);
    const others = place.ports.filter((each) => !each.declared && each.state === 'open');
    return rowOf(
      [
        place.hosts.length > 0 ? `${place.address} (${place.hosts.join(', ')})` : place.address,
        listed(portTexts(declared)),
        place.scan ? withMore(listed(portTexts(others)), place.morePorts) : none,
        from(place),
      ],
      place.cites,
    );
  });
  const head = [
    { zh: '地址', en: 'Address' },
    { zh: '声明端口及实测状态', en: 'Declared ports, as found' },
    { zh: '未声明而开放', en: 'Open, not declared' },
    { zh: '扫描位置', en: 'Scanned from' },
  ];
  const { tables } = tableOf({ zh: '对外地址和端口', en: 'Addresses and ports' }, head, gathered(rows));
  return {
    entries: [],
    tables: tables.map((table) => (more > 0 ? { ...table, more: more + (table.more ?? 0) } : table)),
  };
}

function withMore(text: Text, more: number | undefined): Text {
  if (more === undefined) return text;
  return {
    zh: `${text.zh}；另有 ${more} 个端口未列出，见证据`,
    en: `${text.en}; ${more} more ports, see the evidence`,
  };
}

// Ports that are alike in all but their number stand together.
function portTexts(ports: readonly PlacePort[]): Text[] {
  const alike = Map.groupBy(ports, ({ state, service, tls }) => JSON.stringify([state, service, tls]));
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    return first ? [portText(rangesOf(same.map(({ port }) => port)).replaceAll(',', ', '), first)] : [];
  });
}

function portText(numbers: string, { state, service, tls = [] }: PlacePort): Text {
  const name = service ? `/${service}` : '';
  const versions = tls.length > 0 ? { zh: `，${tls.join('、')}`, en: `, ${tls.join(', ')}` } : { zh: '', en: '' };
  return {
    zh: `${numbers}${name}（${states[state].zh}${versions.zh}）`,
    en: `${numbers}${name} (${states[state].en}${versions.en})`,
  };
}

function from({ scan }: Place): Text {
  if (!scan) return { zh: '未扫描', en: 'not scanned' };
  if (!scan.loopback) return { zh: scan.zone, en: scan.zone };
  return { zh: `${scan.zone}（本机，未经防火墙）`, en: `${scan.zone} (this machine, past no firewall)` };
}

/** Where the platform connects to, as declared. */
export function outbound({ platform }: Evidence<'platform'>): Content {
  const [declared] = platform;
  const leading = declared?.value.endpoints.filter(({ direction }) => direction === 'outbound') ?? [];
  if (!declared || leading.length === 0) return nothing;
  const text = listed(leading.map(({ address, port, protocol }) => `${address}:${port} ${protocol}`));
  return {
    entries: [{ label: { zh: '出站连接（声明）', en: 'Outbound connections (declared)' }, text, cites: [declared.id] }],
    tables: [],
  };
}
