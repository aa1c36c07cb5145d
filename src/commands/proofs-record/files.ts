// Files that are kept with a proof. Their names are judged before the program runs, their bytes are read when it has ended.
import path from 'node:path';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Finding } from '../../outcome.ts';
import { isAttachmentName, isViewPath } from '../../proof/path-law.ts';
import { MAX_ATTACHMENTS, MAX_VIEW_BYTES } from '../../proof/statement.ts';
import { nameProof } from '../../proof/view.ts';

export interface PlannedFile {
  readonly option: 'attach' | 'view';
  /** As typed, from the working directory. */
  readonly file: string;
  /** Of an attachment, or the path of a view. */
  readonly name: string;
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** For the line that says whose a view is, and for what stands in the place of secrets. */
const ROOM_FOR_NAME = 4096;
/** Beside what was asked for there are the two outputs. */
const MAX_ASKED = MAX_ATTACHMENTS - 2;
const OUTPUTS = new Set(['stdout.log', 'stderr.log', 'stdout.log.gz', 'stderr.log.gz']);

/** Throws for a name that cannot be, and for what is there already and can never be read. */
export function planFiles(
  context: Context,
  asked: { readonly attach: readonly string[]; readonly view: readonly string[] },
): readonly PlannedFile[] {
  const attachments = asked.attach.map(planAttachment);
  const views = asked.view.map(planView);
  if (attachments.length > MAX_ASKED) throw usage(`--attach: at most ${MAX_ASKED} files, not ${attachments.length}`);
  for (const list of [attachments, views]) refuseTwice(list);
  for (const { file } of [...attachments, ...views]) {
    const problem = problemOf(context, file);
    if (problem !== null && problem !== MISSING) throw new SophiaError('PROOF_FILE_UNUSABLE', { path: file, reason: problem });
  }
  return [...attachments, ...views];
}

export interface KeptFiles {
  readonly findings: readonly Finding[];
  readonly error: SophiaError | null;
}

/** A file that is missing after a program that failed is no surprise; after one that passed the question was wrong. */
export function keepFiles(context: Context, planned: readonly PlannedFile[], hasPassed: boolean): KeptFiles {
  const findings: Finding[] = [];
  let error: SophiaError | null = null;
  for (const each of planned) {
    const problem = keep(context, each);
    if (problem === null) continue;
    if (hasPassed) error ??= new SophiaError('PROOF_FILE_UNUSABLE', { path: each.file, reason: problem });
    else findings.push({ check: each.option, target: each.file, verdict: 'blocked', reason: problem });
  }
  return { findings, error };
}

function planAttachment(file: string): PlannedFile {
  const name = path.basename(file).toLowerCase();
  const refuse = (problem: string): SophiaError => new SophiaError('PROOF_NAME_INVALID', { name, what: 'an attachment', problem });
  if (name.endsWith('.json')) throw refuse('a file beside a proof that ends in .json would look like one');
  if (!isAttachmentName(name)) throw refuse('only a to z, 0 to 9, dot, _ and -, at most 64, a letter or digit first');
  if (OUTPUTS.has(name)) throw refuse("it is the name of the program's own output");
  return { option: 'attach', file, name };
}

function planView(asked: string): PlannedFile {
  const [, place, file] = /^([^=]+)=(.+)$/s.exec(asked) ?? [];
  if (place === undefined || file === undefined) throw usage(`--view: ${JSON.stringify(asked)} is not PATH=FILE`);
  const name = place.replace(/^(?:\.\/)?proofs\//, '');
  if (!isViewPath(name)) {
    const problem = 'one folder and a name of A to Z, a to z, 0 to 9, dot, _ and - below proofs/';
    throw new SophiaError('PROOF_NAME_INVALID', { name, what: 'a view', problem });
  }
  return { option: 'view', file, name };
}

function refuseTwice(planned: readonly PlannedFile[]): void {
  const seen = new Set<string>();
  for (const { name, option } of planned) {
    const packed = name.replace(/\.log\.gz$/, '.log'); // a log is packed, and then has this name too
    if (seen.has(packed)) throw usage(`--${option}: two files would be called ${name}`);
    seen.add(packed);
  }
}

/** What is wrong with the file, or null when it was kept. */
function keep(context: Context, { option, file, name }: PlannedFile): string | null {
  const problem = problemOf(context, file);
  if (problem !== null) return problem;
  let bytes: Uint8Array;
  try {
    const read = context.files.readPlain(context.files.realPath(locate(context, file)), MAX_FILE_BYTES);
    if (!(read instanceof Uint8Array)) return NO_FILE;
    bytes = read;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  if (option === 'attach') context.record.attach(name, bytes, mediaTypeOf(name));
  else if (nameProof(name, bytes, '') === null) return 'it is no JSON object, and a view that ends in .json must be one';
  else if (bytes.length > MAX_VIEW_BYTES - ROOM_FOR_NAME) return `${bytes.length} bytes; a view has at most ${MAX_VIEW_BYTES}`;
  else context.record.view(name, (proofPath) => nameProof(name, bytes, proofPath) ?? bytes);
  return null;
}

const MISSING = 'there is no such file';
const NO_FILE = 'it is no plain file';

function problemOf(context: Context, file: string): string | null {
  const { files } = context;
  try {
    const stat = files.stat(files.realPath(locate(context, file)));
    if (stat === null) return MISSING;
    if (stat.kind !== 'file') return NO_FILE;
    return stat.sizeBytes > MAX_FILE_BYTES ? `${stat.sizeBytes} bytes; at most ${MAX_FILE_BYTES} are read` : null;
  } catch {
    return MISSING; // or a link that leads nowhere: the program may yet write it
  }
}

function locate({ directory }: Context, file: string): string {
  return path.resolve(directory, file);
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.html': 'text/html',
  '.csv': 'text/csv',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.sarif': 'application/sarif+json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};

function mediaTypeOf(name: string): string {
  return MEDIA_TYPES[path.extname(name)] ?? 'application/octet-stream';
}

function usage(problem: string): SophiaError {
  return new SophiaError('USAGE', { problem, command: 'proofs record' });
}
