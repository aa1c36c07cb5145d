// Writing one proof and its files: all of them or none, and never over another proof.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { sha256Of } from '../digest.ts';
import { attachmentPathOf, placeOf } from '../path-law.ts';
import type { KeptFile } from './recorder.ts';
import { judgeProof } from '../verification/judge.ts';
import { proofNamedBy } from '../view.ts';

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

/** Attachments, then views, then the proof that names them: a crash leaves an orphan, never a dangling name. Returns the proof's SHA-256. */
export function writeProof(context: Context, writing: Writing): string {
  const undo: (() => void)[] = [];
  try {
    context.files.makeDirectory(folderOf(writing, writing.path));
    furnish(context, writing.proofs);
    for (const each of writing.attachments) undo.push(writeAttachment(context, writing, each));
    for (const each of writing.views) undo.push(writeView(context, writing, each));
    return writeStatement(context, writing);
  } catch (thrown) {
    for (const step of undo.toReversed()) attempt(step);
    if (thrown instanceof SophiaError) throw thrown;
    throw new SophiaError('PROOF_NOT_WRITTEN', { reason: thrown instanceof Error ? thrown.message : String(thrown) }, { cause: thrown });
  }
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
function writeView({ files }: Context, writing: Writing, { path, bytes }: KeptFile): () => void {
  const file = `${writing.proofs}/${path}`;
  const before = files.exists(file) ? files.read(file) : null;
  const owner = before === null ? null : proofNamedBy(path, before);
  if (owner !== null && idOf(owner) > idOf(writing.path)) return () => {};
  files.makeDirectory(folderOf(writing, path));
  files.replace(file, bytes);
  return () => {
    if (before === null) files.remove(file);
    else files.replace(file, before);
  };
}

/** Under a temporary name, read back and judged as a stranger would, and only then given its own name. */
function writeStatement({ files }: Context, { proofs, path, bytes }: Writing): string {
  const temporary = `${proofs}/${attachmentPathOf(path, 'json.new')}`;
  files.create(temporary, bytes);
  try {
    const { sha256, flaws } = judgeProof(path, files.read(temporary));
    const flaw = flaws[0];
    if (flaw !== undefined)
      throw new SophiaError('PROOF_NOT_WRITTEN', { reason: `verify would refuse it (${flaw.check}): ${flaw.reason}` });
    if (sha256 !== sha256Of(bytes))
      throw new SophiaError('PROOF_NOT_WRITTEN', { reason: 'the disk gave back other bytes than were written' });
    if (files.exists(`${proofs}/${path}`)) throw new SophiaError('PROOF_NOT_WRITTEN', { reason: `${path} is there already` });
    files.rename(temporary, `${proofs}/${path}`);
    return sha256;
  } catch (thrown) {
    attempt(() => files.remove(temporary));
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
