// recordRun: the only writer of proofs. A run is watched from outside, so that it cannot say how it went.
import manifest from '../../../package.json' with { type: 'json' };
import type { Context } from '../../context.ts';
import { SophiaError, toInternal, toProblem, type Problem } from '../../errors.ts';
import type { Finding, JsonObject, Result } from '../../outcome.ts';
import { resultOf } from '../../outcome.ts';
import { isJsonObject, serialize, serializeCompact } from '../canonical.ts';
import { composeStatement, composeStub, exitCodeAfter, toStop, withEnding, type Frame, type Stop } from './compose.ts';
import { describeEnvironment } from './environment.ts';
import { assertRunKind, pathOf } from '../path-law.ts';
import { toJson } from '../plain.ts';
import { createRecorder, type Notes } from './recorder.ts';
import { createRedactor, type RedactionRules, type Redactor } from '../redaction/redaction.ts';
import { describeSource } from './source.ts';
import { markStart } from './start-mark.ts';
import { MAX_DATA_BYTES, MAX_PROOF_BYTES, PROOF_SCHEMA, type Ending, type Environment, type Source, type Statement } from '../statement.ts';
import { nextUlid } from '../ulid.ts';
import { writeProof } from './write.ts';

export interface Run {
  readonly kind: string;
  /** As in the registry: `proofs record`. */
  readonly command: string;
  /** As typed. */
  readonly argv: readonly string[];
  /** The body changes files of the work tree: git is asked before it starts, not meanwhile. */
  readonly editsFiles?: true;
  /** What the configuration calls secret beyond the names of variables. */
  readonly redact?: Omit<RedactionRules, 'env'>;
}

export interface Recorded {
  /** Redacted, as everything here: this is what may be shown. */
  readonly findings: readonly Finding[];
  readonly data: JsonObject;
  readonly result: Result;
  readonly exitCode: number;
  readonly ending: Ending;
  readonly error: Problem | null;
  /** `path` is from the project root; null where it could not be written. */
  readonly proof: { readonly id: string; readonly path: string; readonly sha256: string } | null;
  /** Why there is no proof, or only a stub. It never changes the exit code. */
  readonly proofProblem: Problem | null;
}

/** The work itself; it finds through `context.record` and returns nothing. */
export type Body = (context: Context) => Promise<void> | void;

const PROOFS_FOLDER = 'proofs';

/** How long a run that was stopped may take to put its things away. Two seconds after a signal everything must be written. */
const GRACE_MS = 1500;

/**
 * Runs `body` and leaves a proof of it under `<directory>/proofs`, however it ends.
 * Throws only `PROOF_KIND_INVALID`, before anything is run.
 */
export async function recordRun(context: Context, run: Run, body: Body): Promise<Recorded> {
  assertRunKind(run.kind);
  const { clock, machine, directory, env } = context;
  const startedMonotonicMs = clock.monotonicMs();
  const { id, timeMs } = nextUlid(clock, machine);
  const path = pathOf({ kind: run.kind, id });
  const proofs = `${directory}/${PROOFS_FOLDER}`;
  const redactor = createRedactor({ ...run.redact, env });
  const opening = {
    id,
    kind: run.kind,
    command: run.command,
    argv: run.argv.map((argument, index) => redactor.text(argument.toWellFormed(), `/predicate/argv/${index}`)),
    startedAt: toTime(timeMs),
  };
  const removeMark = markStart(context, opening);
  try {
    // Git takes longer than all the rest of a proof: it is asked while the body works.
    const asking = describeSource(context);
    if (run.editsFiles) await asking;
    const live = createRecorder({ context, proofs, proofPath: path, redactor });
    const error = await follow({ ...context, record: live.recorder }, body);
    const notes = live.close();
    const source = cleanSource(redactor, await asking);
    const stop = error === null ? null : cleanStop(redactor, toStop(error));
    const frame: Frame = {
      ...opening,
      tool: { name: 'sophia', version: manifest.version },
      finishedAt: toTime(Math.max(clock.now(), timeMs)), // the clock may have been set back
      durationMs: Math.round(clock.monotonicMs() - startedMonotonicMs),
      source,
      environment: cleanEnvironment(redactor, describeEnvironment(context)),
    };
    const findings = withEnding(notes.findings, stop);
    return {
      findings,
      data: notes.data,
      result: resultOf(findings),
      exitCode: exitCodeAfter(findings, stop),
      ending: stop?.ending ?? 'completed',
      error: stop?.problem ?? null,
      ...keep(context, { frame, notes, stop, redactor, proofs, path }),
    };
  } finally {
    removeMark();
  }
}

/** The error that ended the run, or null. A run that was stopped is waited for a little, and then no longer. */
async function follow(context: Context, body: Body): Promise<SophiaError | null> {
  const { signal, clock } = context;
  const ended = carryOut(context, body);
  const stopped = Promise.withResolvers<void>();
  const onAbort = (): void => stopped.resolve();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([ended, stopped.promise]);
  signal.removeEventListener('abort', onAbort);
  if (!signal.aborted) return await ended;
  const wait = new AbortController();
  await Promise.race([ended, clock.sleep(GRACE_MS, wait.signal).catch(() => {})]);
  wait.abort();
  // However the body took it: a run that was told to stop did not complete.
  return toError(signal.reason);
}

