// Keeps an index fresh until it is told to stop. By asking git now and then: watchers of the system lose events, run out of
// handles on large trees, and are not the same anywhere.
import type { Context } from '../../context.ts';
import { SophiaError, toProblem } from '../../errors.ts';
import { buildIndex, type IndexReport, type IndexRequest } from '../../index/indexer.ts';
import { takeInventory } from '../../index/inventory.ts';
import { hintsOf } from '../../index/plan.ts';

const POLL_MS = 1000;
/** A look at a large tree takes longer, and is taken so much more seldom: at most a tenth of a core. */
const PAUSE_PER_LOOK = 9;
/** Editors and checkouts write many files in a row. */
const SETTLE_MS = 300;

/** Never returns: ends with what the signal was aborted for. `tell` hears of every refresh that changed something. */
export async function keepFresh(
  context: Context,
  request: IndexRequest,
  first: IndexReport,
  tell: (report: IndexReport, elapsedMs: number) => void,
): Promise<never> {
  let facts = first.stats?.facts ?? {};
  for (;;) {
    const startedMs = context.clock.monotonicMs();
    if (await hasChanged(context, request, facts)) {
      await pause(context, SETTLE_MS);
      const refreshedMs = context.clock.monotonicMs();
      const report = await refresh(context, request);
      if (report !== null && isNews(report, facts)) tell(report, context.clock.monotonicMs() - refreshedMs);
      facts = report?.stats?.facts ?? facts;
    }
    await pause(context, Math.max(POLL_MS, PAUSE_PER_LOOK * (context.clock.monotonicMs() - startedMs)));
  }
}

type Facts = Readonly<Record<string, string>>;

async function hasChanged(context: Context, request: IndexRequest, facts: Facts): Promise<boolean> {
  const inventory = await takeInventory(context, { ...request, knownStamp: facts['stamp'], known: hintsOf(facts['hints']) });
  return !inventory.unchanged || (inventory.commit ?? '') !== facts['commit'];
}

/** Null where it has to wait: another run writes, or there is no room just now. */
async function refresh(context: Context, request: IndexRequest): Promise<IndexReport | null> {
  try {
    return await buildIndex(context, { ...request, isFull: false });
  } catch (error) {
    if (context.signal.aborted || !(error instanceof SophiaError) || !toProblem(error).retryable) throw error;
    context.log.warn(error.message);
    return null;
  }
}

/** Files that were only touched, or grew old enough to be trusted, change the facts and nothing else. */
function isNews({ changed, stats }: IndexReport, before: Facts): boolean {
  return changed.added + changed.modified + changed.removed > 0 || stats?.facts['commit'] !== before['commit'];
}

async function pause(context: Context, ms: number): Promise<void> {
  await context.clock.sleep(ms, context.signal).catch(() => {});
  context.signal.throwIfAborted();
}
