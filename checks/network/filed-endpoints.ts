import { z } from 'zod';
import { type FiledDocument, paperDefect } from '../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Addresses } from '../../src/evidence/network/addresses.ts';
import { type OpenPorts, stateOfPort } from '../../src/evidence/network/open-ports.ts';
import type { Tls } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { endpointName, isAddress, isSameAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { endpointMessages, endpointRemedies } from '../shared/filed-endpoints-words.ts';
import { addressTexts, isClear, type Resolution, resolutionOf, viewsText } from '../shared/name-views.ts';

type Says = keyof typeof endpointMessages;

/** What the filing states, what the unit declares and what the network shows are the same endpoints. */
export const check = defineCheck({
  id: 'network/filed-endpoints',
  title: { zh: '网络地址备案与实际一致', en: 'Filed network endpoints are what runs' },
  about: {
    zh: '将备案材料所载的地址、端口和方向与平台文件声明的端点逐一比对，以域名声明的端点按各 DNS 服务器的应答比对；入站端口还须实测为开放并使用 TLS，出站方向不要求开放端口。',
    en: 'Compares the addresses, ports and directions that the filing states with the declared endpoints, one by one, those declared by name by what every resolver answers; inbound ports must also be seen open and speaking TLS, outbound ones need not be open.',
  },
  reads: ['addresses', 'documents', 'platform', 'openPorts', 'tls'],
  parameters: z.strictObject({
    /** The id of the filing. */
    document: z.string().min(1),
  }),
  messages: endpointMessages,
  remedies: endpointRemedies,

  judge({ addresses, documents, platform, openPorts, tls }, { document }) {
    const papers = documents.filter((each) => each.value.id === document);
    if (papers.length === 0) return [unproven('noPaper', [], { document }, document)];
    const [declared] = platform;
    if (!declared || declared.value.endpoints.length === 0) return [unproven('noEndpoints', platform, {}, document)];
    return papers.flatMap((paper) => judgePaper({ paper, declared, addresses, openPorts, tls }));
  },
});

type Given = {
  readonly paper: Seen<FiledDocument>;
  readonly declared: Seen<PlatformDeclaration>;
  readonly addresses: readonly Seen<Addresses>[];
  readonly openPorts: readonly Seen<OpenPorts>[];
  readonly tls: readonly Seen<Tls>[];
};

type Endpoint = PlatformDeclaration['endpoints'][number];

function judgePaper(given: Given): Finding<Says>[] {
  const { paper, declared } = given;
  const { title, sha256, states } = paper.value;
  if (paperDefect(paper.value) || sha256 === undefined) return [unproven('paperUnusable', paper, { title })];
  if (states.addresses.length === 0 || states.ports.length === 0) return [unproven('notStated', paper, { title })];
  const endpoints = distinct(declared.value.endpoints);
  const findings = [...undeclared(given, endpoints), ...endpoints.flatMap((each) => judgeEndpoint(each, given))];
  const isOutbound = [...states.ports, ...endpoints].every(({ direction }) => direction === 'outbound');
  return isOutbound ? [...findings, notApplicable('outboundOnly', [paper, declared], { title })] : findings;
}

function distinct(endpoints: readonly Endpoint[]): Endpoint[] {
  const keyOf = (each: Endpoint): string => `${each.direction} ${each.environment} ${endpointName(each)}`;
  return [...new Map(endpoints.map((each) => [keyOf(each), each])).values()];
}

// What stands on the paper and nowhere in the declaration.
function undeclared(given: Given, endpoints: readonly Endpoint[]): Finding<Says>[] {
  const { paper, declared } = given;
  const { title, states } = paper.value;
  const data = { title, declared: joined(endpoints.map(describe), '、', ', ') };
  const places = endpoints.map((endpoint) => placeOf(endpoint, given));
  const unsure = endpoints.filter((_, index) => places[index]?.isSure === false).map(endpointName);
  const addresses = states.addresses.filter(({ address }) => !places.some(({ at }) => isIn(at, address)));
  const ports = states.ports.filter(
    ({ port, direction }) => !endpoints.some((each) => each.port === port && each.direction === direction),
  );
  return [
    // A name may resolve to more addresses than were seen.
    ...addresses.map((each) =>
      unsure.length > 0
        ? unproven('nameUnknown', [paper, declared], { title, names: unsure.join(', '), filed: each.address })
        : unmet('notDeclared', [paper, declared], { ...data, filed: addressText(each) }),
    ),
    ...ports.map((each) => unmet('notDeclared', [paper, declared], { ...data, filed: portText(each) })),
  ];
}

function judgeEndpoint(endpoint: Endpoint, given: Given): Finding<Says>[] {
  const { paper, declared } = given;
  const { title, states } = paper.value;
  const name = endpointName(endpoint);
  const data = { endpoint: name, title };
  const port = states.ports.some((each) => each.port === endpoint.port && each.direction === endpoint.direction);
  const place = placeOf(endpoint, given);
  const address = addressFiled(endpoint, place, states.addresses);
  const filed = joined([...states.addresses.map(addressText), ...states.ports.map(portText)], '、', ', ');
  if (!port || address === 'no')
    return [unmet('notFiled', [paper, declared], { ...data, kind: kindOf(endpoint), filed }, name)];
  if (address === 'elsewhere') {
    const views = viewsText(place.views);
    return [unmet('resolvesElsewhere', [paper, declared, ...place.seen], { ...data, filed, views }, name)];
  }
  if (address === 'name') return [unproven('nameUnknown', [paper, declared], { title, names: name, filed }, name)];
  if (address === 'unknown') return [unproven('testNotFiled', [paper, declared], data, name)];
  return endpoint.direction === 'inbound' ? [reachedAll(endpoint, place, given)] : [];
}

/** Where an endpoint is: at an address; by name, where DNS says, or as long as nobody asked, where the scan went. */
type Place = Pick<Resolution, 'views' | 'seen'> & { readonly at: readonly string[]; readonly isSure: boolean };

function placeOf({ address }: Endpoint, { addresses, openPorts }: Given): Place {
  if (isAddress(address)) return { at: [address], isSure: true, views: [], seen: [] };
  const resolution = resolutionOf(address, addresses);
  const { state, views, seen } = resolution;
  if (isClear(resolution)) return { at: [...new Set(views.flatMap(addressTexts))], isSure: true, views, seen };
  return { at: state === 'unseen' ? scannedAt(address, openPorts) : [], isSure: false, views, seen };
}

function scannedAt(subject: string, openPorts: readonly Seen<OpenPorts>[]): string[] {
  return openPorts.filter((each) => each.subject === subject).map(({ value }) => value.address);
}

type Filed = FiledDocument['states']['addresses'];

// A form without a field for test addresses says nothing of them.
function addressFiled(
  { address: declared, environment }: Endpoint,
  { at, isSure }: Place,
  filed: Filed,
): 'yes' | 'no' | 'unknown' | 'name' | 'elsewhere' {
  const isWithoutTest = environment === 'test' && filed.every((each) => each.environment === 'production');
  const same = (address: string): Filed => filed.filter((each) => isSameAddress(each.address, address));
  const isFiled = (address: string): boolean =>
    same(address).some((each) => isWithoutTest || each.environment === environment);
  if (at.length > 0 && at.every(isFiled)) return 'yes';
  if (isWithoutTest) return 'unknown';
  if (isAddress(declared)) return 'no';
  if (isSure) return 'elsewhere';
  return at.some((address) => same(address).length > 0) ? 'no' : 'name';
}

function isIn(list: readonly string[], address: string): boolean {
  return list.some((each) => isSameAddress(each, address));
}

// A name may lead to addresses that nobody has probed.
function reachedAll(endpoint: Endpoint, { at, seen }: Place, given: Given): Finding<Says> {
  const finding = reached(endpoint, given);
  if (finding.outcome !== 'met' || seen.length === 0) return finding;
  const probed = scannedAt(endpoint.address, given.openPorts);
  if (at.length === 1 && probed.every((address) => isIn(at, address)))
    return { ...finding, cites: [...finding.cites, ...seen.map(({ id }) => id)] };
  const name = endpointName(endpoint);
  const shown = probed.length > 0 ? verbatim([...new Set(probed)].join(', ')) : { zh: '其中一个', en: 'one of them' };
  const data = { endpoint: name, resolved: at.join(', '), probed: shown };
  return unproven('probedElsewhere', [given.paper, ...seen], data, name);
}

// A handshake shows that the port is open, whatever a scan could see; only "closed" contradicts it.
function reached(endpoint: Endpoint, { paper, openPorts, tls }: Given): Finding<Says> {
  const name = endpointName(endpoint);
  const data = { endpoint: name, title: paper.value.title };
  const talks = tls.filter(({ subject }) => subject === name);
  const scans = openPorts
    .filter(({ subject }) => subject === endpoint.address)
    .map((scan) => ({ scan, state: stateOfPort(scan.value, endpoint.port) }));
  const inState = (state: string): Seen<OpenPorts>[] =>
    scans.filter((each) => each.state === state).map(({ scan }) => scan);
  for (const talk of talks) {
    if (!talk.value.speaksTls) return unmet('notTls', [paper, talk], { ...data, saw: talk.value.saw }, name);
  }
  const [closed] = inState('closed');
  const talk = talks.find(({ value }) => offered(value) !== '');
  if (talk && closed) return unproven('contradiction', [paper, talk, closed], data, name);
  if (talk)
    return met('filedAndOpen', [paper, talk, ...inState('open')], { ...data, versions: offered(talk.value) }, name);
  const [open] = inState('open');
  if (open) return unproven('tlsUnknown', [paper, open], data, name);
  if (closed) return unmet('closed', [paper, closed], { ...data, method: closed.value.method }, name);
  const [filtered] = inState('filtered');
  return filtered
    ? unproven('filtered', [paper, filtered], data, name)
    : unproven('notScanned', [paper, ...scans.map(({ scan }) => scan)], data, name);
}

function offered(value: Tls): string {
  const versions = value.speaksTls ? value.versions.filter(({ state }) => state === 'offered') : [];
  return versions.map(({ version }) => version).join(', ');
}

const environments = {
  production: { zh: '生产', en: 'production' },
  test: { zh: '测试', en: 'test' },
} as const satisfies Record<string, Text>;

const directions = {
  inbound: { zh: '入站', en: 'inbound' },
  outbound: { zh: '出站', en: 'outbound' },
} as const satisfies Record<string, Text>;

function kindOf({ environment, direction }: Endpoint): Text {
  return joined([environments[environment], directions[direction]], '、', ', ');
}

function describe(endpoint: Endpoint): Text {
  return within(endpointName(endpoint), kindOf(endpoint));
}

function addressText({ address, environment }: FiledDocument['states']['addresses'][number]): Text {
  return within(address, environments[environment]);
}

function portText({ port, protocol, direction }: FiledDocument['states']['ports'][number]): Text {
  return joined([{ zh: '端口', en: 'port' }, within(`${port}/${protocol}`, directions[direction])], ' ', ' ');
}

function within(words: string, note: Text): Text {
  const plain = verbatim(words);
  return { zh: `${plain.zh}（${note.zh}）`, en: `${plain.en} (${note.en})` };
}
