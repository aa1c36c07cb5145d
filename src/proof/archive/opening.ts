// One archive, opened: its lines are proofs, each in its RFC 8785 spelling, and the byte law gives back the bytes of the file it was.
// What comes out is the work of a stranger until somebody compares the archive's digest and each proof's leaf.
import type { Json } from '../../outcome.ts';
import { isJsonObject, parseJson, serialize, serializeCompact } from '../canonical.ts';
import { pathOf, placeOf, type ProofPlace } from '../path-law.ts';
import { MAX_PROOF_BYTES } from '../statement.ts';
import { ULID_PATTERN } from '../ulid.ts';
import { unpack } from './packing.ts';
import { monthOf, type ArchivePlace } from './place.ts';

export interface ArchivedProof {
  /** Where it lay as a file, relative to proofs/. */
  readonly path: string;
  /** The very bytes that the file had. */
  readonly bytes: Uint8Array;
  /** Relative to proofs/. */
  readonly archive: string;
}

export interface ArchiveFlaw {
  readonly check: 'archive-tampered' | 'foreign' | 'missing';
  /** Of the archive, or of what lies where only archives may. */
  readonly path: string;
  readonly reason: string;
}

/** An archive of nothing but broken lines must not become a million findings. */
const MAX_LINE_FLAWS = 20;

/** One archive's proofs, and what is wrong with it, in the order of its lines. */
export function* openArchive(archive: string, place: ArchivePlace, packed: Uint8Array): Generator<ArchivedProof | ArchiveFlaw, void> {
  const refuse = (reason: string): ArchiveFlaw => ({ check: 'archive-tampered', path: archive, reason });
  const unpacked = unpack(packed);
  if (unpacked.bytes === null) yield refuse(unpacked.reason);
  let flaws = 0;
  let lastId = '';
  for (const { number, bytes } of linesOf(unpacked.bytes ?? new Uint8Array())) {
    if (flaws === MAX_LINE_FLAWS) {
      yield refuse(`not read on from line ${number}: too many lines are broken`);
      break;
    }
    const line = readLine(bytes, place, lastId);
    if (line.reason === null) {
      lastId = line.id;
      yield { path: line.path, bytes: line.bytes, archive };
    } else {
      flaws += 1;
      yield refuse(`line ${number} ${line.reason}`);
    }
  }
}

const LINE_FEED = 0x0a;

function* linesOf(bytes: Uint8Array): Generator<{ readonly number: number; readonly bytes: Uint8Array }> {
  let number = 0;
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, from);
    number += 1;
    yield { number, bytes: bytes.subarray(from, end === -1 ? bytes.length : end + 1) };
    from = end === -1 ? bytes.length : end + 1;
  }
}

type Line = { readonly reason: null; readonly path: string; readonly id: string; readonly bytes: Uint8Array } | { readonly reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ID = new RegExp(`^${ULID_PATTERN}$`);

/** The RFC 8785 spelling of one proof of this kind and month, newer than the one before, and a line feed. */
function readLine(bytes: Uint8Array, { kind, month }: ArchivePlace, lastId: string): Line {
  if (bytes.length > MAX_PROOF_BYTES) return { reason: 'is longer than a proof may be' };
  try {
    const text = decoder.decode(bytes);
    const value = parseJson(text);
    if (`${serializeCompact(value)}\n` !== text) return { reason: 'is not the RFC 8785 spelling of its value' };
    const found = placeIn(value);
    if (found === null) return { reason: 'is no proof' };
    const { id } = found;
    if (found.kind !== kind || monthOf(id) !== month) return { reason: `is the proof ${id}, which does not belong into this archive` };
    if (id <= lastId) return { reason: id === lastId ? `is the proof ${id} once more` : `is the proof ${id}, out of order` };
    return { reason: null, path: pathOf(found), id, bytes: Buffer.from(serialize(value)) };
  } catch (thrown) {
    // Not UTF-8, not JSON, nested so deeply that parsing it runs out of stack, or what the byte law forbids.
    return { reason: `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function placeIn(value: Json): ProofPlace | null {
  const predicate = isJsonObject(value) ? value['predicate'] : undefined;
  if (!isJsonObject(predicate)) return null;
  const { kind, id } = predicate;
  return typeof kind === 'string' && typeof id === 'string' && ID.test(id) ? placeOf(pathOf({ kind, id })) : null;
}
