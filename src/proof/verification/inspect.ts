// Judging a whole directory: every proof by itself, then each other file by the proof that vouches for it.
// What no proof vouches for is foreign: evidence that someone slipped in must not look like evidence.
import type { Context, FileStat } from '../../context.ts';
import { sha256Of } from '../digest.ts';
import { parseCanonical, isJsonObject } from '../canonical.ts';
import { placeOf, proofBeside, UNVOUCHED_FILES } from '../path-law.ts';
import { MAX_PROOF_BYTES, PREDICATE_TYPE, type Statement } from '../statement.ts';
import { digestOf, judgeProof, type ProofCheck } from './judge.ts';
import { proofNamedBy } from '../view.ts';

export type FileCheck =
  | ProofCheck
  | 'foreign'
  | 'replayed'
  | 'attachment-missing'
  | 'attachment-tampered'
  | 'view-missing'
  | 'view-tampered'
  | 'view-stale';

export interface FileFlaw {
  readonly check: FileCheck;
  /** Relative to proofs/. */
  readonly path: string;
  readonly reason: string;
}

/** Of a proof that holds, what a selection asks for. The statement itself is not kept: there may be a hundred thousand. */
export interface HoldingProof {
  readonly path: string;
  readonly id: string;
  readonly kind: string;
  readonly sha256: string;
  readonly result: string;
  readonly commit: string | null;
  readonly finishedAt: string;
}

export interface Inspection {
  readonly flaws: readonly FileFlaw[];
  readonly holding: readonly HoldingProof[];
  readonly attachments: number;
  readonly views: number;
  readonly ignored: number;
}

export interface InspectionRequest {
  /** Absolute. */
  readonly proofs: string;
  /** Of files that are counted, not judged; paths relative to proofs/. */
  readonly isIgnored?: (path: string) => boolean;
}

/** Every file is looked at, whatever is wrong with the others. Links, pipes and devices are never opened. */
export async function inspectProofs(context: Context, { proofs, isIgnored = () => false }: InspectionRequest): Promise<Inspection> {
  const inspector = new Inspector(context, proofs);
  const others: Found[] = [];
  let ignored = 0;
  let seen = 0;
  for (const found of walk(context, proofs, '')) {
    seen += 1;
    if (seen % 256 === 0) await context.clock.breathe(context.signal);
    if (placeOf(found.path) !== null) inspector.judge(found);
    else if (isIgnored(found.path)) ignored += 1;
    else if (!UNVOUCHED_FILES.includes(found.path)) others.push(found);
  }
  for (const [index, found] of others.entries()) {
    if (index % 256 === 255) await context.clock.breathe(context.signal);
    inspector.compare(found);
  }
  return { ...inspector.conclude(), ignored };
}

interface Found {
  readonly path: string;
  /** Null where the system gives no way to look. */
  readonly stat: FileStat | null;
  readonly problem?: string;
}

/** A file that a proof vouches for. */
interface Claim {
  readonly proofPath: string;
  readonly id: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

class Inspector {
  readonly #context: Context;
  readonly #proofs: string;
  readonly #flaws: FileFlaw[] = [];
  readonly #holding: HoldingProof[] = [];
  readonly #attachments = new Map<string, Claim>();
  /** Newest claim last in time, whatever the order of reading. */
  readonly #views = new Map<string, Claim[]>();
  readonly #pathOfId = new Map<string, string>();
  readonly #met = new Set<string>();

  constructor(context: Context, proofs: string) {
    this.#context = context;
    this.#proofs = proofs;
  }

  judge(found: Found): void {
    const { path, stat } = found;
    if (stat?.kind !== 'file') return this.#refuse('foreign', path, describeKind(found));
    if (stat.sizeBytes > MAX_PROOF_BYTES)
      return this.#refuse('schema', path, `${stat.sizeBytes} bytes; a proof has at most ${MAX_PROOF_BYTES}`);
    const bytes = this.#read(path, 'schema');
    if (bytes === null) return;
    const { statement, flaws, sha256 } = judgeProof(path, bytes);
    for (const { check, reason } of flaws) this.#refuse(check, path, reason);
    if (statement === null) return;
    this.#claim(path, statement);
    const isReplayed = this.#isReplayed(path, statement);
    if (flaws.length > 0 || isReplayed) return;
    const { id, kind, result, source, finishedAt } = statement.predicate;
    this.#holding.push({ path, id, kind, sha256, result, commit: source?.commit ?? null, finishedAt });
  }

  compare(found: Found): void {
    const { path, stat } = found;
    const attachment = this.#attachments.get(path);
    const views = this.#views.get(path);
    if (attachment !== undefined || views !== undefined) this.#met.add(path);
    if (stat?.kind !== 'file') return this.#refuse('foreign', path, describeKind(found));
    if (attachment !== undefined) return this.#compareAttachment(found, stat, attachment);
    if (views !== undefined) return this.#compareView(found, stat, views);
    this.#refuseForeign(path, stat);
  }

