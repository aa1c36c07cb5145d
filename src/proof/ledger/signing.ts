// Signing a checkpoint before anything is written: a key that does not work, or an agent that refuses, must not leave half a seal.
import { SophiaError } from '../../errors.ts';
import type { Context } from '../../context.ts';
import { textOfCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { AgentKey, SigningKey } from '../keys/signing-key.ts';
import { keyIdOf, toVkey, type Signer } from './note.ts';
import { holdsSshsig, parseSshsig, SSHSIG_NAMESPACE } from './sshsig.ts';

/** A key, and the name it signs under. */
export interface Signing {
  readonly key: SigningKey;
  readonly signer: Signer;
}

export interface Signed {
  readonly checkpoint: Checkpoint;
  /** Content of `ledger/checkpoint.sshsig`, where an agent signed. */
  readonly sshsig: string | null;
}

/** What an agent is asked to sign before anything is written: no checkpoint has this text. */
const PROBE = 'sophia: can this key sign?\n';

const AGENT_TIMEOUT_MS = 60_000;

/**
 * Under which name a key signs: its own; else the one under which it is trusted or signed before; else that of the ledger,
 * as C2SP recommends. So a key without a name still has one vkey.
 */
export function signerOf(
  key: SigningKey,
  { origin, known }: { readonly origin: string; readonly known: readonly Pick<Signer, 'name' | 'keyId'>[] },
): Signer {
  const { publicKey } = key;
  const own = key.isHeldByAgent ? null : key.name;
  const name = own ?? known.find((each) => keyIdOf(each.name, publicKey) === each.keyId)?.name ?? origin;
  return { name, keyId: keyIdOf(name, publicKey), publicKey };
}

/** An agent may have lost the key, or ask somebody who says no: that must not be found out in the middle of a seal. */
export async function assertCanSign(context: Context, key: SigningKey): Promise<void> {
  if (key.isHeldByAgent) await askAgent(context, key, PROBE);
}

export async function signCheckpoint(context: Context, unsigned: Omit<Checkpoint, 'signatures'>, by: Signing | null): Promise<Signed> {
  if (by === null) return { checkpoint: { ...unsigned, signatures: [] }, sshsig: null };
  const { key, signer } = by;
  const text = textOfCheckpoint(unsigned);
  if (key.isHeldByAgent) return { checkpoint: { ...unsigned, signatures: [] }, sshsig: await askAgent(context, key, text) };
  const { name, keyId } = signer;
  return { checkpoint: { ...unsigned, signatures: [{ name, keyId, signature: key.sign(Buffer.from(text)) }] }, sshsig: null };
}

export function vkeyOf(signer: Signer | null): string | null {
  return signer === null ? null : toVkey(signer);
}

async function askAgent({ exec, signal }: Context, key: AgentKey, text: string): Promise<string> {
  const args = ['-Y', 'sign', '-n', SSHSIG_NAMESPACE, '-f', key.file];
  const { exitCode, stdout, stderr } = await exec.run('ssh-keygen', args, { input: text, timeoutMs: AGENT_TIMEOUT_MS, signal });
  signal.throwIfAborted();
  const said = Buffer.from(stderr).toString('utf8').trim().split('\n').at(-1) ?? '';
  if (exitCode !== 0) throw new SophiaError('SIGNING_FAILED', { reason: said || 'it did not say why' });
  const read = parseSshsig(stdout);
  if (!read.ok) throw new SophiaError('SIGNING_FAILED', { reason: read.reason });
  const isOurs = Buffer.compare(read.value.publicKey, key.publicKey) === 0 && holdsSshsig(read.value, text);
  if (!isOurs) throw new SophiaError('SIGNING_FAILED', { reason: 'what it gave is no signature of this key' });
  return Buffer.from(stdout).toString('latin1');
}
