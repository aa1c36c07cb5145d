// Attachments, judged right after the proofs they lie beside: what they claim is kept no longer than that.
import { sha256Of } from '../digest.ts';
import type { ProofTree, TreeEntry } from '../tree.ts';
import type { FileFlaw } from '../verification/flaw.ts';
import { describeKind } from './survey.ts';
import type { Claim } from './views.ts';

/** The recorder keeps one MiB; what is far larger is not read. */
const MAX_BYTES = 16 * 1024 * 1024;

export class Attachments {
  readonly #tree: ProofTree;
  readonly #others: ReadonlyMap<string, TreeEntry>;
  readonly #findSecrets: (bytes: Uint8Array) => readonly string[];
  readonly #met = new Set<string>();
  #pending: Claim[] = [];
  #count = 0;

  constructor(tree: ProofTree, others: ReadonlyMap<string, TreeEntry>, findSecrets: (bytes: Uint8Array) => readonly string[]) {
    this.#tree = tree;
    this.#others = others;
    this.#findSecrets = findSecrets;
  }

  get count(): number {
    return this.#count;
  }

  claim(claim: Claim): void {
    this.#pending.push(claim);
    this.#count += 1;
  }

  isMet(path: string): boolean {
    return this.#met.has(path);
  }

  /** Of everything claimed since the last time, what is wrong. */
  async compare(): Promise<readonly FileFlaw[]> {
    if (this.#pending.length === 0) return [];
    const claims = new Map(this.#pending.map((claim) => [claim.path, claim]));
    this.#pending = [];
    const flaws = [...claims.values()].flatMap((claim) => this.#findAbsent(claim));
    const there = [...claims.keys()].filter((path) => this.#others.get(path)?.kind === 'file');
    for await (const batch of this.#tree.read(there, { maxBytes: MAX_BYTES })) {
      for (const file of batch) {
        const claim = claims.get(file.path);
        if (claim === undefined) continue;
        const { path } = claim;
        this.#met.add(path);
        const reason = file.bytes === null ? file.problem : findDifference(file.bytes, claim);
        if (reason !== null) flaws.push({ check: 'attachment-tampered', path, reason });
        for (const id of file.bytes === null ? [] : this.#findSecrets(file.bytes))
          flaws.push({ check: 'secret', path, reason: `it has what looks like a secret (${id})` });
      }
    }
    return flaws;
  }

  #findAbsent({ path, proofPath }: Claim): readonly FileFlaw[] {
    const entry = this.#others.get(path);
    if (entry === undefined) return [{ check: 'attachment-missing', path, reason: `${proofPath} has it as an attachment` }];
    return entry.kind === 'file'
      ? []
      : [{ check: 'attachment-missing', path, reason: `${proofPath} has it as an attachment; what is there is ${describeKind(entry)}` }];
  }
}

function findDifference(bytes: Uint8Array, { sizeBytes, sha256, proofPath }: Claim): string | null {
  if (bytes.length !== sizeBytes) return `${bytes.length} bytes, but ${proofPath} says ${sizeBytes}`;
  return sha256Of(bytes) === sha256 ? null : `not the bytes whose SHA-256 ${proofPath} has`;
}
