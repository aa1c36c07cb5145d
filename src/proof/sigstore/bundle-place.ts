// Where the bundles lie: one for each keyless seal, beside the checkpoint.

const BUNDLES_FOLDER = 'ledger/bundles';
export const MAX_BUNDLE_BYTES = 256 * 1024;

const NAME = /^ledger\/bundles\/(0|[1-9][0-9]{0,15})\.sigstore\.json$/;

/** Relative to proofs/. */
export function bundlePathOf(size: number): string {
  return `${BUNDLES_FOLDER}/${size}.sigstore.json`;
}

/** The size of the checkpoint that the bundle at this path (relative to proofs/) is of; null for any other path. */
export function sizeOfBundle(path: string): number | null {
  const size = Number(NAME.exec(path)?.[1] ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}
