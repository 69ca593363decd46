import { fingerprintOf } from '../../signing/trust.ts';
import { offsetOf, shown } from '../show.ts';
import { sentences } from '../words/report.ts';
import { chapterHeading, type Frame, type Heading, type Pair, sectionHeading } from './frame.ts';
import type { Paper } from './paper.ts';

/** The chapter that is signed. */
export type DeclarationView = {
  readonly heading: Heading;
  readonly statements: {
    readonly heading: Heading;
    readonly rows: readonly { id: string; text: string; state: string }[];
  };
  readonly signing: {
    readonly heading: Heading;
    readonly text: string;
    readonly manifest: string;
    readonly signers: readonly string[];
    /** What the electronic signature's block shows. */
    readonly electronic?: readonly Pair[];
  };
};

/** What the unit states, and the place to sign; with `signer` what the electronic signature’s block shows. */
export function declarationView(frame: Frame, chapter: number, signer: Paper['signer']): DeclarationView {
  const { assessment, words, say } = frame;
  const heading = (section: number, title: string): Heading => sectionHeading(frame, chapter, section, title);
  const rows = assessment.requirements.flatMap(({ id, attest, verdict }) =>
    attest && verdict !== 'not-applicable'
      ? [{ id: shown(id), text: say(attest.text), state: attest.signed ? words.signed : words.unsigned }]
      : [],
  );
  return {
    heading: chapterHeading(frame, chapter, words.declaration),
    statements: { heading: heading(1, words.statements), rows },
    signing: {
      heading: heading(2, words.signing),
      text: say(sentences.confirms, { number: assessment.number }),
      manifest: assessment.evidence.manifest,
      signers: [words.legalRepresentative, words.securityOfficer],
      ...(signer ? { electronic: electronicRows(frame, signer) } : {}),
    },
  };
}

function electronicRows({ assessment, words, clock }: Frame, signer: NonNullable<Paper['signer']>): Pair[] {
  const at = signer.at.toISOString();
  return [
    { label: words.signedBy, value: shown(signer.name) },
    { label: words.signedAt, value: `${clock(at)} (${offsetOf(at, assessment.timeZone)})` },
    { label: words.certificate, value: fingerprintOf(signer.certificate) },
    ...(signer.stamping ? [{ label: words.timeStamp, value: shown(signer.stamping.name) }] : []),
  ];
}
