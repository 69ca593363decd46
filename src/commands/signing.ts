import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { numberOf } from '../assessment/assess.ts';
import type { Assessment } from '../assessment/assessment.ts';
import { manifestName } from '../bundle/bundle.ts';
import { openFiles } from '../bundle/files.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { InputError, MachineError } from '../errors.ts';
import { replaceFile } from '../reporters/index.ts';
import { readSigner } from '../signing/key-file.ts';
import { type Signer, signDetached } from '../signing/signer.ts';
import type { TimeStampServer } from '../signing/timestamp-request.ts';
import { type Context, sayIn } from './context.ts';
import { createSecrets } from './secrets.ts';

export type SignOptions = { sign?: string; signCertificates?: string };

/** The signature of the evidence manifest, beside the report. */
export const manifestSignature = 'manifest.p7s';

/** `--sign` and `--sign-certificates`. */
export function addSignOptions(command: Command, context: Context): Command {
  const say = sayIn(context.language);
  return command
    .option(
      '--sign <file>',
      say({
        zh: '以私钥（.p12 或 PEM）签署 PDF 和证据清单；口令在终端输入，或取自 LEQI_SIGN_PASSPHRASE',
        en: 'sign the PDF and the evidence manifest by a key (.p12 or PEM); passphrase by prompt or LEQI_SIGN_PASSPHRASE',
      }),
    )
    .option(
      '--sign-certificates <file>',
      say({ zh: '私钥文件之外的证书（PEM）', en: 'certificates besides the key file (PEM)' }),
    );
}

/** The signer that the options name; undefined if none is. Throws {@link InputError}. */
export async function signerOf(
  { sign, signCertificates }: SignOptions,
  context: Context,
  stamping: TimeStampServer | undefined,
): Promise<Signer | undefined> {
  if (sign === undefined) {
    if (signCertificates === undefined) return undefined;
    throw new InputError({
      zh: '--sign-certificates 须与 --sign 一起使用',
      en: '--sign-certificates goes with --sign',
    });
  }
  const secrets = createSecrets(context);
  const question = { zh: `${sign} 的口令`, en: `passphrase of ${sign}` };
  const ask = (): Promise<string | undefined> => secrets({ key: 'sign', env: 'LEQI_SIGN_PASSPHRASE', question });
  const signer = await readSigner(sign, signCertificates, ask, context.now());
  return stamping ? { ...signer, stamping } : signer;
}

/**
 * The manifest of the evidence beside an assessment, to be signed with its report. Undefined, with a note, where the evidence is not there; throws
 * {@link InputError} where it is not what was assessed, or the assessment itself was changed since.
 */
export async function manifestToSign(
  assessmentPath: string,
  { number, ...body }: Assessment,
  context: Context,
): Promise<Uint8Array | undefined> {
  if (numberOf(body) !== number) throw changed(assessmentPath);
  const evidence = join(dirname(assessmentPath), 'evidence');
  const bytes = await manifestIn(evidence);
  if (!bytes) {
    context.note({
      zh: `${evidence} 不存在，未签署证据清单`,
      en: `${evidence} is not there: the evidence manifest is not signed`,
    });
    return undefined;
  }
  const { problems, manifestDigest } = await verifyBundle(evidence);
  if (problems.length === 0 && manifestDigest === body.evidence.manifest) return bytes;
  throw new InputError({
    zh: `${evidence} 与评估所依据的证据不符，不予签署；用 verify 查看`,
    en: `${evidence} is not, or not unchanged, what was assessed: it is not signed; verify tells more`,
  });
}

/**
 * The signature of a manifest, or the {@link MachineError} for which there is none: then nothing is signed, but what needs no signature is still to be
 * written.
 */
export async function manifestSigned(
  manifest: Uint8Array | undefined,
  signer: Signer | undefined,
): Promise<{ bytes?: Uint8Array; failure?: MachineError }> {
  if (!signer || !manifest) return {};
  try {
    return { bytes: await signDetached(manifest, signer, 'file') };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const { zh, en } = error.text;
    const text = { zh: `未签署，也未生成 PDF：${zh}`, en: `nothing was signed, and no PDF written: ${en}` };
    return { failure: new MachineError(text, { cause: error }) };
  }
}

// Signed, it would be a report that no verification accepts.
function changed(path: string): InputError {
  return new InputError({
    zh: `${path} 内容被改动（报告编号与内容不符），不予签署；请重新评估`,
    en: `${path} was changed (its report number does not follow from its content): it is not signed; assess again`,
  });
}

/** Writes the signature of a manifest beside the report, and returns its path. */
export function writeSignature(folder: string, signature: Uint8Array): Promise<string> {
  return replaceFile(folder, manifestSignature, signature);
}

/** The manifest of the evidence at a path; undefined if there is none. */
export async function manifestIn(evidence: string): Promise<Buffer | undefined> {
  try {
    await using files = await openFiles(evidence);
    return await files.read(manifestName);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The bytes of a signature file; undefined if there is none. */
export function readSignature(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}
