// A service in one line, by its findings and nothing else.
import { foldVerdicts, type Finding, type Json, type JsonObject, type Verdict } from '../outcome.ts';

export interface ServiceSummary {
  readonly verdict: Verdict;
  /** Of the worst finding that has one; null where all is well. */
  readonly code: string | null;
  /** That it named; null where it named none, or several. */
  readonly commit: string | null;
  /** Null where its health was not asked, or nothing is known of it; a status of null where nothing answered. */
  readonly healthz: { readonly status: number | null; readonly ms: number } | null;
}

/** Findings of one service. Nothing known of it is unknown, and so is one of which everything was left out. */
export function foldService(findings: readonly Finding[]): ServiceSummary {
  const verdict = foldVerdicts(findings.map((each) => each.verdict));
  const worst = findings.find((each) => each.verdict === verdict && each.code !== undefined);
  return { verdict, code: worst?.code ?? null, commit: commitOf(findings), healthz: healthzOf(findings) };
}

function commitOf(findings: readonly Finding[]): string | null {
  const observed = findings.find(({ check }) => check === 'version')?.observed;
  const commit = isObject(observed) ? observed['commit'] : undefined;
  return typeof commit === 'string' ? commit : null;
}

function healthzOf(findings: readonly Finding[]): ServiceSummary['healthz'] {
  const last = findings.find(({ check }) => check === 'health')?.tries?.at(-1);
  if (!isObject(last)) return null;
  const { status, phases } = last;
  const totalMs = isObject(phases) ? phases['totalMs'] : undefined;
  if (typeof totalMs !== 'number') return null;
  return { status: typeof status === 'number' ? status : null, ms: totalMs };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
