import { z } from 'zod';

// The part of OSCAL's assessment results, model 1.2.2, that the report uses: data types and required fields as the reference of the
// model has them. Strict: a field it does not name is a mistake. Lists may not be empty.

const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const line = z.string().regex(/^\S(.*\S)?$/u);
const markupLine = z.string().regex(/^[^\n]+$/);
const markup = z.string().regex(/^\S(?:[\s\S]*\S)?$/);
const token = z.string().regex(/^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u);
const instant = z.iso.datetime({ offset: true });
const uri = z.string().regex(/^[a-zA-Z][a-zA-Z0-9+\-.]+:.+$/);
const list = <T extends z.ZodType>(of: T) => z.array(of).min(1);

const prop = z.strictObject({ name: token, ns: uri.optional(), value: line });
const props = list(prop).optional();
const party = z.strictObject({ 'role-id': token, 'party-uuids': list(uuid) });

const metadata = z.strictObject({
  title: markupLine,
  'last-modified': instant,
  version: line,
  'oscal-version': z.literal('1.2.2'),
  props,
  roles: list(z.strictObject({ id: token, title: markupLine })),
  parties: list(z.strictObject({ uuid, type: z.enum(['organization', 'person']), name: line, props })),
  'responsible-parties': list(party),
});

const part = z.strictObject({
  id: token.optional(),
  name: token,
  ns: uri.optional(),
  title: markupLine,
  prose: markup,
});

const controls = list(z.strictObject({ 'control-id': token })).optional();
const selection = z
  .strictObject({
    'include-all': z.strictObject({}).optional(),
    'include-controls': controls,
    'exclude-controls': controls,
    remarks: markup.optional(),
  })
  .refine((each) => (each['include-all'] === undefined) !== (each['include-controls'] === undefined));

const observation = z.strictObject({
  uuid,
  title: markupLine,
  description: markup,
  props,
  methods: list(z.enum(['EXAMINE', 'INTERVIEW', 'TEST'])),
  types: list(z.enum(['control-objective', 'discovery'])),
  origins: list(z.strictObject({ actors: list(z.strictObject({ type: z.literal('tool'), 'actor-uuid': uuid })) })),
  subjects: list(
    z.strictObject({ 'subject-uuid': uuid, type: z.enum(['inventory-item', 'resource']), title: markupLine }),
  ).optional(),
  'relevant-evidence': list(
    z.strictObject({ href: z.string().startsWith('#'), description: markup, props }),
  ).optional(),
  collected: instant,
  expires: instant.optional(),
});

const related = list(z.strictObject({ 'observation-uuid': uuid })).optional();

const finding = z.strictObject({
  uuid,
  title: markupLine,
  description: markup,
  props,
  target: z.strictObject({
    type: z.literal('objective-id'),
    'target-id': token,
    status: z.strictObject({
      state: z.enum(['satisfied', 'not-satisfied']),
      reason: z.enum(['pass', 'fail', 'other']),
      remarks: markup,
    }),
    'implementation-status': z.strictObject({ state: z.literal('partial') }).optional(),
  }),
  'related-observations': related,
  'related-risks': list(z.strictObject({ 'risk-uuid': uuid })).optional(),
});

const risk = z.strictObject({
  uuid,
  title: markupLine,
  description: markup,
  statement: markup,
  props,
  status: z.enum(['open', 'deviation-approved']),
  deadline: instant.optional(),
  remediations: list(
    z.strictObject({ uuid, lifecycle: z.literal('recommendation'), title: markupLine, description: markup }),
  ).optional(),
  'related-observations': related,
});

const component = z.strictObject({
  uuid,
  type: z.literal('software'),
  title: markupLine,
  description: markup,
  props,
  status: z.strictObject({ state: z.literal('operational') }),
});

const result = z.strictObject({
  uuid,
  title: markupLine,
  description: markup,
  start: instant,
  end: instant,
  props,
  'local-definitions': z.strictObject({
    'inventory-items': list(z.strictObject({ uuid, description: markup })).optional(),
    'assessment-assets': z.strictObject({
      components: list(component),
      'assessment-platforms': list(
        z.strictObject({ uuid, 'uses-components': list(z.strictObject({ 'component-uuid': uuid })) }),
      ),
    }),
  }),
  'reviewed-controls': z.strictObject({ 'control-selections': list(selection) }),
  attestations: list(z.strictObject({ 'responsible-parties': list(party), parts: list(part) })).optional(),
  observations: list(observation).optional(),
  risks: list(risk).optional(),
  findings: list(finding).optional(),
});

const resource = z.strictObject({
  uuid,
  title: markupLine,
  description: markup,
  props,
  rlinks: list(
    z.strictObject({
      href: z.string().regex(/^evidence\/raw\/[0-9a-f]{64}\.txt$/),
      hashes: list(z.strictObject({ algorithm: z.literal('SHA-256'), value: z.string().regex(/^[0-9a-f]{64}$/) })),
    }),
  ).optional(),
});

/** A document of assessment results as the report writes it. */
export const oscalSchema = z.strictObject({
  'assessment-results': z.strictObject({
    uuid,
    metadata,
    'import-ap': z.strictObject({ href: z.string().startsWith('#') }),
    'local-definitions': z.strictObject({
      'objectives-and-methods': list(z.strictObject({ 'control-id': token, description: markup, parts: list(part) })),
    }),
    results: list(result),
    'back-matter': z.strictObject({ resources: list(resource) }),
  }),
});

export type OscalDocument = z.output<typeof oscalSchema>;

/** Ids that occur twice, and references that lead nowhere. */
export function oscalReferenceMistakes({ 'assessment-results': document }: OscalDocument): string[] {
  const defined: string[] = [];
  const referred: string[] = [];
  collect(document, (key, value) => {
    if (key === 'uuid') defined.push(value);
    else if (/-uuids?$/.test(key)) referred.push(value);
    else if (key === 'href' && value.startsWith('#')) referred.push(value.slice(1));
  });
  const objectives = document['local-definitions']['objectives-and-methods'];
  const ids = objectives.map((each) => each['control-id']);
  const parts = objectives.flatMap((each) => each.parts.map(({ id }) => id));
  const targets = document.results.flatMap(({ findings = [] }) => findings.map(({ target }) => target['target-id']));
  const selected = document.results
    .flatMap((each) => each['reviewed-controls']['control-selections'])
    .flatMap((each) => [...(each['include-controls'] ?? []), ...(each['exclude-controls'] ?? [])])
    .map((each) => each['control-id']);
  const twice = (all: readonly unknown[], what: string): string[] =>
    all.filter((each, index) => all.indexOf(each) !== index).map((each) => `${what} ${each} occurs twice`);
  const known = new Set(defined);
  return [
    ...twice(defined, 'uuid'),
    ...twice(ids, 'control'),
    ...twice(selected, 'selected control'),
    ...referred.filter((each) => !known.has(each)).map((each) => `nothing has the uuid ${each}`),
    ...targets.filter((each) => !parts.includes(each)).map((each) => `no objective ${each}`),
    ...selected.filter((each) => !ids.includes(each)).map((each) => `no control ${each}`),
  ];
}

function collect(value: unknown, found: (key: string, value: string) => void, key = ''): void {
  if (typeof value === 'string') found(key, value);
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) collect(each, found, Array.isArray(value) ? key : name);
}