  conclude(): Omit<Inspection, 'ignored'> {
    for (const [path, { proofPath }] of this.#attachments) {
      if (!this.#met.has(path)) this.#refuse('attachment-missing', path, `${proofPath} has it as an attachment`);
    }
    for (const [path, claims] of this.#views) {
      if (!this.#met.has(path)) this.#refuse('view-missing', path, `${newestOf(claims)?.proofPath ?? 'a proof'} has it as a view`);
    }
    const flaws = this.#flaws.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    return { flaws, holding: this.#holding, attachments: this.#attachments.size, views: this.#views.size };
  }

  #claim(proofPath: string, statement: Statement): void {
    const { id, attachments, views } = statement.predicate;
    for (const { path, sizeBytes } of attachments) {
      this.#attachments.set(path, { proofPath, id, sizeBytes, sha256: digestOf(statement, path) ?? '' });
    }
    for (const { path, sizeBytes } of views) {
      const claim: Claim = { proofPath, id, sizeBytes, sha256: digestOf(statement, path) ?? '' };
      const others = this.#views.get(path);
      if (others === undefined) this.#views.set(path, [claim]);
      else others.push(claim);
    }
  }

  #isReplayed(path: string, { predicate }: Statement): boolean {
    const other = this.#pathOfId.get(predicate.id);
    this.#pathOfId.set(predicate.id, other ?? path);
    if (other !== undefined) this.#refuse('replayed', path, `${other} has the same id`);
    return other !== undefined;
  }

  #compareAttachment({ path }: Found, stat: FileStat, { proofPath, sha256, sizeBytes }: Claim): void {
    const bytes = stat.sizeBytes === sizeBytes ? this.#read(path, 'attachment-tampered') : undefined;
    if (bytes === undefined) this.#refuse('attachment-tampered', path, `${stat.sizeBytes} bytes, but ${proofPath} says ${sizeBytes}`);
    else if (bytes !== null && sha256Of(bytes) !== sha256)
      this.#refuse('attachment-tampered', path, `not the bytes whose SHA-256 ${proofPath} has`);
  }

  /** It must be, byte for byte, what the newest proof that lists it has recorded; an older proof's bytes are stale. */
  #compareView({ path }: Found, stat: FileStat, claims: readonly Claim[]): void {
    const newest = newestOf(claims);
    const candidates = claims.filter(({ sizeBytes }) => sizeBytes === stat.sizeBytes);
    const bytes = candidates.length > 0 ? this.#read(path, 'view-tampered') : undefined;
    if (bytes === null || newest === undefined) return;
    const digest = bytes === undefined ? '' : sha256Of(bytes);
    const owner = newestOf(candidates.filter(({ sha256 }) => sha256 === digest));
    if (owner === undefined || bytes === undefined)
      this.#refuse('view-tampered', path, `not the bytes that ${newest.proofPath} has the SHA-256 of, nor any other proof`);
    else if (proofNamedBy(path, bytes) !== owner.proofPath)
      this.#refuse('view-tampered', path, `it does not name ${owner.proofPath}, whose it is`);
    else if (owner.id !== newest.id) this.#refuse('view-stale', path, `it is of ${owner.proofPath}; ${newest.proofPath} is newer`);
  }

  #refuseForeign(path: string, stat: FileStat): void {
    const beside = proofBeside(path);
    if (path.endsWith('.json') && stat.sizeBytes <= MAX_PROOF_BYTES && this.#isStatement(path)) {
      return this.#refuse('path-law', path, 'a proof that was copied or renamed: its path does not follow from what it says');
    }
    if (path.endsWith('.tmp') || path.endsWith('.new'))
      return this.#refuse('foreign', path, 'left behind by a run that was cut off while it wrote; it may be removed');
    this.#refuse('foreign', path, beside === null ? 'no proof vouches for it' : `${beside} does not vouch for it`);
  }

  #isStatement(path: string): boolean {
    const bytes = this.#read(path, 'foreign');
    const parsed = bytes === null ? null : parseCanonical(bytes);
    return parsed?.ok === true && isJsonObject(parsed.value) && parsed.value['predicateType'] === PREDICATE_TYPE;
  }

  #read(path: string, check: FileCheck): Uint8Array | null {
    try {
      return this.#context.files.read(`${this.#proofs}/${path}`);
    } catch (thrown) {
      this.#refuse(check, path, `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return null;
    }
  }

  #refuse(check: FileCheck, path: string, reason: string): void {
    this.#flaws.push({ check, path, reason });
  }
}

function newestOf(claims: readonly Claim[]): Claim | undefined {
  return claims.reduce<Claim | undefined>((newest, claim) => (newest === undefined || claim.id > newest.id ? claim : newest), undefined);
}

/** Everything below a folder but the folders, in order. */
function* walk(context: Context, proofs: string, folder: string): Generator<Found> {
  const { files } = context;
  const absolute = folder === '' ? proofs : `${proofs}/${folder}`;
  let names: readonly string[];
  try {
    names = files.list(absolute);
  } catch (thrown) {
    yield {
      path: folder,
      stat: files.stat(absolute),
      problem: `cannot be listed: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    };
    return;
  }
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const stat = files.stat(`${proofs}/${path}`);
    if (stat?.kind === 'directory') yield* walk(context, proofs, path);
    else yield { path, stat };
  }
}

function describeKind({ stat, problem }: Found): string {
  if (problem !== undefined) return problem;
  switch (stat?.kind) {
    case 'symlink':
      return 'a symbolic link; links are not followed';
    case 'other':
      return 'neither a file nor a folder';
    default:
      return 'cannot be looked at';
  }
}
