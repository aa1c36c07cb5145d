// Views, judged: byte for byte what the newest proof that lists the path has recorded. An older proof's bytes are stale.
// Views are read before the proofs, and of many proofs that list one only the newest is kept: each run may list the same view.
import { sha256Of } from '../digest.ts';
import { isViewPath, placeOf } from '../path-law.ts';
import { MAX_VIEW_BYTES } from '../statement.ts';
import type { ProofTree, TreeEntry } from '../tree.ts';
import { proofNamedBy } from '../view.ts';
import type { FileFlaw } from '../verification/flaw.ts';

/** What a proof says of a file. */
export interface Claim {
  readonly proofPath: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

interface ViewFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The proof that it names, or null. */
  readonly named: string | null;
  readonly secrets: readonly string[];
}

export class Views {
  readonly #files = new Map<string, ViewFile>();
  readonly #problems = new Map<string, string>();
  readonly #newest = new Map<string, Claim>();
  /** Newest proof that has the very bytes that are there. */
  readonly #owners = new Map<string, Claim>();

  get count(): number {
    return this.#newest.size;
  }

  async read(
    tree: ProofTree,
    others: ReadonlyMap<string, TreeEntry>,
    findSecrets: (bytes: Uint8Array) => readonly string[],
  ): Promise<void> {
    const paths = [...others.values()].filter(({ path, kind }) => kind === 'file' && isViewPath(path)).map(({ path }) => path);
    for await (const batch of tree.read(paths, { maxBytes: MAX_VIEW_BYTES })) {
      for (const file of batch) {
        const { path, bytes } = file;
        if (bytes === null) this.#problems.set(path, file.problem);
        else {
          const named = proofNamedBy(path, bytes);
          this.#files.set(path, { sha256: sha256Of(bytes), sizeBytes: bytes.length, named, secrets: findSecrets(bytes) });
        }
      }
    }
  }

  claim(claim: Claim): void {
    const { path } = claim;
    const newest = this.#newest.get(path);
    if (newest === undefined || idOf(claim) > idOf(newest)) this.#newest.set(path, claim);
    const file = this.#files.get(path);
    const owner = this.#owners.get(path);
    if (file?.sha256 !== claim.sha256 || file.sizeBytes !== claim.sizeBytes) return;
    if (owner === undefined || idOf(claim) > idOf(owner)) this.#owners.set(path, claim);
  }

  isClaimed(path: string): boolean {
    return this.#newest.has(path);
  }

  /** The newest proof that lists it. */
  ownerOf(path: string): string | null {
    return this.#newest.get(path)?.proofPath ?? null;
  }

  *judge(): Generator<FileFlaw> {
    for (const [path, newest] of this.#newest) yield* this.#judgeOne(path, newest);
  }

  *#judgeOne(path: string, newest: Claim): Generator<FileFlaw> {
    const problem = this.#problems.get(path);
    const file = this.#files.get(path);
    const owner = this.#owners.get(path);
    if (problem !== undefined) yield { check: 'view-tampered', path, reason: problem };
    else if (file === undefined) yield { check: 'view-missing', path, reason: `${newest.proofPath} has it as a view` };
    else if (owner === undefined)
      yield { check: 'view-tampered', path, reason: `not the bytes that ${newest.proofPath} has the SHA-256 of, nor any other proof` };
    else if (file.named !== owner.proofPath)
      yield { check: 'view-tampered', path, reason: `it does not name ${owner.proofPath}, whose it is` };
    else if (idOf(owner) !== idOf(newest))
      yield { check: 'view-stale', path, reason: `it is of ${owner.proofPath}; ${newest.proofPath} is newer` };
    for (const secret of file?.secrets ?? []) yield { check: 'secret', path, reason: `it has what looks like a secret (${secret})` };
  }
}

function idOf({ proofPath }: Claim): string {
  return placeOf(proofPath)?.id ?? '';
}
