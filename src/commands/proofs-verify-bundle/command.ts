import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { toQuestion } from '../../proof/sigstore/question.ts';
import type { BundleVerdict } from '../../proof/sigstore/verdict.ts';
import { verifyBundle } from '../../proof/sigstore/verify.ts';

export default defineCommand({
  name: 'proofs verify-bundle',
  summary: 'Check offline that a Sigstore bundle is a signature of a file by whom you name',
  action: { none: 'it answers for one bundle, with the options of the public conformance suite' },
  options: {
    bundle: { type: 'path', required: true, value: 'FILE', help: 'The Sigstore bundle' },
    certificateIdentity: { type: 'string', value: 'IDENTITY', help: 'Who must have signed, to the letter: the name in the certificate' },
    certificateOidcIssuer: { type: 'string', value: 'URL', help: 'Who must have vouched for that name' },
    key: { type: 'path', value: 'FILE', help: 'Instead of an identity: the public key (PEM) that must have signed' },
    trustedRoot: { type: 'path', value: 'FILE', help: "Whose certificates and logs count; by default those of Sigstore's public instance" },
    artifact: { type: 'path', positional: true, required: true, value: 'FILE|sha256:HEX', help: 'What was signed, or its digest' },
  },
  examples: [
    {
      command:
        'sophia proofs verify-bundle --bundle app.sigstore.json --certificate-identity https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main --certificate-oidc-issuer https://token.actions.githubusercontent.com app.tgz',
      does: 'Exit 0 if this workflow signed this file, 5 if not',
    },
    { command: 'sophia proofs verify-bundle --bundle app.sigstore.json --key cosign.pub app.tgz', does: 'The same for a key of your own' },
  ],
  dataSchema: {
    type: 'object',
    required: ['holds', 'signer'],
    additionalProperties: false,
    properties: {
      holds: { type: 'boolean' },
      signer: {
        type: ['object', 'null'],
        description: 'Who signed; null for a key, and where the bundle does not hold',
        required: ['issuer', 'subject'],
        additionalProperties: false,
        properties: { issuer: { type: 'string' }, subject: { type: 'string' } },
      },
    },
  },
  run: async (context, { bundle, artifact, certificateIdentity, certificateOidcIssuer, key, trustedRoot }) => {
    const asked = { bundle, artifact, certificateIdentity, certificateOidcIssuer, key, trustedRoot };
    const verdict = await verifyBundle(toQuestion(context, asked));
    const judged = outcome([toFinding(bundle, verdict)], { holds: verdict.holds, signer: verdict.holds ? verdict.signer : null });
    if (verdict.holds) return judged;
    return { ...judged, error: new SophiaError('PROOF_DOES_NOT_HOLD', { directory: bundle, count: verdict.reason }) };
  },
  view: ({ data }) => (data.holds ? `holds: signed by ${data.signer === null ? 'the key' : data.signer.subject}` : ''),
});

function toFinding(target: string, verdict: BundleVerdict): Finding {
  if (verdict.holds) return { check: 'bundle', target, verdict: 'pass', reason: `signed by ${verdict.signer?.subject ?? 'the key'}` };
  return { check: verdict.cause === 'untrusted' ? 'untrusted-signer' : 'bad-signature', target, verdict: 'fail', reason: verdict.reason };
}
