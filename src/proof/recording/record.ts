// recordRun: the only writer of proofs. A run is watched from outside, so that it cannot say how it went.
import manifest from '../../../package.json' with { type: 'json' };
import type { Context } from '../../context.ts';
import { SophiaError, toInternal, type Problem } from '../../errors.ts';
import type { Finding, JsonObject, Result } from '../../outcome.ts';
import { resultOf } from '../../outcome.ts';
import { isJsonObject } from '../canonical.ts';
import { exitCodeAfter, toStop, withEnding, type Frame, type Stop } from './compose.ts';
import { cleanEnvironment, describeEnvironment } from './environment.ts';
import { lastCheckpoint } from '../ledger/checkpoint.ts';
import { assertRunKind, pathOf, type LedgerKind } from '../path-law.ts';
import { toJson } from '../plain.ts';
import { keepProof, type Kept, type Place } from './keep.ts';
import { createRecorder } from './recorder.ts';
import { createRedactor, type Redactor } from '../redaction/redaction.ts';
import { rulesOf } from '../redaction/rules.ts';
import { describeSource } from './source.ts';
import { markStart } from './start-mark.ts';
import type { Ending, Source } from '../statement.ts';
import { nextUlid } from '../ulid.ts';

export interface Run {
  readonly kind: string;
  /** As in the registry: `proofs record`. */
  readonly command: string;
  /** As typed. */
  readonly argv: readonly string[];
  /** The body changes files of the work tree: git is asked before it starts, not meanwhile. */
  readonly editsFiles?: boolean;
  /** Variables that are secret beyond those whose names say so, and those of the configuration. */
  readonly secretNames?: readonly string[];
}

export interface Recorded extends Kept {
  /** Redacted, as everything here: this is what may be shown. */
  readonly findings: readonly Finding[];
  readonly data: JsonObject;
  readonly result: Result;
  readonly exitCode: number;
  readonly ending: Ending;
  readonly error: Problem | null;
  /** Of what was thrown, where that is a bug. */
  readonly stack: string | null;
}

/** A run of the ledger's own: of a kind that no command may choose, and in whichever directory of proofs it works on. */
export interface LedgerRun extends Run {
  readonly kind: LedgerKind;
  readonly place: Place;
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
  const place = { proofs: `${context.directory}/${PROOFS_FOLDER}`, name: PROOFS_FOLDER };
  return await watch(context, { ...run, place }, body);
}

/** The same for the rooms that keep the ledger and its archives; nothing else may import it. */
export async function recordLedgerRun(context: Context, run: LedgerRun, body: Body): Promise<Recorded> {
  return await watch(context, run, body);
}

async function watch(context: Context, run: Run & { readonly place: Place }, body: Body): Promise<Recorded> {
  const { clock, machine } = context;
  const startedMonotonicMs = clock.monotonicMs();
  const { id, timeMs } = nextUlid(clock, machine);
  const path = pathOf({ kind: run.kind, id });
  const { proofs } = run.place;
  const ledger = lastCheckpoint(context.files, proofs);
  const redactor = createRedactor(rulesOf(context, run.secretNames));
  const opening = {
    id,
    kind: run.kind,
    command: run.command,
    argv: run.argv.map((argument, index) => redactor.text(argument.toWellFormed(), `/predicate/argv/${index}`)),
    startedAt: toTime(timeMs),
    environment: cleanEnvironment(redactor, describeEnvironment(context)),
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
      ledger,
    };
    const findings = withEnding(notes.findings, stop);
    const kept = keepProof(context, { frame, notes, stop, redactor, place: run.place });
    return {
      findings,
      data: notes.data,
      result: resultOf(findings),
      exitCode: exitCodeAfter(findings, stop),
      ending: stop?.ending ?? 'completed',
      error: stop?.problem ?? null,
      stack: error === null ? null : cleanStack(redactor, error),
      ...kept,
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

/** An error of the catalogue is told in words; a bug shows where it is. */
function cleanStack(redactor: Redactor, { code, cause }: SophiaError): string | null {
  return code === 'INTERNAL' && cause instanceof Error ? redactor.text(cause.stack ?? cause.message, '/predicate/error') : null;
}

function cleanSource(redactor: Redactor, source: Source | null): Source | null {
  if (source === null) return null;
  const text = (value: string | null, field: string): string | null =>
    value === null ? null : redactor.text(value.toWellFormed(), `/predicate/source/${field}`);
  return { ...source, repository: text(source.repository, 'repository'), ref: text(source.ref, 'ref') };
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
