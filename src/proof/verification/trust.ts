// Who vouches for the ledger, and how far: the levels. A level says what an attacker would have had to do, and no more.
import { CHECKPOINT_FILE, toNote, type Checkpoint } from '../ledger/checkpoint.ts';
import { judgeNote, parseVkey, type Signer } from '../ledger/note.ts';
import { SSHSIG_FILE } from '../ledger/sshsig.ts';
import type { Bundles } from './bundles.ts';
import type { Flaw } from './flaw.ts';
import type { Inspection } from '../inspection/inspect.ts';
import { segmentsOf } from '../inspection/ledger-judgement.ts';

export const LEVELS = ['L0', 'L1', 'L2', 'L3', 'L4'] as const;
export type Level = (typeof LEVELS)[number];

/** A key, and the time in which its signatures count (milliseconds; an end that is a day is the end of that day). */
export interface TrustedKey {
  readonly signer: Signer;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface TrustSource {
  /** `given` by whoever asks; `tree`: the configuration lies in the tree that is judged, whose writers may have put the key there. */
  readonly source: 'given' | 'tree' | 'none';
  readonly keys: readonly TrustedKey[];
  /** Somebody in particular is expected to have signed with a certificate. */
  readonly expectsIdentity: boolean;
}

export interface Trust {
  readonly flaws: readonly Flaw[];
  /** Names of trusted keys and identities that signed. */
  readonly signers: readonly string[];
  /** Of a sealed proof, by its index. */
  readonly levelAt: (index: number) => Level;
}

export interface TrustCase {
  readonly inspection: Inspection;
  readonly trust: TrustSource;
  readonly bundles: Bundles;
  /** How many entries were found in a checkpoint that is kept elsewhere. */
  readonly witnessed: number;
}

export function judgeTrust({ inspection, trust, bundles, witnessed }: TrustCase): Trust {
  const { checkpoint, sshSigner } = inspection.ledger;
  if (checkpoint === null) return { flaws: bundles.flaws, signers: [], levelAt: () => 'L0' };
  const seal = lastSealOf(inspection, checkpoint);
  const declared = seal?.signer ?? null;
  const { signers, forged } = judgeNote(toNote(checkpoint), [...trust.keys.map((each) => each.signer), ...signersIn(declared)]);
  const timeMs = seal?.startedMs ?? null;
  const trusted = trust.keys.filter(
    (key) => isInTime(key, timeMs) && (signers.some((each) => isSame(each, key.signer)) || isOf(sshSigner, key.signer)),
  );
  const names = [...new Set([...trusted.map(({ signer }) => signer.name), ...bundles.signers])];
  const isSigned = checkpoint.signatures.length > 0 || inspection.ledger.files.has(SSHSIG_FILE);
  const expects = trust.keys.length > 0 || trust.expectsIdentity;
  const flaws: Flaw[] = [
    ...bundles.flaws,
    ...forged.map(({ name }) => refuse('bad-signature', `the signature of ${name} is not of this checkpoint`)),
    ...findDowngrade({
      declared,
      earlier: earlierSignerOf(inspection),
      isSigned,
      signers,
      hasSshSigner: sshSigner !== null,
      isForged: forged.length > 0,
    }),
    ...(expects && names.length === 0 ? [refuse('untrusted-signer', describeUntrusted(checkpoint, isSigned))] : []),
  ];
  const base: Level = trusted.length > 0 ? 'L2' : 'L1';
  const levelAt = (index: number): Level => (index < witnessed ? 'L4' : index < bundles.coveredSize ? 'L3' : base);
  return { flaws, signers: names, levelAt: inspection.isSound ? levelAt : () => 'L0' };
}

export function isBelow(level: Level, required: Level): boolean {
  return LEVELS.indexOf(level) < LEVELS.indexOf(required);
}

export function lowestOf(levels: Iterable<Level>): Level | null {
  let lowest: Level | null = null;
  for (const level of levels) if (lowest === null || isBelow(level, lowest)) lowest = level;
  return lowest;
}

function lastSealOf(
  { history, leaves }: Inspection,
  { size }: Checkpoint,
): { readonly signer: string | null; readonly startedMs: number } | null {
  const last = segmentsOf(history, leaves).at(-1);
  return last?.index === size - 1 ? last.seal : null;
}

/** The key that the seal itself names shows whether the signature is whole; whether it is anyone's to trust is another question. */
function signersIn(vkey: string | null): readonly Signer[] {
  const read = vkey === null ? null : parseVkey(vkey);
  return read?.ok === true ? [read.value] : [];
}

function isSame(one: Signer, other: Signer): boolean {
  return one.name === other.name && one.keyId === other.keyId;
}

/** A signature of OpenSSH has a key and no name. */
function isOf(publicKey: Uint8Array | null, signer: Signer): boolean {
  return publicKey !== null && Buffer.compare(publicKey, signer.publicKey) === 0;
}

function isInTime({ fromMs, untilMs }: TrustedKey, timeMs: number | null): boolean {
  if (timeMs === null) return fromMs === -Infinity && untilMs === Infinity;
  return timeMs >= fromMs && timeMs <= untilMs;
}

/** The key of the newest seal that was signed. */
function earlierSignerOf({ history, leaves }: Inspection): string | null {
  return segmentsOf(history, leaves).findLast(({ seal }) => seal.signer !== null)?.seal.signer ?? null;
}

interface Signing {
  readonly declared: string | null;
  readonly earlier: string | null;
  readonly isSigned: boolean;
  readonly signers: readonly Signer[];
  readonly hasSshSigner: boolean;
  readonly isForged: boolean;
}

/** The last seal says with which key it was signed; that signature must be there still. */
function findDowngrade({ declared, earlier, isSigned, signers, hasSshSigner, isForged }: Signing): readonly Flaw[] {
  if (declared === null)
    return earlier === null ? [] : [refuse('downgraded', `the last seal was not signed, although one before it was, with ${earlier}`)];
  if (!isSigned) return [refuse('downgraded', `it is not signed, but the last seal was made with ${declared}`)];
  const [key] = signersIn(declared);
  const isThere = hasSshSigner || isForged || key === undefined || signers.some((each) => isSame(each, key));
  return isThere ? [] : [refuse('downgraded', `the signature of ${declared}, with which the last seal was made, is gone`)];
}

function describeUntrusted({ signatures }: Checkpoint, isSigned: boolean): string {
  if (!isSigned) return 'it is not signed, although there are keys or identities to trust';
  const names = signatures.map(({ name, keyId }) => `${name} (${keyId})`);
  return `signed by ${names.length === 0 ? 'a key of OpenSSH' : names.join(' and ')}, and none of those is trusted for that time`;
}

function refuse(check: Flaw['check'], reason: string): Flaw {
  return { check, path: CHECKPOINT_FILE, reason };
}
