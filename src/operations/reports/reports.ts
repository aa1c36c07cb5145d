// The reports that a run was asked for, by format.
import type { Report } from '../../command.ts';
import type { Finding } from '../../outcome.ts';
import { toJunit } from './junit.ts';
import { toTap } from './tap.ts';

export interface ReportOptions {
  readonly junit: string | undefined;
  readonly tap: string | undefined;
}

/** Of findings as they were recorded, without secrets. */
export function reportsOf(name: string, findings: readonly Finding[], { junit, tap }: ReportOptions): readonly Report[] {
  return [
    ...(junit === undefined ? [] : [{ path: junit, text: toJunit(name, findings) }]),
    ...(tap === undefined ? [] : [{ path: tap, text: toTap(findings) }]),
  ];
}
