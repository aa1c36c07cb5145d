// A run under way: what it was asked, and what it has learnt so far.
import type { Context } from '../context.ts';
import type { Learnt } from './asking/asking.ts';
import type { Load } from './asking/load.ts';
import type { SampleSet } from './asking/objectives.ts';
import type { Readiness } from './asking/ready.ts';
import { createSession, type Session } from './asking/session.ts';
import type { Evidence } from './evidence/collecting.ts';
import type { History } from './history.ts';
import type { Prepared, RunRequest } from './preparation.ts';

/** What it learns is added as it comes. */
export interface Run extends RunRequest, Prepared {
  readonly context: Context;
  readonly startedMs: number;
  readonly session: Session;
  readonly evidence: Map<string, Evidence>;
  readonly readiness: Map<string, Readiness>;
  readonly learnt: Learnt;
  samples: readonly SampleSet[];
  load: readonly Load[];
  history: History;
}

export function begin(context: Context, about: RunRequest & Prepared & { readonly startedMs: number }): Run {
  const { control, defaults } = about.operations;
  const session = createSession(context, { concurrency: about.options.concurrency, control, defaults });
  return {
    ...about,
    context,
    session,
    evidence: new Map(),
    readiness: new Map(),
    learnt: new Map(),
    samples: [],
    load: [],
    history: { runs: [], broken: [] },
  };
}
