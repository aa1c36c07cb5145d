// Writing one proof and its files: all of them or none, and never over another proof.
import type { Context, Files } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { sha256Of } from '../digest.ts';
import { attachmentPathOf, placeOf } from '../path-law.ts';
import type { KeptFile } from './recorder.ts';
import { judgeProof } from '../verification/judge.ts';
import { proofNamedBy } from '../view.ts';
import { hasLink, RUNS_FOLDER } from './start-mark.ts';

export interface Writing {
  /** Absolute path of proofs/. */
  readonly proofs: string;
  /** Relative to proofs/. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly attachments: readonly KeptFile[];
  readonly views: readonly KeptFile[];
}

/** `-text`: a checkout that rewrites line ends would break every proof. `export-ignore`: nobody who downloads an action wants them. */
const GIT_ATTRIBUTES = '* -text linguist-generated export-ignore\n';
const README = `# proofs

Each run of \`sophia\` leaves one file here: \`<kind>/<yyyy>/<mm>/<dd>/<id>.json\`, an in-toto statement of what was observed, by which code, and when.
Nobody states its result: it is computed from the findings. Files beside it are its attachments; those in one folder (\`healthz/api.txt\`) are the latest views, for people.

Check them, offline and without an account: \`npx sophia proofs verify\`

Do not edit, rename or delete anything here: verify names every file that was.
`;

/** Throws where a folder on the way to a file is a link that a repository brought, to a place where nothing of ours belongs. */
export function assertPlainFolders(files: Files, proofs: string, path: string): void {
  const reason = findObstacle(files, proofs, path);
  if (reason !== null) throw new SophiaError('PROOF_NOT_WRITTEN', { reason });
}

/** The first folder on the way to a file that is none, in words; null where the way is free. */
export function findObstacle(files: Files, proofs: string, path: string): string | null {
  const names = path.split('/').slice(0, -1);
  for (let depth = 0; depth <= names.length; depth += 1) {
    const folder = [proofs, ...names.slice(0, depth)].join('/');
    const { kind } = files.stat(folder) ?? { kind: 'directory' };
    if (kind === 'directory') continue;
    return `${folder.slice(proofs.lastIndexOf('/') + 1)} is ${kind === 'symlink' ? 'a symbolic link' : 'no folder'}`;
  }
  return null;
}

/** Attachments and views before the proof that names them: a crash leaves an orphan, never a dangling name. Returns the proof's SHA-256. */
export function writeProof(context: Context, writing: Writing): string {
  const undo: (() => void)[] = [];
  let release = (): void => {};
  try {
    makeFolder(context, writing, writing.path);
    furnish(context, writing.proofs);
    for (const each of writing.attachments) undo.push(writeAttachment(context, writing, each));
    const checked = writeUnnamed(context, writing);
    undo.push(checked.remove);
    if (writing.views.length > 0) release = lockViews(context);
    for (const each of writing.views) undo.push(writeView(context, writing, each));
    checked.name();
    attempt(checked.remove);
    return checked.sha256;
  } catch (thrown) {
    for (const step of undo.toReversed()) attempt(step);
    if (thrown instanceof SophiaError) throw thrown;
    throw new SophiaError('PROOF_NOT_WRITTEN', { reason: thrown instanceof Error ? thrown.message : String(thrown) }, { cause: thrown });
  } finally {
    attempt(release);
  }
}

const VIEWS_LOCK = `${RUNS_FOLDER}/views.lock`;
/** Another run holds it for as long as it takes to write its views. */
const PATIENCE_MS = 1000;

/**
 * Whose view is newer is asked and answered under a lock: between the two another run could write a newer one, and this one would
 * replace it for good. Where there can be no lock, or it is not let go, the view is written all the same: it is never the evidence.
 */
function lockViews(context: Context): () => void {
  const { files, directory, clock } = context;
  if (hasLink(context)) return () => {};
  const until = clock.monotonicMs() + PATIENCE_MS;
  try {
    do {
      const lock = files.lock(`${directory}/${VIEWS_LOCK}`);
      if ('release' in lock) return () => lock.release();
    } while (clock.monotonicMs() < until);
  } catch {
    // the folder is not there, or may not be written
  }
  return () => {};
}

function makeFolder({ files }: Context, writing: Writing, path: string): void {
  assertPlainFolders(files, writing.proofs, path);
  files.makeDirectory(folderOf(writing, path));
}

function furnish({ files }: Context, proofs: string): void {
  for (const [name, content] of [
    ['.gitattributes', GIT_ATTRIBUTES],
    ['README.md', README],
  ] as const) {
    if (!files.exists(`${proofs}/${name}`)) files.replace(`${proofs}/${name}`, content);
  }
}

function writeAttachment({ files }: Context, { proofs }: Writing, { path, bytes }: KeptFile): () => void {
  files.create(`${proofs}/${path}`, bytes);
  return () => files.remove(`${proofs}/${path}`);
}

/** Of two runs at once the view of the greater id stays, whoever writes last. */
function writeView(context: Context, writing: Writing, { path, bytes }: KeptFile): () => void {
  const { files } = context;
  const file = `${writing.proofs}/${path}`;
  makeFolder(context, writing, path);
  if (!['file', undefined].includes(files.stat(file)?.kind))
    throw new SophiaError('PROOF_NOT_WRITTEN', { reason: `proofs/${path} is there, and is no file` });
  const before = files.exists(file) ? files.read(file) : null;
  const owner = before === null ? null : proofNamedBy(path, before);
  if (owner !== null && idOf(owner) > idOf(writing.path)) return () => {};
  files.replace(file, bytes);
  return () => {
    if (before === null) files.remove(file);
    else files.replace(file, before);
  };
}

interface Unnamed {
  readonly sha256: string;
  /** Throws where the name is taken: a proof is never written over. */
  readonly name: () => void;
  readonly remove: () => void;
}

/** Under a temporary name, read back and judged as a stranger would, and only then to be given its own name. */
function writeUnnamed({ files }: Context, { proofs, path, bytes }: Writing): Unnamed {
  const temporary = `${proofs}/${attachmentPathOf(path, 'json.new')}`;
  const remove = (): void => files.remove(temporary);
  files.create(temporary, bytes);
  try {
    const { sha256, flaws } = judgeProof(path, files.read(temporary));
    const flaw = flaws[0];
    if (flaw !== undefined)
      throw new SophiaError('PROOF_NOT_WRITTEN', { reason: `verify would refuse it (${flaw.check}): ${flaw.reason}` });
    if (sha256 !== sha256Of(bytes))
      throw new SophiaError('PROOF_NOT_WRITTEN', { reason: 'the disk gave back other bytes than were written' });
    return { sha256, name: () => files.link(temporary, `${proofs}/${path}`), remove };
  } catch (thrown) {
    attempt(remove);
    throw thrown;
  }
}

function folderOf({ proofs }: Writing, path: string): string {
  return `${proofs}/${path.slice(0, path.lastIndexOf('/'))}`;
}

function idOf(path: string): string {
  return placeOf(path)?.id ?? '';
}

/** Tidying up after a failure may fail as well; the first failure is the one to tell. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // nothing more can be done
  }
}
