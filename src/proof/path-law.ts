// The path law: where a proof lies is a function of what it says, so a copied or renamed proof gives itself away.
import { SophiaError } from '../errors.ts';
import { timeOfUlid, ULID_PATTERN } from './ulid.ts';

export const KIND_PATTERN = '[a-z][a-z0-9_]{0,31}';
export const ATTACHMENT_NAME_PATTERN = '[a-z0-9][a-z0-9._-]{0,63}';

/** Folders of the ledger, never kinds. */
const RESERVED_FOLDERS = ['ledger', 'archive'];
/** Kinds that only the ledger's own code writes. */
export const LEDGER_KINDS = ['seal', 'compact', 'prune'] as const;

export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** The files of proofs/ that nobody must vouch for. */
export const UNVOUCHED_FILES: readonly string[] = ['.gitattributes', 'README.md'];

export interface ProofPlace {
  readonly kind: string;
  readonly id: string;
}

const KIND = new RegExp(`^${KIND_PATTERN}$`);
const PROOF_FILE = new RegExp(`^(${KIND_PATTERN})/(\\d{4}/\\d{2}/\\d{2})/(${ULID_PATTERN})\\.json$`);
const ATTACHMENT_NAME = new RegExp(`^${ATTACHMENT_NAME_PATTERN}$`);
/** A name of four digits would stand where the folder of a year belongs. */
const VIEW_PATH = /^([A-Za-z0-9][A-Za-z0-9._-]*)\/(?!\d{4}$)[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Relative to proofs/: `smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json`. */
export function pathOf({ kind, id }: ProofPlace): string {
  return `${kind}/${dayOf(timeOfUlid(id))}/${id}.json`;
}

/** What a path has the form of; whether it also is the right one for its content is for verify to say. */
export function placeOf(path: string): ProofPlace | null {
  const [, kind, , id] = PROOF_FILE.exec(path) ?? [];
  return kind === undefined || id === undefined || RESERVED_FOLDERS.includes(kind) ? null : { kind, id };
}

/** `…/<ULID>.json` and `stdout.log.gz` → `…/<ULID>.stdout.log.gz`. */
export function attachmentPathOf(proofPath: string, name: string): string {
  return `${proofPath.slice(0, -'json'.length)}${name}`;
}

/** The proof beside which a file of this path lies, or null. */
export function proofBeside(path: string): string | null {
  const dot = path.indexOf('.', path.lastIndexOf('/'));
  const proofPath = `${path.slice(0, dot)}.json`;
  return dot > 0 && path !== proofPath && placeOf(proofPath) !== null ? proofPath : null;
}

export function isAttachmentOf(proofPath: string, path: string): boolean {
  const prefix = attachmentPathOf(proofPath, '');
  return path.startsWith(prefix) && isAttachmentName(path.slice(prefix.length));
}

export function isAttachmentName(name: string): boolean {
  return ATTACHMENT_NAME.test(name) && !name.endsWith('.json');
}

/** One folder and a name. The path law has four folders, so a view can never look like a proof. */
export function isViewPath(path: string): boolean {
  const [, folder] = VIEW_PATH.exec(path) ?? [];
  return folder !== undefined && !RESERVED_FOLDERS.includes(folder);
}

export function isLedgerKind(kind: string): kind is LedgerKind {
  return LEDGER_KINDS.some((each) => each === kind);
}

/** Throws `PROOF_KIND_INVALID`: the word is not a kind, or not one that a run may choose. */
export function assertRunKind(kind: string): void {
  assertKind(kind);
  if ([...RESERVED_FOLDERS, ...LEDGER_KINDS].includes(kind))
    throw new SophiaError('PROOF_KIND_INVALID', { kind, problem: 'it is reserved for the ledger' });
}

/** Throws `PROOF_KIND_INVALID` for what whoever asks can never find: a slip of the pen is no kind without proofs. */
export function assertKind(kind: string): void {
  if (!KIND.test(kind))
    throw new SophiaError('PROOF_KIND_INVALID', { kind, problem: 'it must be a to z, 0 to 9 and _, at most 32, a letter first' });
}

/** `2026/11/22`, UTC. A year beyond 9999 gives a text that no path has. */
function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, -'T00:00:00.000Z'.length).replaceAll('-', '/');
}
