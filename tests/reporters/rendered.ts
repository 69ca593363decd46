import type { Assessment } from '../../src/assessment/assessment.ts';
import { type Format, reporters } from '../../src/reporters/index.ts';
import type { Language } from '../../src/text.ts';
import { closedGate } from './gate.ts';

/** A report's bytes. */
export async function rendered(format: Format, assessment: Assessment, language: Language): Promise<Uint8Array> {
  return (await reporters[format].render(assessment, { language, gate: closedGate() })).bytes;
}

/** A report's text. */
export async function renderedText(format: Format, assessment: Assessment, language: Language): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    await rendered(format, assessment, language),
  );
}
