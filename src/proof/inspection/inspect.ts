// Judging a whole directory: every proof by itself and against its leaf, each other file by the proof that vouches for it, and the
// ledger by what all of them say. What no proof vouches for is foreign: what someone slipped in must not look like evidence.
import type { Result } from '../../outcome.ts';
import {
  archivesClaimedBy,
  archivesPrunedBy,
  leavesPrunedBy,
  type ArchiveClaim,
  type PrunedArchive,
  type PrunedLeaf,
} from '../archive/claims.ts';
import { readArchives } from '../archive/reading.ts';
import { isJsonObject, parseCanonical, parseJson } from '../canonical.ts';
import { placeOf, proofBeside } from '../path-law.ts';
import { MAX_PROOF_BYTES, PREDICATE_TYPE, readStatement, type Statement } from '../statement.ts';
import { sizeOfBundle } from '../sigstore/bundle-place.ts';
import type { ProofTree, TreeEntry } from '../tree.ts';
import { Attachments } from './attachments.ts';
import type { FileCheck, FileFlaw } from '../verification/flaw.ts';
import { History } from './history.ts';
import { digestOf, judgeStatement } from '../verification/judge.ts';
import { Leaves } from './leaves.ts';
import { judgeLedger } from './ledger-judgement.ts';
import { openLedger, type OpenedLedger } from './reordering.ts';
import { Replays, withoutId } from './replays.ts';
import { createSecretScan } from './secret-scan.ts';
import { findSkew } from './skew.ts';
import { describeKind, surveyTree, type Survey } from './survey.ts';
import { Views, type Claim } from './views.ts';

export interface InspectionOptions {
  /** Of files that no proof vouches for: they are counted, not judged. Paths relative to proofs/. */
  readonly isIgnored?: (path: string) => boolean;
  /** A sealed proof whose leaf is right is believed as it is: hashes and the ledger are judged, meaning is not. */
  readonly isHashOnly?: boolean;
  /** With `isHashOnly`: what a proof says is needed all the same, to select by it. */
  readonly needsFacts?: boolean;
  /** Regular expressions of the configuration that look for secrets. */
  readonly secretPatterns?: readonly string[];
}

/** Of a proof that holds, what a selection asks for. The statement itself is not kept: there may be a hundred thousand. */
export interface HoldingProof {
  /** Relative to proofs/. */
  readonly path: string;
  readonly kind: string;
  /** Null where nobody looked. */
  readonly result: Result | null;
  readonly commit: string | null;
  readonly isDirty: boolean;
  readonly finishedMs: number;
  /** Of its entry in the ledger; null while it is not sealed. */
  readonly index: number | null;
}

export interface Inspection {
  readonly flaws: readonly FileFlaw[];
  readonly holding: readonly HoldingProof[];
  readonly ledger: OpenedLedger;
  /** The entries are those that the checkpoint stands for. */
  readonly isSound: boolean;
  readonly leaves: Leaves;
  readonly history: History;
  /** Paths of Sigstore bundles beside the checkpoint. */
  readonly bundles: readonly string[];
  /** Paths that a proof says are revoked, with that proof. */
  readonly revoked: ReadonlyMap<string, string>;
  /** The proof that lists a view, or that lies beside an attachment. */
  readonly ownerOf: (path: string) => string | null;
  readonly attachments: number;
  readonly views: number;
  readonly archived: number;
  readonly pruned: number;
  readonly ignored: number;
}

/** Every file is looked at, whatever is wrong with the others. Links, pipes and devices are never opened. */
export async function inspectProofs(tree: ProofTree, options: InspectionOptions = {}): Promise<Inspection> {
  const ledger = await openLedger(tree);
  const leaves = new Leaves(ledger);
  // Files and ledger name the same paths: of a hundred thousand a second copy is twelve megabytes.
  const survey = surveyTree(tree, (path) => leaves.entryOf(path)?.path ?? path);
  const inspector = new Inspector(tree, { survey, ledger, leaves, options });
  await inspector.judgeFiles();
  await inspector.judgeArchives();
  await inspector.judgeReplays();
  await inspector.judgeOthers();
  return inspector.conclude();
}

interface Subject {
  readonly survey: Survey;
  readonly ledger: OpenedLedger;
  readonly leaves: Leaves;
  readonly options: InspectionOptions;
}

interface Judged {
  readonly statement: Statement | null;
  readonly flaws: readonly { readonly check: FileCheck; readonly reason: string }[];
}

