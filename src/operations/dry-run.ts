// What a run would ask, without asking it.
import { nameOf, type Place } from '../checks/plan.ts';
import type { Context } from '../context.ts';
import { plural } from '../markdown.ts';
import { outcome, type Outcome } from '../outcome.ts';
import { createRedactor, type Redactor } from '../proof/redaction/redaction.ts';
import { rulesOf } from '../proof/redaction/rules.ts';
import type { PlannedPlace, RunFacts } from './data.ts';
import { describeQuestion } from './failing.ts';
import type { Prepared } from './preparation.ts';

/** No proof is left of it, so nobody else takes out the secrets. */
export async function showPlan(context: Context, { plan: { places }, expectedCommit }: Prepared): Promise<Outcome<RunFacts>> {
  const redactor = createRedactor(rulesOf(context));
  const plan = await Promise.all(places.map(async (place) => await toPlanned(place, redactor)));
  const reason = `${plural(places.length, 'check')} planned; nothing was asked`;
  return outcome([{ check: 'dry-run', target: 'run', verdict: 'pass', reason }], {
    services: [],
    samples: [],
    expected_commit: expectedCommit,
    schedule: null,
    plan,
  });
}

async function toPlanned(place: Place, redactor: Redactor): Promise<PlannedPlace> {
  const { target, check, skip, needs } = place;
  const about = { service: target, check, needs: needs.map(nameOf) };
  if (skip !== null) return { ...about, asks: [], not: skip };
  const inquiry = await place.inquire({});
  // What an earlier check would have captured is not known before it is asked.
  if (!('asks' in inquiry)) return { ...about, asks: [], not: inquiry.reason };
  return { ...about, asks: counted(inquiry.asks.map(({ question }) => redactor.text(describeQuestion(question), ''))), not: null };
}

/** One question on several connections is one line. */
function counted(asks: readonly string[]): readonly string[] {
  const times = [...Map.groupBy(asks, (ask) => ask)];
  return times.map(([ask, all]) => (all.length === 1 ? ask : `${ask} (${plural(all.length, 'time')})`));
}
