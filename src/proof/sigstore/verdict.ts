// What a check of a bundle comes to. A negative is an answer and not an error: it becomes a finding.

/** Who signed: the issuer of the identity, and the name in the certificate. Compared to the letter. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export type BundleVerdict =
  /** `signer` is null where a key of one's own signed. */
  | { readonly holds: true; readonly signer: Identity | null }
  /** `untrusted`: the signature may be right, but it is nobody's that was asked for. */
  | { readonly holds: false; readonly cause: 'broken' | 'untrusted'; readonly reason: string };

export function broken(reason: string): BundleVerdict {
  return { holds: false, cause: 'broken', reason };
}

export function untrusted(reason: string): BundleVerdict {
  return { holds: false, cause: 'untrusted', reason };
}