const NOTHING_SAID: Judged = { statement: null, flaws: [] };

class Inspector {
  readonly #tree: ProofTree;
  readonly #subject: Subject;
  readonly #flaws: FileFlaw[];
  readonly #holding: HoldingProof[] = [];
  readonly #leaves: Leaves;
  readonly #history = new History();
  readonly #replays: Replays;
  readonly #views = new Views();
  readonly #attachments: Attachments;
  readonly #findSecrets: (bytes: Uint8Array) => readonly string[];
  /** Proofs that do not hold, so that what lies beside them is not called a stranger. */
  readonly #broken = new Set<string>();
  readonly #revoked = new Map<string, string>();
  readonly #archiveClaims: ArchiveClaim[] = [];
  readonly #prunedArchives: PrunedArchive[] = [];
  readonly #prunedLeaves: PrunedLeaf[] = [];
  readonly #words = new Map<string, string>();
  #archived = 0;
  #pruned = 0;
  #ignored = 0;

  constructor(tree: ProofTree, subject: Subject) {
    const { survey, ledger, leaves, options } = subject;
    this.#tree = tree;
    this.#subject = subject;
    this.#flaws = [...survey.flaws];
    this.#leaves = leaves;
    this.#replays = new Replays(pathsIn(survey, ledger, leaves));
    this.#findSecrets = options.isHashOnly === true ? () => [] : createSecretScan(options.secretPatterns);
    this.#attachments = new Attachments(tree, survey.others, this.#findSecrets);
  }

  async judgeFiles(): Promise<void> {
    const { survey } = this.#subject;
    await this.#views.read(this.#tree, survey.others, this.#findSecrets);
    for await (const batch of this.#tree.read(survey.proofs, { maxBytes: MAX_PROOF_BYTES })) {
      for (const file of batch) {
        if (file.bytes === null) this.#refuseUnread(file.path, file.problem);
        else this.#judge(file.path, file.bytes);
      }
      this.#flaws.push(...(await this.#attachments.compare()));
    }
  }

