// What a seal would take in: every proof that the ledger does not have yet, judged by itself, with the files that it vouches for.
import { findArchivedIn } from '../archive/reading.ts';
import { sha256Of } from '../digest.ts';
import { LEDGER_KINDS, placeOf } from '../path-law.ts';
import { MAX_PROOF_BYTES, MAX_VIEW_BYTES } from '../statement.ts';
import { readFileOf, type ProofTree, type TreeFile } from '../tree.ts';
import { ULID_PATTERN } from '../ulid.ts';
import { History, type Memory } from '../inspection/history.ts';
import { digestOf, judgeProof } from '../verification/judge.ts';
import { withoutId } from '../inspection/replays.ts';
import { createSecretScan } from '../inspection/secret-scan.ts';
import { TOLERANCE_MS } from '../inspection/skew.ts';
import { proofNamedBy } from '../view.ts';
import type { Ledger } from './ledger.ts';
import { leafHash } from './merkle.ts';

export interface Candidate {
  readonly id: string;
  /** Relative to proofs/. */
  readonly path: string;
  /** Hex. */
  readonly leaf: string;
}

export interface CandidateFlaw {
  readonly check: string;
  /** Relative to proofs/. */
  readonly path: string;
  readonly reason: string;
}

export interface Candidates {
  /** By id. */
  readonly candidates: readonly Candidate[];
  readonly flaws: readonly CandidateFlaw[];
  /** What they say of the ledger. */
  readonly memories: readonly Memory[];
}

export interface Judgement {
  readonly ledger: Pick<Ledger, 'entries'>;
  /** Relative to proofs/, by id. */
  readonly paths: readonly string[];
  /** `proofs.redact.patterns` of the configuration. */
  readonly secretPatterns: readonly string[];
  readonly nowMs: number;
}

const ID_LETTERS = 26;
const TIME_LETTERS = 10;

export interface Unsealed {
  /** Paths of the proofs that no entry has, by id. */
  readonly paths: readonly string[];
  /** Unfinished proofs of the ledger's own runs that were killed: whoever holds the lock knows that nobody works on them. */
  readonly leftovers: readonly string[];
  /** Folders that may not be looked into: what is in them would be left out in silence. */
  readonly flaws: readonly CandidateFlaw[];
}

const LEFTOVER = new RegExp(`^(?:${LEDGER_KINDS.join('|')})/\\d{4}/\\d{2}/\\d{2}/(?:${ULID_PATTERN}\\.json\\.new|\\.[^/]+\\.tmp)$`);

/** Only names are looked at. */
export function findUnsealed(tree: ProofTree, { entries }: Pick<Ledger, 'entries'>): Unsealed {
  const sealed = new Set(entries.map(({ path }) => path));
  const found: { readonly id: string; readonly path: string }[] = [];
  const leftovers: string[] = [];
  const flaws: CandidateFlaw[] = [];
  for (const { path, kind, problem } of tree.walk()) {
    if (kind === 'directory' && problem !== undefined) flaws.push({ check: 'foreign', path, reason: problem });
    const place = sealed.has(path) ? null : placeOf(path);
    if (place !== null) found.push({ id: place.id, path });
    else if (LEFTOVER.test(path)) leftovers.push(path);
  }
  found.sort((a, b) => compare(a.id, b.id) || compare(a.path, b.path));
  return { paths: found.map(({ path }) => path), leftovers, flaws };
}

/** What verify would call broken once it is sealed must not be sealed: there is no way back. */
export async function judgeUnsealed(tree: ProofTree, judgement: Judgement): Promise<Candidates> {
  const judging = new Judging(tree, judgement);
  for await (const batch of tree.read(judgement.paths, { maxBytes: MAX_PROOF_BYTES })) for (const file of batch) judging.take(file);
  await judging.compareFiles();
  await judging.compareTwins();
  const { candidates, flaws, memories } = judging;
  return { candidates, flaws, memories };
}

interface Claim {
  readonly proofPath: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

class Judging {
  readonly candidates: Candidate[] = [];
  readonly flaws: CandidateFlaw[] = [];
  readonly #tree: ProofTree;
  readonly #judgement: Judgement;
  readonly #pathOfId: Map<string, string>;
  readonly #sealed: ReadonlySet<string>;
  readonly #findSecrets: (bytes: Uint8Array) => readonly string[];
  readonly #history = new History();
  readonly #attachments = new Map<string, Claim>();
  /** Of the newest candidate that lists it. */
  readonly #views = new Map<string, Claim>();

  constructor(tree: ProofTree, judgement: Judgement) {
    const { entries } = judgement.ledger;
    this.#tree = tree;
    this.#judgement = judgement;
    this.#pathOfId = new Map(entries.map(({ path }) => [idIn(path), path]));
    this.#sealed = new Set(entries.map(({ path }) => path));
    this.#findSecrets = createSecretScan(judgement.secretPatterns);
  }

  get memories(): readonly Memory[] {
    return this.#history.memories;
  }

