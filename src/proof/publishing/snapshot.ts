// What is here, verified: the files of a directory of proofs with the ids that git will give them.
import { createHash } from 'node:crypto';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { placeOf } from '../path-law.ts';
import { openProofs, type ProofTree, type TreeFile } from '../tree.ts';
import { proofsSection } from '../section.ts';
import { createIgnore } from '../verification/ignoring.ts';
import { inspectProofs, type InspectionOptions } from '../inspection/inspect.ts';
import { judgeProof } from '../verification/judge.ts';
import { sortOf } from './plan.ts';
import type { Repository } from '../plumbing/repository.ts';
import type { Told } from './message.ts';

export interface Snapshot {
  /** Path relative to proofs/ → id of its bytes. */
  readonly ids: ReadonlyMap<string, string>;
  /** Paths that the ledger here has entries for. */
  readonly sealed: ReadonlySet<string>;
  /** What does not hold. */
  readonly flaws: readonly Flaw[];
  /** What no proof vouches for: it stays here. */
  readonly strangers: readonly string[];
}

export interface Flaw {
  readonly check: string;
  readonly path: string;
  readonly reason: string;
}

export interface Source {
  /** Absolute. */
  readonly proofs: string;
  /** What a user reads. */
  readonly name: string;
  readonly format: Repository['format'];
}

export async function takeSnapshot(context: Context, { proofs, name, format }: Source): Promise<Snapshot> {
  const ids = new Map<string, string>();
  const tree = watched(openProofs(context, { proofs, name }), (path, bytes) => ids.set(path, gitIdOf(bytes, format)));
  const { flaws, ledger, ownerOf } = await inspectProofs(tree, inspectionOf(context));
  const paths = [...tree.walk()].filter(({ path, kind }) => kind === 'file' && sortOf(path) !== null).map(({ path }) => path);
  for await (const _ of tree.read(paths.filter((path) => !ids.has(path)))) context.signal.throwIfAborted();
  for (const path of ids.keys()) if (sortOf(path) === 'view' && ownerOf(path) === null) ids.delete(path);
  const strangers = flaws.filter(({ check, path }) => check === 'foreign' && path !== '' && placeOf(path) === null).map(({ path }) => path);
  for (const path of strangers) ids.delete(path);
  const sealed = new Set(ledger.entries.map(({ path }) => path));
  return { ids, sealed, strangers, flaws: flaws.filter(({ path }) => !strangers.includes(path)) };
}

/** As "proofs verify" judges in this project. */
function inspectionOf({ config }: Pick<Context, 'config'>): InspectionOptions {
  const { ignore, redact } = config.read(proofsSection);
  return { isIgnored: createIgnore(ignore ?? []), secretPatterns: redact?.patterns ?? [] };
}

/** What a commit says of a proof that has been verified. */
export function describeProof(path: string, bytes: Uint8Array): Told {
  const { statement, sha256 } = judgeProof(path, bytes);
  if (statement === null) throw new SophiaError('PUBLISH_CHANGED', { path });
  const { id, kind, result, environment } = statement.predicate;
  return { id, kind, result, sha256, runId: environment.runId ?? null };
}

/** As git names a blob. */
export function gitIdOf(bytes: Uint8Array, format: Repository['format']): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The bytes that are judged are those that are hashed: nothing can be put in their place between the two. */
function watched(tree: ProofTree, see: (path: string, bytes: Uint8Array) => void): ProofTree {
  return { ...tree, read: (paths, limits) => watch(tree.read(paths, limits), see) };
}

async function* watch(
  batches: AsyncIterable<readonly TreeFile[]>,
  see: (path: string, bytes: Uint8Array) => void,
): AsyncGenerator<readonly TreeFile[]> {
  for await (const batch of batches) {
    for (const { path, bytes } of batch) if (bytes !== null) see(path, bytes);
    yield batch;
  }
}
