// Runs that ended without a word, by SIGKILL or a power cut: their start marks become proofs that say so.
import manifest from '../../../package.json' with { type: 'json' };
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { parseCanonical } from '../canonical.ts';
import { assertRunKind, attachmentPathOf, isLedgerKind, KIND_PATTERN, pathOf } from '../path-law.ts';
import { createRedactor, type Redactor } from '../redaction/redaction.ts';
import { rulesOf } from '../redaction/rules.ts';
import { ENVIRONMENT_SHAPE } from '../statement.ts';
import { integer, listOf, nullOr, object, text, type Flaw, type Shape } from '../../shape.ts';
import { ULID_PATTERN } from '../ulid.ts';
import { toStop, type Frame } from './compose.ts';
import { cleanEnvironment } from './environment.ts';
import { keepProof, type Kept } from './keep.ts';
import type { Notes } from './recorder.ts';
import { hasLink, isRunning, RUNS_FOLDER, type Mark } from './start-mark.ts';
import { assertPlainFolders } from './write.ts';

export interface Recovered {
  /** What was written, oldest run first. */
  readonly proofs: readonly NonNullable<Kept['proof']>[];
  /** What cannot be one of our marks, or could not be turned into a proof; it stays where it is. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

const MAX_MARK_BYTES = 256 * 1024;
const MARK_NAME = new RegExp(`^${ULID_PATTERN}\\.json$`);

const markShape: Shape<Mark> = object({
  id: text({ pattern: ULID_PATTERN, what: 'a ULID' }),
  kind: text({ pattern: KIND_PATTERN, what: 'a kind' }),
  command: text({ pattern: '[\\s\\S]+', what: 'text that is not empty' }),
  argv: listOf(text()),
  startedAt: text({ pattern: '[-0-9T:.]{23}Z', what: 'a UTC time with three decimals' }),
  environment: ENVIRONMENT_SHAPE,
  pid: integer(1),
  bootId: nullOr(text()),
  birth: nullOr(text()),
});

/**
 * Each mark of a process that is gone becomes a proof with the ending `vanished` and the result UNKNOWN, and is removed.
 * Marks of runs that are still under way stay. Whoever else does the same at the same time leaves no second proof.
 */
export async function recoverVanished(context: Context): Promise<Recovered> {
  const proofs: NonNullable<Kept['proof']>[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const redactor = (): Redactor => createRedactor(rulesOf(context));
  for (const name of namesOfMarks(context)) {
    await context.clock.breathe(context.signal);
    const path = `${RUNS_FOLDER}/${name}`;
    const recovered = recover(context, { name, redactor });
    if (typeof recovered === 'string') skipped.push({ path, reason: recovered });
    else if (recovered !== null) proofs.push(recovered);
  }
  for (const { path, reason } of skipped) context.log.warn(`${path}: ${reason}`);
  return { proofs, skipped };
}

/** Our own temporary files and locks are no marks, and are not spoken of. */
function namesOfMarks(context: Context): readonly string[] {
  const { files, directory } = context;
  if (hasLink(context) || files.stat(`${directory}/${RUNS_FOLDER}`)?.kind !== 'directory') return [];
  return files.list(`${directory}/${RUNS_FOLDER}`).filter((name) => !/^\..*\.tmp$|\.lock$/.test(name));
}

interface Asked {
  readonly name: string;
  readonly redactor: () => Redactor;
}

/** The proof; null where there is nothing to do; or why the mark is skipped. */
function recover(context: Context, { name, redactor }: Asked): Kept['proof'] | string {
  const { files, directory, machine } = context;
  const path = `${directory}/${RUNS_FOLDER}/${name}`;
  const mark = readMark(context, name);
  if (typeof mark === 'string') return files.exists(path) ? mark : null;
  if (isRunning(machine, mark)) return null;
  const lock = files.lock(`${directory}/${RUNS_FOLDER}/${mark.id}.lock`);
  if ('heldBy' in lock) return null; // another one is at it
  try {
    if (!files.exists(path)) return null; // another one has done it
    // A seal that was cut off is finished by the next one, and has nothing else to say.
    const left = isLedgerKind(mark.kind) ? null : leaveProof(context, mark, redactor());
    if (typeof left !== 'string') files.remove(path);
    return left;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    lock.release();
  }
}

/** A run that was killed between naming its proof and removing its mark has said everything itself. */
function leaveProof(context: Context, mark: Mark, redactor: Redactor): Kept['proof'] | string {
  assertRunKind(mark.kind);
  const { files, directory } = context;
  const proofs = `${directory}/proofs`;
  const path = pathOf(mark);
  assertPlainFolders(files, proofs, path);
  const isThere = files.exists(`${proofs}/${path}`);
  removeRests(context, `${proofs}/${path}`, isThere);
  if (isThere) return null;
  const stop = toStop(new SophiaError('VANISHED', { pid: mark.pid }));
  const { proof, proofProblem } = keepProof(context, {
    frame: frameOf(mark, redactor),
    notes: NOTHING,
    stop,
    redactor,
    place: { proofs, name: 'proofs' },
  });
  return proof ?? proofProblem?.title ?? 'it could not be written';
}

/** What the run had written for a proof that never came: nothing vouches for it, and verify would call it foreign. */
function removeRests({ files }: Context, proof: string, isThere: boolean): void {
  const folder = proof.slice(0, proof.lastIndexOf('/'));
  const beside = attachmentPathOf(proof.slice(folder.length + 1), '');
  for (const name of files.list(folder)) {
    const isTemporary = name === `${beside}json.new` || (name.startsWith(`.${beside}`) && name.endsWith('.tmp'));
    const isOrphan = !isThere && name.startsWith(beside);
    if (isTemporary || isOrphan) files.remove(`${folder}/${name}`);
  }
}

/** Nothing is known after its start: a later time would make it look fresher than it is. */
function frameOf({ id, kind, command, argv, startedAt, environment }: Mark, redactor: Redactor): Frame {
  const clean = (value: string, field: string): string => redactor.text(value.toWellFormed(), `/predicate/${field}`);
  return {
    id,
    kind,
    command: clean(command, 'command'),
    argv: argv.map((argument, index) => clean(argument, `argv/${index}`)),
    tool: { name: 'sophia', version: manifest.version },
    startedAt,
    finishedAt: startedAt,
    durationMs: 0,
    source: null,
    environment: cleanEnvironment(redactor, environment),
    ledger: null,
  };
}

const NOTHING: Notes = { findings: [], data: {}, inputs: [], attachments: [], views: [], subjects: [], links: [], truncated: [] };

/** The mark, or what is wrong with it: anyone may have put a file there. */
function readMark({ files, directory }: Context, name: string): Mark | string {
  if (!MARK_NAME.test(name)) return 'not a name of a start mark';
  try {
    const bytes = files.readPlain(`${directory}/${RUNS_FOLDER}/${name}`, MAX_MARK_BYTES);
    if (!(bytes instanceof Uint8Array))
      return bytes.kind === 'file' ? `${bytes.sizeBytes} bytes: too large for a start mark` : 'no plain file';
    const parsed = parseCanonical(bytes);
    if (!parsed.ok) return parsed.reason;
    const flaws: Flaw[] = [];
    if (!markShape.check(parsed.value, '', flaws)) return `${flaws[0]?.pointer ?? ''} ${flaws[0]?.message ?? ''}`;
    return `${parsed.value.id}.json` === name ? parsed.value : 'it has the id of another run';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
