// The whole index as one request body in a file, for a push by hand: `curl -d @FILE …/context/index`.
import path from 'node:path';
import type { Context } from '../../context.ts';
import { SophiaError, systemCodeOf } from '../../errors.ts';
import { openForReading } from '../home.ts';
import { MAX_BODY_BYTES, MAX_ENTRY_BYTES } from './batches.ts';
import { makeEntries } from './local.ts';
import type { PushRequest } from './push.ts';

/** Where a payload goes: a file like any other, or a view of the run's proof (relative to proofs/). */
export type PayloadTarget = { readonly file: string } | { readonly view: string };

export interface PayloadRequest extends PushRequest {
  readonly target: PayloadTarget;
}

export interface PayloadReport {
  readonly entries: number;
  readonly bytes: number;
  /** For every service to take at once. */
  readonly isTooLarge: boolean;
  /** Larger than an entry may be, or edited since they were indexed. */
  readonly leftOut: readonly string[];
}

const PROOFS = 'proofs';

/** Throws `PAYLOAD_TARGET_INVALID`, before anything is done. */
export function findTarget(context: Context, given: string): PayloadTarget {
  const file = path.resolve(context.directory, given);
  const refuse = (problem: string): never => {
    throw new SophiaError('PAYLOAD_TARGET_INVALID', { path: given, problem });
  };
  const kind = context.files.stat(file)?.kind;
  if (given.endsWith('/') || kind === 'directory') return refuse('it is a directory');
  if (kind !== undefined && kind !== 'file') return refuse(kind === 'symlink' ? 'it is a symbolic link' : 'it is no regular file');
  const below = path.relative(
    placeOf(context, path.join(context.directory, PROOFS)),
    path.join(placeOf(context, path.dirname(file)), path.basename(file)),
  );
  if (!isOutside(below))
    return isViewName(below) ? { view: below } : refuse('below proofs/ a view lies in one folder, as in proofs/context_index/payload.json');
  if (context.files.stat(placeOf(context, path.dirname(file)))?.kind !== 'directory') return refuse('its folder does not exist');
  return { file };
}

/** Throws `PAYLOAD_NOT_WRITTEN`. A reader sees the former file or the new one, never half of it. */
export async function writePayload(context: Context, request: PayloadRequest): Promise<PayloadReport> {
  const { target } = request;
  const { lines, leftOut } = await readLines(context, request);
  const toText = (proof: string | null): string =>
    `{${proof === null ? '' : `"proof":${JSON.stringify(proof)},`}"repository":${JSON.stringify(request.repository)},"commit":${JSON.stringify(request.commit)},"overwrite_existing":true,"removed":[],"entries":[\n${lines.join(',\n')}\n]}\n`;
  let bytes = 0;
  const measured = (text: string): string => {
    bytes = Buffer.byteLength(text);
    return text;
  };
  if ('view' in target) context.record.view(target.view, (proof) => measured(toText(proof)));
  else replace(context, target.file, measured(toText(null)));
  return { entries: lines.length, bytes, isTooLarge: bytes > MAX_BODY_BYTES, leftOut };
}

async function readLines(
  context: Context,
  { root, repository }: PayloadRequest,
): Promise<{ lines: readonly string[]; leftOut: readonly string[] }> {
  const reading = await openForReading(context, root);
  if (reading === null) throw new SophiaError('NOT_INDEXED', { path: root });
  const lines: { id: string; text: string }[] = [];
  const leftOut: string[] = [];
  try {
    for await (const { path: name, entry } of makeEntries(context, { root, store: reading.store, repository })) {
      if (entry === null || Buffer.byteLength(entry.text) > MAX_ENTRY_BYTES) leftOut.push(name);
      else lines.push(entry);
    }
  } finally {
    reading.store.close();
  }
  return { lines: lines.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ text }) => text), leftOut };
}

function replace(context: Context, file: string, text: string): void {
  try {
    context.files.replace(file, text);
  } catch (error) {
    throw new SophiaError('PAYLOAD_NOT_WRITTEN', { path: file, reason: systemCodeOf(error) ?? String(error) }, { cause: error });
  }
}

/** A link to proofs/ is proofs/; what does not exist yet is where it says. */
function placeOf(context: Context, directory: string): string {
  try {
    return context.files.realPath(directory);
  } catch {
    return directory;
  }
}

function isOutside(relative: string): boolean {
  return relative === '..' || relative.startsWith('../') || path.isAbsolute(relative);
}

function isViewName(relative: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*\.json$/.test(relative) && !/^(?:ledger|archive)\//.test(relative);
}
