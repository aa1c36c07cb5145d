// What a run found, and the pure functions that fold findings into a result.
// Source of the algebra: docs/architecture.md, "Verdicts".
import type { SophiaError } from './errors.ts';

/** Judgement of one finding. `skipped` only where the configuration says so, with the reason. */
export type Verdict = 'pass' | 'flaky' | 'warn' | 'fail' | 'unknown' | 'blocked' | 'skipped';

export const VERDICTS = ['pass', 'flaky', 'warn', 'fail', 'unknown', 'blocked', 'skipped'] as const satisfies readonly Verdict[];

/** Judgement of a run. Computed by `resultOf`; nothing else makes one. */
export type Result = 'PASSED' | 'WARNED' | 'FAILED' | 'UNKNOWN';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One judged thing: which check looked at which target, and what came out. */
export interface Finding {
  readonly check: string;
  readonly target: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly code?: string;
  readonly attempts?: number;
  readonly durationMs?: number;
  readonly observed?: Json;
  readonly expected?: Json;
  readonly tries?: readonly Json[];
  readonly location?: { readonly file: string; readonly line: number; readonly column: number };
}

export type Counts = Readonly<Record<Verdict | 'total', number>>;

/** What `run` of a command returns. It has no result and no exit code: those are computed from the findings. */
export interface Outcome<Data extends object = object> {
  readonly findings: readonly Finding[];
  readonly data: Data;
  /** The findings are complete, but the run as a whole ends with this error and its exit code. */
  readonly error?: SophiaError;
  /** Of a run that the rooms of proofs have recorded themselves: a seal. Any other command has its proof from the face. */
  readonly proof?: ProofReference | null;
}

/** `path` is from the project root, `sha256` hex. */
export interface ProofReference {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
}

export function outcome<Data extends object>(findings: readonly Finding[], data: Data): Outcome<Data> {
  return { findings, data };
}

const SEVERITY: readonly Verdict[] = ['fail', 'unknown', 'blocked', 'warn', 'flaky', 'pass'];

/** The worst verdict; an empty list, or one with only skipped entries, is unknown. */
export function foldVerdicts(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts);
  return SEVERITY.find((verdict) => seen.has(verdict)) ?? 'unknown';
}

export function resultOf(findings: readonly Pick<Finding, 'verdict'>[]): Result {
  const worst = foldVerdicts(findings.map((finding) => finding.verdict));
  switch (worst) {
    case 'fail':
      return 'FAILED';
    case 'unknown':
    case 'blocked':
    case 'skipped':
      return 'UNKNOWN';
    case 'warn':
    case 'flaky':
      return 'WARNED';
    case 'pass':
      return 'PASSED';
    default:
      return unreachable(worst);
  }
}

export function countVerdicts(findings: readonly Pick<Finding, 'verdict'>[]): Counts {
  const counts = { pass: 0, flaky: 0, warn: 0, fail: 0, unknown: 0, blocked: 0, skipped: 0, total: 0 };
  for (const { verdict } of findings) {
    counts[verdict] += 1;
    counts.total += 1;
  }
  return counts;
}

/** 0 PASSED or WARNED, 1 FAILED, 3 UNKNOWN. Errors bring their own (2, 4, 5): see `errors.ts`. */
export function exitCodeOf(result: Result): 0 | 1 | 3 {
  switch (result) {
    case 'PASSED':
    case 'WARNED':
      return 0;
    case 'FAILED':
      return 1;
    case 'UNKNOWN':
      return 3;
    default:
      return unreachable(result);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`a case was forgotten: ${JSON.stringify(value)}`);
}
