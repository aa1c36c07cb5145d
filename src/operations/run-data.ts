// What a smoke run says of itself beyond findings, and what slo, incidents and the dashboard read back from its proof. Names as in --json.
import type { HistogramData } from '../metrics/histogram.ts';

/** `data` of smoke and verify. */
export interface RunData {
  readonly services: readonly ServiceData[];
  readonly samples: readonly SampleData[];
}

export interface ServiceData {
  readonly id: string;
  /** The fold of the service's findings. */
  readonly verdict: string;
  /** Of the worst finding; null where all is well. */
  readonly code: string | null;
  /** That it named; null where it named none, or several. */
  readonly commit: string | null;
  /** Null where its health was not asked; a status of null where nothing answered. */
  readonly healthz: { readonly status: number | null; readonly ms: number } | null;
}

/** What one run saw of one objective. `planned` − `n` is missing. */
export interface SampleData {
  readonly slo: string;
  readonly service: string;
  readonly check: string;
  readonly planned: number;
  /** That say something: good + bad. */
  readonly n: number;
  readonly good: number;
  readonly bad: number;
  /** That say nothing about latency, because this machine was busy; of an objective of latency they are not in `n`. */
  readonly tainted: number;
  /** Of the times (ms) of all answers that are not tainted; null where there were none. */
  readonly histogram: HistogramData | null;
}
