import type { Assessment } from '../assessment/assessment.ts';
import type { Series } from '../assessment/history-schema.ts';
import type { Gate } from '../gate.ts';
import type { Signer } from '../signing/signer.ts';
import type { Language, Text } from '../text.ts';

/** What a reporter is given besides the assessment. */
export type ReportOptions = {
  readonly language: Language;
  /** Programs are started through it. */
  readonly gate: Gate;
  readonly signal?: AbortSignal;
  /** The assessments before this one, and this one last: for the trend. */
  readonly series?: Series;
  /** Signs the PDF; other formats carry no signature. */
  readonly signer?: Signer;
};

/** A finished report, not yet a file. */
export type RenderedReport = {
  readonly bytes: Uint8Array;
  /** What the user should know of how it was made; usually nothing. */
  readonly notes: readonly Text[];
};

/** Shows an assessment in one format; decides nothing. The same assessment and language give the same bytes. */
export type Renderer = {
  render(assessment: Assessment, options: ReportOptions): Promise<RenderedReport>;
};

/** A format: its renderer, and the name of the file in the report folder. */
export type Reporter = Renderer & { readonly file: string };