  /** Files come by id, so of two that list a view the newer one stays. */
  take(file: TreeFile): void {
    const { path, bytes } = file;
    if (bytes === null) return this.#refuse('schema', path, file.problem);
    const { statement, flaws } = judgeProof(path, bytes);
    for (const { check, reason } of flaws) this.#refuse(check, path, reason);
    this.#refuseSecrets(path, bytes);
    if (statement === null) return;
    const problem = this.#history.hear(path, statement);
    if (problem !== null) this.#refuse('schema', path, problem);
    const { id, finishedAt, attachments, views } = statement.predicate;
    if (Date.parse(finishedAt) > this.#judgement.nowMs + TOLERANCE_MS)
      this.#refuse('skew', path, `it says it ended at ${finishedAt}, which is yet to come`);
    const other = this.#pathOfId.get(id);
    if (other !== undefined) return this.#refuse('replayed', path, `${other} has the same id`);
    this.#pathOfId.set(id, path);
    const claim = ({ path: name, sizeBytes }: { path: string; sizeBytes: number }): [string, Claim] => [
      name,
      { proofPath: path, sizeBytes, sha256: digestOf(statement, name) ?? '' },
    ];
    for (const each of attachments) this.#attachments.set(...claim(each));
    for (const each of views) this.#views.set(...claim(each));
    this.candidates.push({ id, path, leaf: leafHash(bytes).toString('hex') });
  }

  async compareFiles(): Promise<void> {
    for await (const file of this.#present('attachment', this.#attachments)) {
      const claim = this.#attachments.get(file.path);
      if (file.bytes !== null) this.#refuseSecrets(file.path, file.bytes);
      if (claim !== undefined && !isClaimed(file, claim))
        this.#refuse('attachment-tampered', file.path, `not the bytes whose SHA-256 ${claim.proofPath} has`);
    }
    for await (const file of this.#present('view', this.#views)) {
      const claim = this.#views.get(file.path);
      if (file.bytes !== null) this.#refuseSecrets(file.path, file.bytes);
      if (claim !== undefined && !isClaimed(file, claim) && !(await this.#isOfNewer(file, claim)))
        this.#refuse('view-tampered', file.path, `not the bytes that ${claim.proofPath} has the SHA-256 of`);
    }
  }

  /** What is there, with its bytes; what is not is a flaw. */
  async *#present(what: 'attachment' | 'view', claims: ReadonlyMap<string, Claim>): AsyncGenerator<TreeFile> {
    const there: string[] = [];
    for (const [path, { proofPath }] of claims) {
      if (this.#tree.stat(path) === null)
        this.#refuse(`${what}-missing`, path, `${proofPath} has it as ${what === 'view' ? 'a' : 'an'} ${what}`);
      else there.push(path);
    }
    for await (const batch of this.#tree.read(there, { maxBytes: MAX_VIEW_BYTES })) yield* batch;
  }

  /** A proof that came late meets a view of one that is newer and sealed already: the newer one's bytes are right. */
  async #isOfNewer(file: TreeFile, claim: Claim): Promise<boolean> {
    const owner = file.bytes === null ? null : proofNamedBy(file.path, file.bytes);
    if (file.bytes === null || owner === null || !this.#sealed.has(owner) || idIn(owner) < idIn(claim.proofPath)) return false;
    const read = await readFileOf(this.#tree, owner, { maxBytes: MAX_PROOF_BYTES });
    const bytes = read.bytes ?? (await findArchivedIn(this.#tree, owner));
    const statement = bytes === null ? null : judgeProof(owner, bytes).statement;
    return statement !== null && digestOf(statement, file.path) === sha256Of(file.bytes);
  }

  /** Only those of one kind and millisecond can be equal but for the id: of what is sealed nearly nothing is read. */
  async compareTwins(): Promise<void> {
    const groups = new Map(this.candidates.map(({ path }) => [birthOf(path), new Set<string>()]));
    for (const { path } of [...this.#judgement.ledger.entries, ...this.candidates]) groups.get(birthOf(path))?.add(path);
    for (const group of groups.values()) if (group.size > 1) await this.#compareGroup([...group]);
  }

  /** What is sealed comes first. */
  async #compareGroup(paths: readonly string[]): Promise<void> {
    const seen = new Map<string, string>();
    for await (const batch of this.#tree.read(paths, { maxBytes: MAX_PROOF_BYTES })) {
      for (const { path, bytes } of batch) {
        if (bytes === null) continue;
        const said = withoutId(path, bytes);
        const twin = seen.get(said);
        seen.set(said, twin ?? path);
        if (twin !== undefined && !this.#sealed.has(path)) this.#refuse('replayed', path, `it is ${twin} again, but for the id`);
      }
    }
  }

  #refuseSecrets(path: string, bytes: Uint8Array): void {
    for (const id of this.#findSecrets(bytes)) this.#refuse('secret', path, `it has what looks like a secret (${id})`);
  }

  #refuse(check: string, path: string, reason: string): void {
    this.flaws.push({ check, path, reason });
  }
}

function isClaimed({ bytes }: TreeFile, { sizeBytes, sha256 }: Claim): boolean {
  return bytes?.length === sizeBytes && sha256Of(bytes) === sha256;
}

/** Of a path that is known to be one of a proof: this is asked for every entry there is. */
function idIn(path: string): string {
  return path.slice(-ID_LETTERS - '.json'.length, -'.json'.length);
}

/** Kind and millisecond. */
function birthOf(path: string): string {
  const id = idIn(path);
  return `${path.slice(0, path.indexOf('/'))} ${id.slice(0, TIME_LETTERS)}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
