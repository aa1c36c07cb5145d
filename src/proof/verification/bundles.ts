// Sigstore bundles beside the checkpoint: each is a signature of the ledger as it was at one size, and so of its first entries.
import { textOfCheckpoint } from '../ledger/checkpoint.ts';
import { MAX_BUNDLE_BYTES, sizeOfBundle } from '../sigstore/bundle-place.ts';
import { isBundleOf, readCheckpointBundle, verifyCheckpointBundle } from '../sigstore/checkpoint-bundle.ts';
import type { Identity } from '../sigstore/verdict.ts';
import type { ProofTree } from '../tree.ts';
import type { Flaw } from './flaw.ts';
import { rootsAt } from '../inspection/ledger-judgement.ts';
import type { Inspection } from '../inspection/inspect.ts';

export interface Bundles {
  readonly flaws: readonly Flaw[];
  /** Who signed, of those who are expected to. */
  readonly signers: readonly string[];
  /** Entries before this index are covered by a bundle that holds. */
  readonly coveredSize: number;
}

export interface BundlesCase {
  readonly inspection: Inspection;
  readonly identities: readonly Identity[];
  /** Parsed JSON; null for the root of Sigstore's public instance; undefined where nobody gave one. */
  readonly trustedRoot: unknown;
}

export async function judgeBundles(tree: ProofTree, { inspection, identities, trustedRoot }: BundlesCase): Promise<Bundles> {
  const { checkpoint, entries } = inspection.ledger;
  const paths = inspection.bundles;
  const flaws: Flaw[] = [];
  const signers = new Set<string>();
  let coveredSize = 0;
  const roots = rootsAt(
    entries,
    paths.map((path) => sizeOfBundle(path) ?? 0),
  );
  for await (const batch of tree.read(paths, { maxBytes: MAX_BUNDLE_BYTES })) {
    for (const file of batch) {
      const { path, bytes } = file;
      const size = sizeOfBundle(path) ?? 0;
      const root = roots.get(size);
      if (bytes === null) flaws.push({ check: 'bad-signature', path, reason: file.problem });
      else if (checkpoint === null || root === undefined)
        flaws.push({ check: 'rollback', path, reason: `it signs a checkpoint of ${size} entries, and the ledger has ${entries.length}` });
      else {
        const text = textOfCheckpoint({ origin: checkpoint.origin, size, root });
        const judged = await judgeBundle(bytes, { text, identities, trustedRoot });
        if (judged.flaw !== null) flaws.push({ ...judged.flaw, path });
        if (judged.signer === null) continue;
        signers.add(judged.signer);
        coveredSize = Math.max(coveredSize, size);
      }
    }
  }
  return { flaws, signers: [...signers], coveredSize };
}

interface Signed {
  readonly text: string;
  readonly identities: readonly Identity[];
  readonly trustedRoot: unknown;
}

/** Without anybody to expect, and without a root, only the form can be judged: whose root it is under is not said in it. */
async function judgeBundle(
  bundle: Uint8Array,
  { text, identities, trustedRoot }: Signed,
): Promise<{ readonly flaw: Omit<Flaw, 'path'> | null; readonly signer: string | null }> {
  const refuse = (check: Flaw['check'], reason: string) => ({ flaw: { check, reason }, signer: null });
  if (identities.length === 0 && trustedRoot === undefined) {
    const read = await readCheckpointBundle(bundle);
    if (!read.ok) return refuse('bad-signature', read.reason);
    return (await isBundleOf(bundle, text)) ? { flaw: null, signer: null } : refuse('bad-signature', 'it is a bundle of something else');
  }
  const verdict = await verifyCheckpointBundle({ checkpoint: text, bundle, trustedRoot: trustedRoot ?? null, identities });
  if (verdict.holds) return { flaw: null, signer: verdict.signer?.subject ?? null };
  if (verdict.cause === 'broken') return refuse('bad-signature', verdict.reason);
  return identities.length === 0 ? { flaw: null, signer: null } : refuse('untrusted-signer', verdict.reason);
}
