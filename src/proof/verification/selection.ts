// What was asked for, among what holds. A filter narrows what is counted, never what is judged.
import { placeOf } from '../path-law.ts';
import type { Result } from '../../outcome.ts';
import type { Flaw } from './flaw.ts';
import type { HoldingProof, Inspection } from '../inspection/inspect.ts';
import type { Level } from './trust.ts';

export interface Wanted {
  /** Proofs or folders, relative to proofs/; empty text is all. None: all. */
  readonly paths: readonly string[];
  readonly kinds: readonly string[];
  /** A commit's id or its beginning, lowercase. */
  readonly commit: string | null;
  /** A run of a tree with changes is not one of the commit. */
  readonly isStrict: boolean;
  readonly result: Result | null;
  readonly maxAgeMs: number | null;
  readonly require: Level | null;
  /** Each of the kinds must be there, and its newest proof decides. */
  readonly contract: string | null;
}

/** What a user asked for that is not there, or is not as asked. `check` is `nothing-verified` or `result`. */
export interface Unmet {
  readonly check: 'nothing-verified' | 'result';
  /** Relative to proofs/. */
  readonly path: string;
  readonly reason: string;
}

export interface Selection {
  readonly selected: readonly HoldingProof[];
  readonly unmet: readonly Unmet[];
  /** Proofs given by name that are of another commit. */
  readonly flaws: readonly Flaw[];
}

/** Whoever is asked for an age takes the time of this machine; another may be ahead a little. */
const AHEAD_MS = 5 * 60_000;
const LEDGER_KINDS: ReadonlySet<string> = new Set(['seal', 'compact', 'prune']);

export function selectProofs(inspection: Inspection, wanted: Wanted, nowMs: number): Selection {
  const roots = wanted.paths.map((path) => ({ path, root: rootOf(inspection, path) }));
  const isOfPath = ({ path }: HoldingProof, root: string): boolean => root === '' || path === root || path.startsWith(`${root}/`);
  const named = inspection.holding.filter((proof) => roots.length === 0 || roots.some(({ root }) => isOfPath(proof, root)));
  const selected = named.filter((proof) => isWanted(proof, wanted, nowMs));
  const counted = wanted.contract === null ? selected : selected.filter(({ path }) => !inspection.revoked.has(path));
  const absent = roots.filter(({ root }) => !counted.some((proof) => isOfPath(proof, root))).map(({ path }) => path);
  const strays = named.filter((proof) => roots.some(({ root }) => root === proof.path) && !isOfCommit(proof, wanted));
  return {
    selected: counted,
    unmet: [...findAbsent(absent, counted, wanted), ...findResults(counted, wanted)],
    flaws: strays.map(({ path, commit, isDirty }) => ({ check: 'wrong-commit', path, reason: describeStray(commit, isDirty, wanted) })),
  };
}

/** A view or an attachment stands for its proof. */
function rootOf({ ownerOf }: Inspection, path: string): string {
  return placeOf(path) === null ? (ownerOf(path) ?? path) : path;
}

function isWanted(proof: HoldingProof, wanted: Wanted, nowMs: number): boolean {
  const { kinds, maxAgeMs } = wanted;
  if (kinds.length > 0 && !kinds.includes(proof.kind)) return false;
  if (maxAgeMs !== null && (proof.finishedMs < nowMs - maxAgeMs || proof.finishedMs > nowMs + AHEAD_MS)) return false;
  return isOfCommit(proof, wanted);
}

function isOfCommit({ commit, isDirty }: HoldingProof, wanted: Wanted): boolean {
  if (wanted.commit === null) return true;
  return commit?.startsWith(wanted.commit) === true && !(wanted.isStrict && isDirty);
}

function describeStray(commit: string | null, isDirty: boolean, wanted: Wanted): string {
  if (commit === null) return `it is of no commit, and not of ${wanted.commit}`;
  const changes = isDirty && wanted.isStrict ? ', with changes' : '';
  return `it is of the commit ${commit}${changes}, and not of ${wanted.commit}`;
}

function findAbsent(paths: readonly string[], selected: readonly HoldingProof[], wanted: Wanted): readonly Unmet[] {
  const nothing = (path: string, reason: string): Unmet => ({ check: 'nothing-verified', path, reason });
  const { contract, kinds } = wanted;
  const kindsAbsent = contract === null ? [] : kinds.filter((kind) => !selected.some((proof) => proof.kind === kind));
  if (kindsAbsent.length > 0)
    return kindsAbsent.map((kind) => nothing(kind, `the contract ${contract} wants a proof of this kind, and none is there that holds`));
  if (paths.length > 0) return paths.map((path) => nothing(path, 'there is no proof here that was asked for and holds'));
  return selected.length > 0 ? [] : [nothing('', 'there is no proof here that was asked for and holds')];
}

/** What the ledger does about itself is no run: its result is asked for only by name. */
function findResults(selected: readonly HoldingProof[], { result, kinds, contract }: Wanted): readonly Unmet[] {
  if (result === null) return [];
  const runs = selected.filter(({ kind }) => kinds.includes(kind) || !LEDGER_KINDS.has(kind));
  const judged = contract === null ? runs : newestOfEach(runs);
  return judged
    .filter((proof) => proof.result !== result)
    .map((proof) => ({ check: 'result', path: proof.path, reason: `its result is ${proof.result}, not ${result}` }));
}

function newestOfEach(proofs: readonly HoldingProof[]): readonly HoldingProof[] {
  const newest = new Map<string, HoldingProof>();
  for (const proof of proofs) {
    const known = newest.get(proof.kind);
    if (known === undefined || nameOf(proof) > nameOf(known)) newest.set(proof.kind, proof);
  }
  return [...newest.values()];
}

/** The id, which begins with the time. */
function nameOf({ path }: HoldingProof): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
