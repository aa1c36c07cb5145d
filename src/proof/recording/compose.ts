// From the notes of a run to its statement. Here result, counts and exit code come into being, out of the findings and nothing else.
import { toProblem, type Problem, type SophiaError } from '../../errors.ts';
import { countVerdicts, exitCodeOf, resultOf, type Finding, type Json } from '../../outcome.ts';
import { hashFindings } from '../verification/judge.ts';
import { toJson } from '../plain.ts';
import type { Notes } from './recorder.ts';
import {
  FINDINGS_SUBJECT,
  PREDICATE_TYPE,
  RUN_COMPLETED,
  SOURCE_SUBJECT,
  STATEMENT_TYPE,
  type Ending,
  type Predicate,
  type Statement,
  type Subject,
} from '../statement.ts';

/** Facts of a run that are known without its notes. */
export type Frame = Pick<
  Predicate,
  'id' | 'kind' | 'command' | 'argv' | 'tool' | 'startedAt' | 'finishedAt' | 'durationMs' | 'source' | 'environment' | 'ledger'
>;

/** How a run ended: null where it came to its end. */
export interface Stop {
  readonly ending: Exclude<Ending, 'completed'>;
  readonly problem: Problem;
  /** The error's own, before the findings have their say. */
  readonly exitCode: number;
}

export function toStop(error: SophiaError): Stop {
  return { ending: endingOf(error), problem: toProblem(error), exitCode: error.exitCode };
}

/** What was found before the run stopped, and that it stopped. */
export function withEnding(findings: readonly Finding[], stop: Stop | null): readonly Finding[] {
  if (stop === null) return findings;
  const { code, title } = stop.problem;
  return [...findings, { check: RUN_COMPLETED, target: 'run', verdict: 'unknown', reason: `${stop.ending}: ${title}`, code }];
}

/** A usage, permission or proof error keeps its own exit code; a fail that was seen outweighs "could not tell". */
export function exitCodeAfter(findings: readonly Finding[], stop: Stop | null): number {
  const folded = exitCodeOf(resultOf(findings));
  return stop === null || stop.exitCode === 3 ? folded : stop.exitCode;
}

export function composeStatement(frame: Frame, notes: Notes, stop: Stop | null, redactions: Predicate['redactions']): Statement {
  const findings = withEnding(notes.findings, stop);
  const predicate: Predicate = {
    ...frame,
    ending: stop?.ending ?? 'completed',
    findings,
    counts: countVerdicts(findings),
    result: resultOf(findings),
    exitCode: exitCodeAfter(findings, stop),
    error: stop?.problem ?? null,
    data: notes.data,
    inputs: notes.inputs,
    attachments: notes.attachments.map(({ path, mediaType, bytes }) => ({ path, mediaType, sizeBytes: bytes.length })),
    views: notes.views.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length })),
    links: notes.links,
    redactions,
    truncated: notes.truncated,
  };
  return { _type: STATEMENT_TYPE, predicateType: PREDICATE_TYPE, subject: subjectsOf(predicate, notes), predicate };
}

/** Nothing of the run but that it took place: for when its bytes still held a secret. */
export function composeStub(frame: Frame, refusal: SophiaError): Statement {
  const { kind, os, node } = frame.environment;
  const empty: Notes = { findings: [], data: {}, inputs: [], attachments: [], views: [], subjects: [], links: [], truncated: [] };
  return composeStatement({ ...frame, argv: [], source: null, environment: { kind, os, node } }, empty, toStop(refusal), []);
}

function subjectsOf({ source, findings }: Predicate, { attachments, views, subjects }: Notes): readonly Subject[] {
  const commit = source?.commit ?? null;
  const known: Subject[] = commit === null ? [] : [{ name: SOURCE_SUBJECT, digest: { gitCommit: commit } }];
  for (const { path, sha256 } of [...attachments, ...views]) known.push({ name: path, digest: { sha256 } });
  const json: Json = toJson(findings);
  if (known.length === 0) known.push({ name: FINDINGS_SUBJECT, digest: { sha256: hashFindings(json) } });
  const names = new Set(known.map(({ name }) => name));
  return [...known, ...subjects.filter(({ name }) => !names.has(name)).map(({ name, sha256 }) => ({ name, digest: { sha256 } }))];
}

function endingOf({ code }: SophiaError): Stop['ending'] {
  switch (code) {
    case 'INTERRUPTED':
      return 'interrupted';
    case 'TIMEOUT':
      return 'timeout';
    case 'INTERNAL':
      return 'crashed';
    case 'VANISHED':
      return 'vanished';
    default:
      return 'stopped';
  }
}