  /** Who puts proofs away says so in proofs of its own, which are never put away themselves. */
  async judgeArchives(): Promise<void> {
    this.#excusePruned();
    const { archives } = this.#subject.survey;
    const reading = { tree: this.#tree, found: archives, claims: this.#archiveClaims, pruned: this.#prunedArchives };
    for await (const { proofs, flaws } of readArchives(reading)) {
      this.#flaws.push(...flaws);
      for (const { path, bytes, archive } of proofs) this.#judgeArchived(path, bytes, archive);
      this.#flaws.push(...(await this.#attachments.compare()));
    }
  }

  async judgeReplays(): Promise<void> {
    for (const suspects of this.#replays.suspects()) {
      const seen = new Map<string, string>();
      for await (const batch of this.#tree.read(suspects, { maxBytes: MAX_PROOF_BYTES })) {
        for (const { path, bytes } of batch) {
          if (bytes === null) continue;
          const said = withoutId(path, bytes);
          const twin = seen.get(said);
          if (twin === undefined) seen.set(said, path);
          else if (placeOf(twin)?.id !== placeOf(path)?.id) this.#refuse('replayed', path, `it is ${twin} again, but for the id`);
        }
      }
    }
  }

  async judgeOthers(): Promise<void> {
    const { survey, ledger } = this.#subject;
    const strangers: string[] = [];
    for (const entry of survey.others.values()) {
      const { path, kind } = entry;
      if (kind === 'file' && (this.#attachments.isMet(path) || this.#views.isClaimed(path))) continue;
      if (this.#isIgnored(path)) this.#ignored += 1;
      else if (kind === 'file') strangers.push(path);
      else this.#refuse('foreign', path, describeKind(entry));
    }
    await this.#refuseStrangers(strangers);
    for (const entry of survey.ledger) {
      if (!isLedgerFile(ledger, entry)) this.#refuse('foreign', entry.path, describeKindOr(entry.kind, 'it is not of the ledger'));
    }
    this.#flaws.push(...this.#views.judge());
  }

  conclude(): Inspection {
    const { ledger, survey } = this.#subject;
    const leaves = this.#leaves;
    const { flaws, isSound } = judgeLedger({ ledger, leaves, history: this.#history });
    this.#flaws.push(...flaws);
    if (isSound) this.#flaws.push(...findSkew(this.#history, leaves, this.#holding));
    const views = this.#views;
    return {
      flaws: this.#flaws.toSorted((a, b) => compare(a.path, b.path)),
      holding: this.#holding,
      ledger,
      isSound,
      leaves,
      history: this.#history,
      bundles: survey.ledger.filter(({ path, kind }) => kind === 'file' && sizeOfBundle(path) !== null).map(({ path }) => path),
      revoked: this.#revoked,
      ownerOf: (path) => views.ownerOf(path) ?? proofBeside(path),
      attachments: this.#attachments.count,
      views: views.count,
      archived: this.#archived,
      pruned: this.#pruned,
      ignored: this.#ignored,
    };
  }

  #judge(path: string, bytes: Uint8Array): void {
    const standing = this.#leaves.meet(path, bytes);
    const { statement, flaws } = this.#read(path, bytes, standing.isSealed);
    for (const { check, reason } of flaws) this.#refuse(check, path, reason);
    const replay = this.#replays.see(path);
    if (replay !== null) this.#flaws.push(replay);
    const holds = flaws.length === 0 && replay === null && (standing.isSealed || standing.index === null);
    if (!holds) this.#broken.add(path);
    if (statement !== null) this.#claim(path, statement);
    if (!holds) return;
    if (statement !== null) this.#hear(path, statement, standing.isSealed);
    this.#keep(path, standing.index, statement);
  }

  #judgeArchived(path: string, bytes: Uint8Array, archive: string): void {
    if (this.#leaves.isMet(path)) return; // its file is still there, or it is in an older archive
    if (this.#leaves.entryOf(path) === null) {
      this.#refuse('archive-tampered', archive, `it has ${path}, which was never sealed`);
      return;
    }
    this.#archived += 1;
    this.#judge(path, bytes);
  }

  #read(path: string, bytes: Uint8Array, isSealed: boolean): Judged {
    if (this.#subject.options.isHashOnly === true && isSealed) return this.#believe(path, bytes);
    const { statement, flaws } = judgeStatement(path, bytes);
    const secrets = this.#findSecrets(bytes);
    if (secrets.length === 0) return { statement, flaws };
    const found = secrets.map((id) => ({ check: 'secret', reason: `it has what looks like a secret (${id})` }) as const);
    return { statement, flaws: [...flaws, ...found] };
  }

  /** The leaf is right: what the proof says is only read where something hangs on it. */
  #believe(path: string, bytes: Uint8Array): Judged {
    if (this.#subject.options.needsFacts !== true && !isSeal(path) && isSilent(bytes)) return NOTHING_SAID;
    try {
      const read = readStatement(parseJson(Buffer.from(bytes).toString('utf8')));
      return read.ok
        ? { statement: read.statement, flaws: [] }
        : { statement: null, flaws: [{ check: 'schema', reason: 'it is no statement of ours' }] };
    } catch {
      return { statement: null, flaws: [{ check: 'schema', reason: 'it is no JSON' }] };
    }
  }

  #claim(proofPath: string, statement: Statement): void {
    const toClaim = ({ path, sizeBytes }: { path: string; sizeBytes: number }): Claim => ({
      proofPath,
      path,
      sizeBytes,
      sha256: digestOf(statement, path) ?? '',
    });
    for (const each of statement.predicate.attachments) this.#attachments.claim(toClaim(each));
    for (const each of statement.predicate.views) this.#views.claim(toClaim(each));
  }

  #hear(path: string, statement: Statement, isSealed: boolean): void {
    const problem = this.#history.hear(path, statement);
    if (problem !== null) this.#refuse('schema', path, problem);
    for (const { rel, proof } of statement.predicate.links) if (rel === 'revokes') this.#revoked.set(proof, path);
    this.#archiveClaims.push(...archivesClaimedBy(statement, path));
    // A deletion could excuse itself, were it not for the ledger.
    if (!isSealed) return;
    this.#prunedLeaves.push(...leavesPrunedBy(statement, path));
    this.#prunedArchives.push(...archivesPrunedBy(statement, path));
  }

  #keep(path: string, index: number | null, statement: Statement | null): void {
    const { result = null, source = null, finishedAt = '' } = statement?.predicate ?? {};
    const commit = source?.commit ?? null;
    this.#holding.push(
      new Holding(path, {
        index,
        result,
        commit: commit === null ? null : this.#once(commit),
        isDirty: source?.dirty ?? false,
        finishedMs: Date.parse(finishedAt) || 0,
      }),
    );
  }

  #excusePruned(): void {
    for (const { path, leaf, prunedBy } of this.#prunedLeaves) {
      const entry = this.#leaves.entryOf(path);
      if (entry?.leaf !== leaf) this.#refuse('contradiction', prunedBy, `it says ${path} was pruned, but no entry has that path and leaf`);
      else if (!this.#leaves.isMet(path)) {
        this.#leaves.excuse(path);
        this.#pruned += 1;
      }
    }
  }

