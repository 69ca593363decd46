import type { AssessedRequirement, Assessment, EvidenceEntry } from '../../assessment/assessment.ts';
import { reasons } from '../../evidence/observation.ts';
import type { Language } from '../../text.ts';
import { clausesOf } from '../finding-table.ts';
import { titleOf } from '../html/view.ts';
import type { Renderer } from '../reporter.ts';
import { uuidOf } from '../uuid.ts';
import { wordsIn } from '../words/report.ts';
import {
  findingOf,
  type OscalFrame,
  objectiveId,
  observationsOf,
  resourceUuid,
  riskOf,
  subjectUuid,
  toolUuid,
} from './results.ts';
import { listed, oscalText, property, tokenOf } from './text.ts';

/** OSCAL assessment results, model 1.2.2 (NIST): a control is a requirement, an observation a finding, a finding a verdict. */
export const oscal: Renderer = {
  render: async (assessment, { language }) => ({
    bytes: Buffer.from(`${JSON.stringify(documentOf(assessment, language), null, 1)}\n`, 'utf8'),
    notes: [],
  }),
};

function documentOf(assessment: Assessment, language: Language): object {
  const entries = new Map(assessment.index.map((entry) => [entry.id, entry]));
  const frame: OscalFrame = { assessment, language, text: oscalText(language), entries };
  return {
    'assessment-results': {
      uuid: uuidOf('assessment-results', assessment.number, language),
      metadata: metadataOf(frame),
      'import-ap': { href: `#${planUuid(assessment)}` },
      'local-definitions': {
        'objectives-and-methods': assessment.requirements.map((each) => objectiveOf(frame, each)),
      },
      results: [resultOf(frame)],
      'back-matter': { resources: [planResource(frame), ...assessment.index.map((entry) => resourceOf(frame, entry))] },
    },
  };
}

function metadataOf({ assessment, language, text }: OscalFrame): object {
  const { unit, evidence, number } = assessment;
  const party = uuidOf('unit', unit.creditCode);
  return {
    title: text.markupLine(titleOf(assessment, wordsIn(language))),
    // When the last of it was seen: the same assessment is the same file, whenever it is printed.
    'last-modified': evidence.to,
    version: text.line(number),
    'oscal-version': '1.2.2',
    props: property('evidence-manifest', evidence.manifest, text),
    roles: [{ id: 'assessed-unit', title: text.markupLine(wordsIn(language).unit) }],
    parties: [
      {
        uuid: party,
        type: 'organization',
        name: text.line(unit.name),
        props: property('unified-social-credit-code', unit.creditCode, text),
      },
    ],
    'responsible-parties': [{ 'role-id': 'assessed-unit', 'party-uuids': [party] }],
  };
}

function objectiveOf({ text, language }: OscalFrame, requirement: AssessedRequirement): object {
  const { id, title } = requirement;
  return {
    'control-id': tokenOf(id),
    description: text.markup(`${id} ${title[language]}`, clausesOf(requirement)),
    parts: [
      {
        id: objectiveId(requirement),
        name: 'requirement',
        ns: 'urn:leqi-audit:oscal',
        title: text.markupLine(title[language]),
        prose: text.markup(requirement.attest?.text[language] ?? title[language]),
      },
    ],
  };
}

function resultOf(frame: OscalFrame): object {
  const { assessment, language, text } = frame;
  const { requirements, evidence, number, platform, profile, asOf, occasion } = assessment;
  return {
    uuid: uuidOf('result', number),
    title: text.markupLine(`${platform.name}, ${asOf}`),
    description: text.markup(`${profile.title[language]}. ${platform.name}`),
    start: evidence.from,
    end: evidence.to,
    props: [...property('as-of', asOf, text), ...property('occasion', occasion, text)],
    'local-definitions': definitionsOf(frame),
    'reviewed-controls': reviewedOf(frame),
    ...listed('attestations', attestationsOf(frame)),
    ...listed(
      'observations',
      requirements.flatMap((each) => observationsOf(frame, each)),
    ),
    ...listed(
      'risks',
      requirements.flatMap((each) => riskOf(frame, each)),
    ),
    ...listed(
      'findings',
      requirements.flatMap((each) => findingOf(frame, each)),
    ),
  };
}

