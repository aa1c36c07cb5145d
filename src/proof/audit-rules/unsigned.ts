import type { Json } from '../../outcome.ts';
import { isJsonObject, isList } from '../canonical.ts';
import { defineRule } from './rule.ts';

/** A DSSE envelope, a Sigstore bundle, or a text with an OpenPGP or SSH signature around it. */
function isSigned(value: Json, text: string): boolean {
  if (/^-----BEGIN (?:PGP SIGNED MESSAGE|SSH SIGNATURE|PGP SIGNATURE)-----/m.test(text)) return true;
  if (!isJsonObject(value)) return false;
  const { signatures, messageSignature, dsseEnvelope } = value;
  return (
    (signatures !== undefined && isList(signatures) && signatures.length > 0) ||
    messageSignature !== undefined ||
    dsseEnvelope !== undefined
  );
}

export default defineRule({
  id: 'unsigned',
  level: 'warn',
  summary: 'Nobody has signed it, and no ledger covers it',
  mend: 'Seal a ledger over it, or sign it as a DSSE envelope',
  *examine({ json, text }) {
    if (text === null || text.trim() === '' || isSigned(json?.ok === true ? json.value : null, text)) return;
    yield { reason: 'whoever can write the file can change it unseen' };
  },
});
