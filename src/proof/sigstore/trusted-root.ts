// Whose certificates, logs and timestamps count. The library takes a log without a beginning for one that always was: refused here.
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { PUBLIC_GOOD_ROOT } from './public-good.ts';

export type TrustedRootRead = { readonly ok: true; readonly root: TrustedRoot } | { readonly ok: false; readonly reason: string };

/** `document` is parsed JSON; null stands for the root of Sigstore's public instance. */
export async function readTrustedRoot(document: unknown): Promise<TrustedRootRead> {
  const { TrustedRoot: message } = await import('@sigstore/protobuf-specs');
  try {
    const root = message.fromJSON(document ?? PUBLIC_GOOD_ROOT);
    const flaw = flawOf(root);
    return flaw === null ? { ok: true, root } : { ok: false, reason: `the trusted root is malformed: ${flaw}` };
  } catch (thrown) {
    return { ok: false, reason: `the trusted root is malformed: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function flawOf({ mediaType, tlogs, ctlogs, certificateAuthorities, timestampAuthorities }: TrustedRoot): string | null {
  if (!mediaType.startsWith('application/vnd.dev.sigstore.trustedroot')) return `its media type is ${JSON.stringify(mediaType)}`;
  for (const { baseUrl, publicKey, logId, checkpointKeyId } of [...tlogs, ...ctlogs]) {
    const log = `the log ${JSON.stringify(baseUrl)}`;
    if (publicKey?.rawBytes === undefined) return `${log} has no key`;
    if (!isDate(publicKey.validFor?.start)) return `${log} has no validFor.start`;
    if (logId === undefined && checkpointKeyId === undefined) return `${log} has no id`;
  }
  for (const { uri, validFor } of [...certificateAuthorities, ...timestampAuthorities])
    if (!isDate(validFor?.start)) return `the authority ${JSON.stringify(uri)} has no validFor.start`;
  return null;
}

function isDate(date: Date | undefined): boolean {
  return date !== undefined && !Number.isNaN(date.getTime());
}
