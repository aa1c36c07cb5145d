// Names of everything that can be wrong with a directory of proofs. What each means, and what to do: docs/proofs.md.

/** Of one proof by itself. */
export type ProofCheck = 'not-canonical' | 'schema' | 'path-law' | 'contradiction';

/** Of files beside each other, and of the ledger over them. */
export type FileCheck =
  | ProofCheck
  | 'tampered'
  | 'missing'
  | 'foreign'
  | 'replayed'
  | 'attachment-missing'
  | 'attachment-tampered'
  | 'view-missing'
  | 'view-tampered'
  | 'view-stale'
  | 'archive-tampered'
  | 'ledger-missing'
  | 'ledger-tampered'
  | 'reordered'
  | 'rollback'
  | 'fork'
  | 'wrong-origin'
  | 'bad-signature'
  | 'skew'
  | 'secret';

/** Of what the one who asks expects. */
export type Check = FileCheck | 'downgraded' | 'untrusted-signer' | 'level-too-low' | 'wrong-commit';

export interface Flaw<Name extends Check = Check> {
  readonly check: Name;
  /** Relative to proofs/; empty for the directory itself. */
  readonly path: string;
  readonly reason: string;
}

export type FileFlaw = Flaw<FileCheck>;