  async #refuseStrangers(paths: readonly string[]): Promise<void> {
    const documents = new Set(paths.filter((path) => path.endsWith('.json')));
    const statements = new Set<string>();
    for await (const batch of this.#tree.read(documents, { maxBytes: MAX_PROOF_BYTES })) {
      for (const { path, bytes } of batch) if (bytes !== null && isStatement(bytes)) statements.add(path);
    }
    for (const path of paths) {
      if (statements.has(path))
        this.#refuse('path-law', path, 'a proof that was copied or renamed: its path does not follow from what it says');
      else this.#refuse('foreign', path, this.#describeStranger(path));
    }
  }

  #describeStranger(path: string): string {
    if (path.endsWith('.tmp') || path.endsWith('.new')) return 'left behind by a run that was cut off while it wrote; it may be removed';
    const beside = proofBeside(path);
    if (beside === null) return 'no proof vouches for it';
    return this.#broken.has(beside) ? `${beside}, beside which it lies, does not hold` : `${beside} does not vouch for it`;
  }

  #refuseUnread(path: string, problem: string): void {
    this.#leaves.excuse(path);
    this.#broken.add(path);
    this.#refuse('schema', path, problem);
  }

  #isIgnored(path: string): boolean {
    return this.#subject.options.isIgnored?.(path) ?? false;
  }

  /** Many proofs share a commit: one text for all of them. */
  #once(word: string): string {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    this.#words.set(word, word);
    return word;
  }

  #refuse(check: FileCheck, path: string, reason: string): void {
    this.#flaws.push({ check, path, reason });
  }
}

/** As small as it can be: the kind is in the path. */
class Holding implements HoldingProof {
  readonly path: string;
  readonly result: Result | null;
  readonly commit: string | null;
  readonly isDirty: boolean;
  readonly finishedMs: number;
  readonly index: number | null;

  constructor(path: string, { result, commit, isDirty, finishedMs, index }: Omit<HoldingProof, 'path' | 'kind'>) {
    this.path = path;
    this.result = result;
    this.commit = commit;
    this.isDirty = isDirty;
    this.finishedMs = finishedMs;
    this.index = index;
  }

  get kind(): string {
    return this.path.slice(0, this.path.indexOf('/'));
  }
}

/** Of all proofs that can be there: files, and what the ledger has, which may lie in an archive. */
function* pathsIn({ proofs, archives }: Survey, { entries }: OpenedLedger, leaves: Leaves): Generator<string> {
  if (archives.length === 0) {
    yield* proofs;
    return;
  }
  for (const { path } of entries) yield path;
  for (const path of proofs) if (leaves.entryOf(path) === null) yield path;
}

const NO_ATTACHMENTS = Buffer.from('\n    "attachments": [],\n');
const NO_VIEWS = Buffer.from('\n    "views": []\n');
const NO_LEDGER_NO_LINKS = Buffer.from('\n    "ledger": null,\n    "links": [],\n');

/** It vouches for no file and speaks of no other proof and no ledger: only the byte law makes this so easy to see. */
function isSilent(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [NO_ATTACHMENTS, NO_LEDGER_NO_LINKS, NO_VIEWS].every((line) => text.includes(line));
}

function isSeal(path: string): boolean {
  return path.startsWith('seal/') || path.startsWith('compact/') || path.startsWith('prune/');
}

function isStatement(bytes: Uint8Array): boolean {
  const parsed = parseCanonical(bytes);
  return parsed.ok && isJsonObject(parsed.value) && parsed.value['predicateType'] === PREDICATE_TYPE;
}

/** Bundles are judged with the checkpoint. */
function isLedgerFile({ files }: OpenedLedger, { path, kind }: TreeEntry): boolean {
  return files.has(path) || (kind === 'file' && sizeOfBundle(path) !== null);
}

function describeKindOr(kind: string | null, reason: string): string {
  return kind === 'file' ? reason : 'not a plain file; links are not followed';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