async function carryOut(context: Context, body: Body): Promise<SophiaError | null> {
  try {
    context.signal.throwIfAborted();
    await body(context);
    return null;
  } catch (thrown) {
    return toError(thrown);
  }
}

function toError(thrown: unknown): SophiaError {
  if (thrown instanceof SophiaError) return thrown as SophiaError; // instanceof forgets which codes there are
  return toInternal(thrown);
}

interface Conclusion {
  readonly frame: Frame;
  readonly notes: Notes;
  readonly stop: Stop | null;
  readonly redactor: Redactor;
  readonly proofs: string;
  readonly path: string;
}

function keep(context: Context, conclusion: Conclusion): Pick<Recorded, 'proof' | 'proofProblem'> {
  const { frame, notes, stop, redactor, proofs, path } = conclusion;
  const write = (statement: Statement, { attachments, views }: Pick<Notes, 'attachments' | 'views'>): Recorded['proof'] => {
    const bytes = Buffer.from(serialize(toJson(statement)));
    refuseTooLarge('whole', bytes.length, MAX_PROOF_BYTES);
    const sha256 = writeProof(context, { proofs, path, bytes, attachments, views });
    return { id: frame.id, path: `${PROOFS_FOLDER}/${path}`, sha256 };
  };
  try {
    refuseTooLarge('data', Buffer.byteLength(serializeCompact(notes.data)), MAX_DATA_BYTES);
    const statement = composeStatement(frame, notes, stop, redactor.redactions);
    const leak = findLeak(conclusion, statement);
    if (leak === null) return { proof: write(statement, notes), proofProblem: null };
    const refusal = new SophiaError('PROOF_SECRET_REFUSED', { secret: leak });
    return { proof: write(composeStub(frame, refusal), { attachments: [], views: [] }), proofProblem: toProblem(refusal) };
  } catch (thrown) {
    const problem =
      thrown instanceof SophiaError ? thrown : new SophiaError('PROOF_NOT_WRITTEN', { reason: String(thrown) }, { cause: thrown });
    return { proof: null, proofProblem: toProblem(problem) };
  }
}

/** The words of the format itself: a variable API_KEY=unknown cannot be kept out of a proof, and is no secret. */
const VOCABULARY = JSON.stringify(PROOF_SCHEMA);

/** The last gate: the finished bytes, with everything that lies beside them, are searched once more. The secret's label, or null. */
function findLeak({ frame, notes, redactor }: Conclusion, statement: Statement): string | null {
  const finished = [
    Buffer.from(serialize(toJson(statement))),
    ...notes.attachments.map(({ bytes }) => bytes),
    ...notes.views.map(({ bytes }) => bytes),
  ];
  for (const bytes of finished) {
    for (const { start, end, label } of redactor.find(bytes)) {
      const word = Buffer.from(bytes.subarray(start, end)).toString('utf8');
      if (!VOCABULARY.includes(word) && !isOfFrame(frame, word)) return label;
    }
  }
  return null;
}

/** Neither can what a stub would say as well: the kind, the command, the times. */
function isOfFrame({ id, kind, command, tool, startedAt, finishedAt, environment }: Frame, word: string): boolean {
  return [id, kind, command, tool.name, tool.version, startedAt, finishedAt, environment.os, environment.node].some((fact) =>
    fact.includes(word),
  );
}

function refuseTooLarge(part: string, size: number, limit: number): void {
  if (size > limit) throw new SophiaError('PROOF_TOO_LARGE', { part, size, limit });
}

function cleanStop(redactor: Redactor, stop: Stop): Stop {
  const text = (value: string, field: string): string => redactor.text(value.toWellFormed(), `/predicate/error/${field}`);
  const { problem } = stop;
  const errors = problem.errors.map((each, index) => redactor.json(toJson(each), `/predicate/error/errors/${index}`));
  return {
    ...stop,
    problem: {
      ...problem,
      title: text(problem.title, 'title'),
      detail: text(problem.detail, 'detail'),
      hint: text(problem.hint, 'hint'),
      errors: errors.filter(isJsonObject),
    },
  };
}

function cleanSource(redactor: Redactor, source: Source | null): Source | null {
  if (source === null) return null;
  const text = (value: string | null, field: string): string | null =>
    value === null ? null : redactor.text(value.toWellFormed(), `/predicate/source/${field}`);
  return { ...source, repository: text(source.repository, 'repository'), ref: text(source.ref, 'ref') };
}

function cleanEnvironment(redactor: Redactor, environment: Environment): Environment {
  const { kind, os, node, ...facts } = environment;
  const clean = Object.entries(facts).map(
    ([name, value]) => [name, redactor.text(value.toWellFormed(), `/predicate/environment/${name}`)] as const,
  );
  return { kind, os, node, ...Object.fromEntries(clean) };
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