function definitionsOf(frame: OscalFrame): object {
  const { assessment, text } = frame;
  const { tool, index } = assessment;
  const subjects = new Set(index.filter(({ origin }) => origin !== 'filed').map(({ subject }) => subject));
  const component = {
    uuid: toolUuid(assessment),
    type: 'software',
    title: text.markupLine(tool.name),
    description: text.markup(`${tool.name} ${tool.version}`),
    props: [{ name: 'version', value: text.line(tool.version) }],
    status: { state: 'operational' },
  };
  const items = [...subjects].map((subject) => ({
    uuid: subjectUuid(frame, subject),
    description: text.markup(subject),
  }));
  return {
    ...listed('inventory-items', items),
    'assessment-assets': {
      components: [component],
      'assessment-platforms': [
        { uuid: uuidOf('platform', component.uuid), 'uses-components': [{ 'component-uuid': component.uuid }] },
      ],
    },
  };
}

// What does not apply was looked at and left out, with its reason; it is neither satisfied nor not.
function reviewedOf({ assessment, language, text }: OscalFrame): object {
  const controls = (which: boolean) =>
    assessment.requirements
      .filter(({ verdict }) => (verdict !== 'not-applicable') === which)
      .map(({ id }) => ({ 'control-id': tokenOf(id) }));
  const included = controls(true);
  const excluded = assessment.requirements.filter(({ verdict }) => verdict === 'not-applicable');
  const remarks = excluded.map(({ id, reason, findings }) => {
    const why = reason ?? findings[0]?.text;
    return `${id}: ${why?.[language] ?? '-'}`;
  });
  return {
    'control-selections': [
      {
        ...(included.length > 0 ? { 'include-controls': included } : { 'include-all': {} }),
        ...listed('exclude-controls', controls(false)),
        ...(remarks.length > 0 ? { remarks: text.markup(...remarks) } : {}),
      },
    ],
  };
}

function attestationsOf({ assessment, language, text }: OscalFrame): object[] {
  const signed = assessment.requirements.filter(({ attest }) => attest?.signed);
  return signed.map(({ id, attest }) => ({
    'responsible-parties': [
      { 'role-id': 'assessed-unit', 'party-uuids': [uuidOf('unit', assessment.unit.creditCode)] },
    ],
    parts: [
      {
        name: 'statement',
        ns: 'urn:leqi-audit:oscal',
        title: text.markupLine(id),
        prose: text.markup(attest?.text[language] ?? id),
      },
    ],
  }));
}

const planUuid = ({ profile }: Assessment): string => uuidOf('profile', profile.name);

// OSCAL wants a plan for every result; here the profile is the plan.
function planResource({ assessment, language, text }: OscalFrame): object {
  const { name, title, sources } = assessment.profile;
  const documents = Object.entries(sources).map(([code, source]) => `${code}: ${source.title[language]}`);
  return {
    uuid: planUuid(assessment),
    title: text.markupLine(title[language]),
    description: text.markup(name, ...documents),
    props: [{ name: 'type', value: 'plan' }],
  };
}

function resourceOf({ text, language }: OscalFrame, entry: EvidenceEntry): object {
  const { id, kind, kindTitle, origin, subject, at, collector, zone, method, raw, unobserved } = entry;
  const why = unobserved ? [`${reasons[unobserved.reason][language]}: ${unobserved.detail}`] : [];
  return {
    uuid: resourceUuid(id),
    title: text.markupLine(`${id} ${kindTitle[language]}: ${subject}`),
    description: text.markup(method, ...why),
    props: [
      ...property('evidence-id', id, text),
      ...property('kind', kind, text),
      ...property('origin', origin, text),
      ...property('collected', at, text),
      ...property('collector', collector, text),
      ...property('zone', zone, text),
    ],
    ...(raw ? { rlinks: [{ href: `evidence/raw/${raw}.txt`, hashes: [{ algorithm: 'SHA-256', value: raw }] }] } : {}),
  };
}
