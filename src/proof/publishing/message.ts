// What a commit of proofs says: short for people, with trailers for programs (`git log --format='%(trailers:key=Proof-Digest)'`).

export interface Told {
  readonly id: string;
  readonly kind: string;
  readonly result: string;
  readonly sha256: string;
  /** Of the workflow run that made it; null where none did. */
  readonly runId: string | null;
}

/** Where a commit that waits in the inbox is meant to go. */
export const BRANCH_TRAILER = 'Proof-Branch';

/** No history needs to name thousands: the tree does. */
const MAX_TRAILERS = 100;

/** `branch`: `refs/heads/main` */
export function commitMessage(proofs: readonly Told[], branch: string): string {
  const trailers = proofs.slice(0, MAX_TRAILERS).map(({ sha256 }) => `Proof-Digest: sha256:${sha256}`);
  const runs = new Set(proofs.slice(0, MAX_TRAILERS).map(({ runId, id }) => lineOf(runId) ?? id));
  for (const run of runs) trailers.push(`Run-Id: ${run}`);
  trailers.push(`${BRANCH_TRAILER}: ${branch}`);
  return `${subjectOf(proofs)}\n\n${trailers.join('\n')}\n`;
}

function subjectOf(proofs: readonly Told[]): string {
  const [only] = proofs;
  if (only === undefined) return '[proof] views and ledger';
  return proofs.length === 1 ? `[proof] ${only.kind} ${only.id} ${only.result}` : `[proof] ${proofs.length} proofs`;
}

/** A proof may say anything: what would not stay in its line is left out. */
function lineOf(runId: string | null): string | null {
  return runId !== null && /^[\w.:-]{1,100}$/.test(runId) ? runId : null;
}
