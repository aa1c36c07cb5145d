// The ledger as a static transparency log that tools for C2SP tlog-tiles can follow: checkpoint, tiles of every level, entry bundles.
// Source: c2sp.org/tlog-tiles.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { writeCheckpoint } from '../ledger/checkpoint.ts';
import { leafOf, type Entry } from '../ledger/entries.ts';
import { leafHash, rootOf, type Hash } from '../ledger/merkle.ts';
import type { Store } from '../store.ts';
import { ProofBytes } from './proof-bytes.ts';
import type { HoldingLedger } from './sealed-place.ts';
import { refuseTarget } from './target.ts';

const TILE_WIDTH = 256;
/** An entry's length is told in two bytes. */
const MAX_ENTRY_BYTES = 0xffff;

export interface TilesRequest {
  readonly store: Store;
  readonly ledger: HoldingLedger;
  /** Absolute; missing or empty. */
  readonly directory: string;
}

export interface ExportedTiles {
  readonly files: number;
  /** Indexes of proofs whose bundle could not be made: pruned, or too long for the format. */
  readonly leftOut: readonly number[];
}

/**
 * The checkpoint comes last: until then it is no log. Throws `PROOF_DOES_NOT_HOLD` where a proof is not what was sealed,
 * and `EXPORT_TARGET_INVALID` where nothing can be written.
 */
export async function exportTiles(context: Context, { store, ledger, directory }: TilesRequest): Promise<ExportedTiles> {
  const { files, clock, signal } = context;
  let count = 0;
  const write = (path: string, bytes: Uint8Array | string): void => {
    const file = `${directory}/${path}`;
    try {
      files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
      files.create(file, bytes);
    } catch (thrown) {
      throw refuseTarget(directory, thrown);
    }
    count += 1;
  };
  for (const { path, bytes } of tilesOf(ledger.entries.map(leafOf))) write(path, bytes);
  const leftOut: number[] = [];
  const proofs = new ProofBytes(store);
  for (const [number, entries] of inTiles(ledger.entries)) {
    const bundle = toBundle(store, proofs, entries);
    if ('bytes' in bundle) write(`tile/entries/${tileName(number, entries.length)}`, bundle.bytes);
    else leftOut.push(...bundle.missing);
    await clock.breathe(signal);
  }
  write('checkpoint', writeCheckpoint(ledger.checkpoint));
  return { files: count, leftOut };
}

/** Leaves at level 0; at each further level the roots of the full tiles below it. */
function* tilesOf(leaves: readonly Hash[]): Generator<{ readonly path: string; readonly bytes: Uint8Array }> {
  let hashes = leaves;
  for (let level = 0; hashes.length > 0; level += 1) {
    const roots: Hash[] = [];
    for (const [number, tile] of inTiles(hashes)) {
      yield { path: `tile/${level}/${tileName(number, tile.length)}`, bytes: Buffer.concat(tile) };
      if (tile.length === TILE_WIDTH) roots.push(rootOf(tile));
    }
    hashes = roots;
  }
}

function* inTiles<Each>(items: readonly Each[]): Generator<readonly [number, readonly Each[]]> {
  for (let number = 0; number * TILE_WIDTH < items.length; number += 1)
    yield [number, items.slice(number * TILE_WIDTH, (number + 1) * TILE_WIDTH)];
}

/** 1234067 with 12 hashes: `x001/x234/067.p/12`. */
function tileName(number: number, width: number): string {
  const groups = [String(number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Each entry with its length before it, or the indexes of those that cannot be there: the format has no gaps. */
function toBundle(
  store: Store,
  proofs: ProofBytes,
  entries: readonly Entry[],
): { readonly bytes: Uint8Array } | { readonly missing: readonly number[] } {
  const parts: Uint8Array[] = [];
  const missing: number[] = [];
  for (const { index, path, leaf } of entries) {
    const bytes = proofs.read(path);
    if (bytes === null || bytes.length > MAX_ENTRY_BYTES) {
      missing.push(index);
      continue;
    }
    if (leafHash(bytes).toString('hex') !== leaf)
      throw new SophiaError('PROOF_DOES_NOT_HOLD', { directory: `${store.name}/${path}`, count: 'it is not what was sealed' });
    parts.push(Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes);
  }
  return missing.length > 0 ? { missing } : { bytes: Buffer.concat(parts) };
}
