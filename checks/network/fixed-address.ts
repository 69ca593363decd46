import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { type Addresses, addressesIn, isInside } from '../../src/evidence/network/addresses.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { addressProblems, rangeTitles } from '../../src/evidence/public-address.ts';
import { isAddress, isSameAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, type TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { addressMessages, addressRemedies } from '../shared/fixed-address-words.ts';
import { addressTexts, isClear, type Resolution, resolutionOf, viewsText } from '../shared/name-views.ts';
import { onHostFindings, onHostMessages, onHostRemedies } from '../shared/on-host.ts';
import { type Paper, papersOf } from '../shared/papers.ts';

type Says = keyof typeof addressMessages | keyof typeof onHostMessages;

/** The addresses of production are public, those that are filed and proved, and the only ones that DNS gives. */
export const check = defineCheck({
  id: 'network/fixed-address',
  title: { zh: '固定公网地址与备案、证明和解析一致', en: 'Fixed public addresses as filed, proved and resolved' },
  about: {
    zh: '将备案的生产地址与运营商证明、平台文件声明的端点和各 DNS 服务器的应答（A、AAAA，含 IPv6）逐一比对，并判定是否公网地址。CNAME 和较短的 TTL 只列出，不作否定判定。并从主机判定备案地址是否静态配置、出站连接使用哪个地址；在 NAT 或弹性 IP 之后，须声明并采集持有该地址的网关，否则不能判定。',
    en: 'Compares the filed production addresses with the operator’s proof, the declared endpoints and the answers of each resolver (A and AAAA), and judges whether they are public. Aliases and short TTLs are shown, not judged. Whether a filed address is set statically, and which one the hosts call out by, is seen on the hosts; behind NAT or an elastic IP the gateway that has it must be declared and examined, or it cannot be told.',
  },
  reads: ['addresses', 'documents', 'interfaces', 'platform'],
  parameters: z.strictObject({
    /** The id of the filing. */
    filing: z.string().min(1),
    /** The id of the operator's proof. */
    proof: z.string().min(1).optional(),
    /** What must also be seen on the hosts. */
    onHost: z.array(z.enum(['static', 'egress'])),
  }),
  messages: { ...addressMessages, ...onHostMessages },
  remedies: { ...addressRemedies, ...onHostRemedies },

  judge({ addresses, documents, interfaces, platform }, { filing, proof, onHost }) {
    const filings = papersOf(documents, filing);
    const proofs = proof === undefined ? undefined : papersOf(documents, proof);
    const [declared] = platform;
    const endpoints = declared?.value.endpoints.filter(({ environment }) => environment === 'production') ?? [];
    const shortfalls = [...filings.shortfalls, ...(proofs?.shortfalls ?? [])];
    if (!declared || endpoints.length === 0) return [...shortfalls, unproven('noEndpoints', platform, {}, filing)];
    const given = { declared, endpoints, proofs: proofs?.papers ?? [], addresses };
    return [
      ...shortfalls,
      ...filings.papers.flatMap((paper) => judgePaper({ ...given, paper, filed: productionIn(paper) })),
      ...onHostFindings({
        filed: publicIn(filings.papers),
        interfaces,
        parts: onHost,
        callers: callersIn(declared.value),
      }),
    ];
  },
});

// Of other hosts it is not known why they call out.
function callersIn({ hosts }: PlatformDeclaration): ReadonlySet<string> {
  return new Set(hosts.filter(({ connector }) => connector).map(({ name }) => name));
}

type Given = {
  readonly declared: Seen<PlatformDeclaration>;
  readonly endpoints: PlatformDeclaration['endpoints'];
  readonly proofs: readonly Paper[];
  readonly addresses: readonly Seen<Addresses>[];
  readonly paper: Paper;
  /** The production addresses that the paper states. */
  readonly filed: readonly string[];
};

type Found = Finding<Says>;

function judgePaper(given: Given): Found[] {
  const { paper, filed, endpoints, proofs } = given;
  if (filed.length === 0) return [unproven('noFiledAddress', paper, { title: paper.value.title, which: production })];
  const bare = distinct(endpoints.map(({ address }) => address).filter(isAddress));
  const names = distinct(endpoints.map(({ address }) => address).filter((address) => !isAddress(address)));
  const certified = distinct(endpoints.flatMap(({ serverName }) => serverName ?? [])).filter(
    (name) => !includes(names, name),
  );
  return [
    ...filed.flatMap((address) => [...ofFiled(address, given), ...ofUse(address, bare, names, given)]),
    ...proofs.flatMap((proof) => ofProof(proof, given)),
    ...bare.flatMap((address) => ofAddress(address, given)),
    ...names.flatMap((name) => ofName(name, false, given)),
    ...certified.flatMap((name) => ofName(name, true, given)),
  ];
}

const production: Text = { zh: '生产地址', en: 'production addresses' };

function productionIn({ value }: Paper): string[] {
  return distinct(
    value.states.addresses.filter(({ environment }) => environment === 'production').map(({ address }) => address),
  );
}

function publicIn(papers: readonly Paper[]): string[] {
  return distinct(papers.flatMap(productionIn)).filter((address) => addressProblems(address).length === 0);
}

function ofFiled(address: string, { paper }: Given): Found[] {
  const { title } = paper.value;
  return addressProblems(address).map((problem) =>
    problem.code === 'addressNotPublic'
      ? unmet('notPublic', paper, { title, address, range: rangeTitles[problem.range] }, address)
      : unmet('malformed', paper, { title, address }, address),
  );
}

// That an endpoint which is declared by name may be there is told only where DNS is not clear.
function ofUse(address: string, bare: readonly string[], names: readonly string[], given: Given): Found[] {
  const { paper, declared, addresses } = given;
  const resolutions = names.map((name) => resolutionOf(name, addresses));
  const used = [...bare, ...resolutions.flatMap(({ views }) => views.flatMap(addressTexts))];
  if (!isAddress(address) || includes(used, address)) return [];
  const data = { title: paper.value.title, address };
  const cites = [paper, declared, ...resolutions.flatMap(({ seen }) => seen)] as const;
  return resolutions.every(isClear)
    ? [unmet('unused', cites, data, address)]
    : [unproven('maybeUnused', cites, { ...data, names: names.join(', ') }, address)];
}

function ofProof(proof: Paper, { paper, filed }: Given): Found[] {
  // A proof need not tell test addresses apart.
  const proved = distinct(proof.value.states.addresses.map(({ address }) => address));
  if (proved.length === 0)
    return [unproven('noFiledAddress', proof, { title: proof.value.title, which: { zh: '地址', en: 'addresses' } })];
  const data = { title: paper.value.title, proof: proof.value.title, proved: proved.join(', ') };
  return filed
    .filter((address) => !includes(proved, address))
    .map((address) => unmet('notProved', [paper, proof], { ...data, address }, address));
}

function ofAddress(address: string, { paper, filed, declared, proofs }: Given): Found[] {
  const { title } = paper.value;
  if (!includes(filed, address))
    return [unmet('notFiled', [paper, declared], { title, address, filed: filed.join(', ') }, address)];
  if (addressProblems(address).length > 0) return [];
  const holding = proofs.filter(({ value }) =>
    includes(
      value.states.addresses.map((each) => each.address),
      address,
    ),
  );
  // What the proof lacks has its own finding.
  if (holding.length < proofs.length) return [];
  const papers = joined(
    [paper, ...holding].map(({ value }) => ({ zh: `《${value.title}》`, en: `“${value.title}”` })),
    '、',
    ', ',
  );
  return [met('asFiled', [paper, declared, ...holding], { address, papers }, address)];
}

function ofName(name: string, isCertified: boolean, { paper, filed, declared, addresses }: Given): Found[] {
  const resolution = resolutionOf(name, addresses);
  const { state, views, seen } = resolution;
  const data = { name, title: paper.value.title, filed: filed.join(', '), views: viewsText(views) };
  const cites = [paper, declared, ...seen] as const;
  if (isUnfiledToAll(resolution, filed)) return [ofStrangers(name, resolution, filed, cites, data)];
  if (state === 'agreed') {
    // That a filed address is not public has its own finding.
    const isPublic = views.every((view) => addressesIn(view).every(({ range }) => range === undefined));
    return isPublic ? [met('resolvesAsFiled', cites, data, name)] : [];
  }
  if (state === 'absent' && isCertified) return [notApplicable('notInDns', cites, data, name)];
  return [unproven(unclear[state], cites, data, name)];
}

const unclear = {
  absent: 'noAddress',
  disagree: 'disagree',
  silent: 'silent',
  unseen: 'notResolved',
} as const satisfies Record<Exclude<Resolution['state'], 'agreed'>, Says>;

// One that is silent could at most name more; one that says there is no address contradicts the others.
function isUnfiledToAll({ state, views }: Resolution, filed: readonly string[]): boolean {
  const lists = views.map(addressTexts);
  const answers = lists.filter((list) => list.length > 0);
  if (answers.length === 0 || (state === 'disagree' && answers.length < lists.length)) return false;
  return answers.every((list) => list.some((address) => !includes(filed, address)));
}

// What a resolver inside says of private addresses may be meant for those inside alone.
function ofStrangers(
  name: string,
  { views }: Resolution,
  filed: readonly string[],
  cites: readonly [Seen<unknown>, ...Seen<unknown>[]],
  data: TextData,
): Found {
  const strangers = views.flatMap((view) =>
    addressesIn(view)
      .filter(({ address }) => !includes(filed, address))
      .map(({ range }) => ({ isPublic: range === undefined, isFromInside: isInside(view) })),
  );
  if (strangers.some(({ isPublic }) => isPublic)) return unmet('resolvesElsewhere', cites, data, name);
  return strangers.every(({ isFromInside }) => isFromInside)
    ? unproven('privateInside', cites, data, name)
    : unmet('resolvesPrivate', cites, data, name);
}

function includes(list: readonly string[], address: string): boolean {
  return list.some((each) => isSameAddress(each, address));
}

function distinct(list: readonly string[]): string[] {
  return list.filter((each, index) => list.findIndex((other) => isSameAddress(other, each)) === index);
}
