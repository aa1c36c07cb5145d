// What a ledger must be like so that a seal may go on from it: signed as before, and the one that its proofs have seen.
import { SophiaError } from '../../errors.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { placeOf } from '../path-law.ts';
import { MAX_PROOF_BYTES } from '../statement.ts';
import { readFileOf, type ProofTree } from '../tree.ts';
import { timeOfUlid } from '../ulid.ts';
import type { Memory } from '../inspection/history.ts';
import { judgeProof } from '../verification/judge.ts';
import { rootsAt } from '../inspection/ledger-judgement.ts';
import { TOLERANCE_MS } from '../inspection/skew.ts';
import type { CandidateFlaw } from './candidates.ts';
import { CHECKPOINT_FILE, toNote, toRoot, type Checkpoint } from './checkpoint.ts';
import type { Entry } from './entries.ts';
import type { Ledger } from './ledger.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { judgeNote, type Signer } from './note.ts';
import { SSHSIG_FILE } from './sshsig.ts';

/** A tree by its size and its root, base64. */
export interface Head {
  readonly size: number;
  readonly root: string;
}

/** Where there is no checkpoint, the empty tree. */
export function headOf(checkpoint: Checkpoint | null): Head {
  return { size: checkpoint?.size ?? 0, root: checkpoint?.root ?? toRoot(EMPTY_ROOT) };
}

export function isSigned(ledger: Pick<Ledger, 'checkpoint' | 'files'>): boolean {
  return namesOfSigners(ledger).length > 0;
}

/** Throws `LEDGER_SIGNED` where the ledger is signed and there is no key to go on with. */
export function refuseUnsigned(directory: string, ledger: Pick<Ledger, 'checkpoint' | 'files'>, key: SigningKey | null): void {
  if (key !== null || !isSigned(ledger)) return;
  throw new SophiaError('LEDGER_SIGNED', { directory, signer: namesOfSigners(ledger).join(' and ') });
}

function namesOfSigners({ checkpoint, files }: Pick<Ledger, 'checkpoint' | 'files'>): readonly string[] {
  if (checkpoint === null) return [];
  const names = checkpoint.signatures.map(({ name }) => name);
  return files.has(SSHSIG_FILE) ? [...names, 'a key of OpenSSH'] : names;
}

export interface Signatures {
  /** Keys that are trusted, and the one that would sign. */
  readonly signers: readonly Signer[];
  /** Key that the last seal says it signed with. */
  readonly last: string | null;
}

/** A ledger is continued only where its last checkpoint is as this key, or one that is trusted, has left it. */
export function judgeSignatures(ledger: Ledger, { signers, last }: Signatures): readonly CandidateFlaw[] {
  const { checkpoint } = ledger;
  if (checkpoint === null) return [];
  const refuse = (check: string, reason: string): CandidateFlaw => ({ check, path: CHECKPOINT_FILE, reason });
  const { forged } = judgeNote(toNote(checkpoint), signers);
  return [
    ...forged.map(({ name }) => refuse('bad-signature', `the signature of ${name} is not of this checkpoint`)),
    ...(last !== null && !isSigned(ledger) ? [refuse('downgraded', `it is not signed, but the last seal was made with ${last}`)] : []),
  ];
}

/** The last entry of a ledger is its last seal. */
export async function lastVkey(tree: ProofTree, { entries }: Ledger): Promise<string | null> {
  const path = entries.at(-1)?.path;
  if (path === undefined || placeOf(path)?.kind !== 'seal') return null;
  const { bytes } = await readFileOf(tree, path, { maxBytes: MAX_PROOF_BYTES });
  const signer = bytes === null ? null : judgeProof(path, bytes).statement?.predicate.data['signer'];
  return typeof signer === 'string' ? signer : null;
}

/** What a proof has seen of the ledger must be the beginning of it: else the ledger was rolled back, forked or taken away. */
export function judgeMemories(ledger: Ledger, memories: readonly Memory[], origin: string): readonly CandidateFlaw[] {
  const { checkpoint, entries } = ledger;
  const size = entries.length;
  // Most cite the last checkpoint, whose root is known.
  const earlier = memories.map((memory) => memory.size).filter((each) => each < size);
  const roots = new Map([...rootsAt(entries, earlier), [size, toRoot(ledger.grown.root)]]);
  return memories.flatMap((memory): readonly CandidateFlaw[] => {
    const refuse = (check: string, reason: string): readonly CandidateFlaw[] => [
      { check, path: memory.saidBy, reason: `${said}${reason}` },
    ];
    const said = `it has seen the ledger ${memory.origin} with ${memory.size} entries`;
    if (checkpoint === null && memory.size > 0) return refuse('ledger-missing', ', and there is none');
    if (memory.origin !== origin) return refuse('wrong-origin', `; this one is ${origin}`);
    if (memory.size > size) return refuse('rollback', `; now it has ${size}`);
    if (roots.get(memory.size) !== memory.root) return refuse('fork', ', but others than these');
    return memory.seenMs < madeMs(entries[memory.size - 1]) - TOLERANCE_MS ? refuse('skew', ' before they were sealed') : [];
  });
}

/** When the checkpoint was made that this is the last entry of. */
function madeMs(entry: Entry | undefined): number {
  const place = entry === undefined ? null : placeOf(entry.path);
  return place?.kind === 'seal' ? timeOfUlid(place.id) : -Infinity;
}
