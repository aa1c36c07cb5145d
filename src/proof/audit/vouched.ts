// Which files of a directory our own proofs vouch for: those are for verify, and no rule for others is put to them.
import { placeOf, UNVOUCHED_FILES } from '../path-law.ts';
import { sha256Of } from '../digest.ts';
import { readLedger } from '../ledger/ledger.ts';
import { MAX_BUNDLE_BYTES, sizeOfBundle } from '../sigstore/bundle-place.ts';
import { readCheckpointBundle } from '../sigstore/checkpoint-bundle.ts';
import { MAX_PROOF_BYTES } from '../statement.ts';
import type { ProofTree, TreeEntry } from '../tree.ts';
import { judgeProof } from '../verification/judge.ts';

export interface Vouched {
  /** Proofs that hold, and the ledger's own files. */
  readonly paths: ReadonlySet<string>;
  /** What they have the SHA-256 of, by path: attachments, views, archives. */
  readonly digests: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function findVouched(tree: ProofTree, entries: readonly TreeEntry[]): Promise<Vouched> {
  const paths = new Set<string>();
  const digests = new Map<string, Set<string>>();
  const candidates = entries.filter(
    ({ path, stat }) => placeOf(path) !== null && stat?.kind === 'file' && stat.sizeBytes <= MAX_PROOF_BYTES,
  );
  for await (const batch of tree.read(candidates.map(({ path }) => path))) {
    for (const { path, bytes } of batch) {
      const { statement, flaws } = judgeProof(path, bytes ?? new Uint8Array());
      if (statement === null || flaws.length > 0) continue;
      paths.add(path);
      for (const { name, digest } of statement.subject) {
        if ('sha256' in digest) digests.set(name, (digests.get(name) ?? new Set()).add(digest.sha256));
      }
    }
  }
  if (paths.size === 0) return { paths, digests };
  for (const name of UNVOUCHED_FILES) paths.add(name);
  const ledger = await readLedger(tree);
  if (ledger.isPresent && ledger.flaws.length === 0) {
    for (const path of ledger.files) paths.add(path);
    for await (const path of findBundles(tree, entries)) paths.add(path);
  }
  return { paths, digests };
}

/** By their form: whose signature they are is for verify as well. */
async function* findBundles(tree: ProofTree, entries: readonly TreeEntry[]): AsyncGenerator<string> {
  const candidates = entries.filter(({ path, stat }) => sizeOfBundle(path) !== null && stat?.kind === 'file');
  for await (const batch of tree.read(
    candidates.map(({ path }) => path),
    { maxBytes: MAX_BUNDLE_BYTES },
  )) {
    for (const { path, bytes } of batch) if (bytes !== null && (await readCheckpointBundle(bytes)).ok) yield path;
  }
}

export function isVouched({ paths, digests }: Vouched, path: string, bytes: Uint8Array): boolean {
  return paths.has(path) || (digests.get(path)?.has(sha256Of(bytes)) ?? false);
}
