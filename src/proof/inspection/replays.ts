// The same evidence twice: under one id, or under two that differ in nothing else. Two proofs that are equal but for the id have the
// same start, so only those of one millisecond are compared.
import { decodeUtf8 } from '../canonical.ts';
import { placeOf } from '../path-law.ts';
import { timeOfUlid } from '../ulid.ts';
import type { FileFlaw } from '../verification/flaw.ts';

export class Replays {
  /** Times that several ids have. */
  readonly #shared: ReadonlySet<number>;
  readonly #byTime = new Map<number, string[]>();
  readonly #pathOfId = new Map<string, string>();

  /** All paths that will be seen: so that only those are kept whose time another one has, which are few. */
  constructor(paths: Iterable<string>) {
    const times = Float64Array.from(paths, timeOf).sort();
    this.#shared = new Set(times.filter((time, index) => time === times[index - 1]));
  }

  /** The flaw, where another proof with this id was seen before. */
  see(path: string): FileFlaw | null {
    if (this.#shared.size === 0) return null;
    const time = timeOf(path);
    if (!this.#shared.has(time)) return null;
    const known = this.#byTime.get(time);
    if (known === undefined) this.#byTime.set(time, [path]);
    else known.push(path);
    const id = placeOf(path)?.id ?? '';
    const twin = this.#pathOfId.get(id);
    if (twin === undefined) this.#pathOfId.set(id, path);
    return twin === undefined ? null : { check: 'replayed', path, reason: `${twin} has the same id` };
  }

  /** Kind by kind, proofs that began in the same millisecond. */
  *suspects(): Generator<readonly string[]> {
    for (const paths of this.#byTime.values()) {
      for (const group of Map.groupBy(paths, (path) => placeOf(path)?.kind).values()) if (group.length > 1) yield group.toSorted();
    }
  }
}

/** Milliseconds, out of the id in a path. */
function timeOf(path: string): number {
  return timeOfUlid(path.slice(path.lastIndexOf('/') + 1));
}

/** What a proof says but for its id, wherever that stands: in its paths as well. */
export function withoutId(path: string, bytes: Uint8Array): string {
  const id = placeOf(path)?.id ?? '';
  return (decodeUtf8(bytes) ?? '').replaceAll(id, '');
}
