// A plan is asked: each place as soon as what it needs is judged, and what needs something that is not well is not asked at all.
import type { Answer } from '../../answer.ts';
import { capturesOf, isHealthy, judgePlace, type Asked } from '../../checks/judge.ts';
import { keyOf, type Place, type Plan } from '../../checks/plan.ts';
import { askWithRetries, type Session } from './session.ts';

/** By `keyOf` of the place. Filled as answers come, so that a run that is stopped still has what it learnt. */
export type Learnt = Map<string, Asked>;

/** Places that already have an entry are not asked again. The plan has no circles: the configuration was refused otherwise. */
export async function askPlan(session: Session, plan: Plan, learnt: Learnt): Promise<void> {
  const places = new Map(plan.places.map((place) => [keyOf(place), place]));
  const reached = new Map<string, Promise<void>>();

  const reach = (key: string, place: Place): Promise<void> => {
    const already = reached.get(key);
    if (already !== undefined) return already;
    const reaching = settle(key, place);
    reached.set(key, reaching);
    return reaching;
  };
  const settle = async (key: string, place: Place): Promise<void> => {
    if (place.skip !== null || learnt.has(key)) return;
    const lack = await findLack(place);
    if (lack !== null) learnt.set(key, { kind: 'blocked', by: lack });
    else await askPlace(session, { place, captured: capturedFor(place, places, learnt), learnt });
  };
  /** The first thing it needs that is not well; null where nothing is lacking. */
  const findLack = async (place: Place): Promise<string | null> => {
    for (const need of place.needs) {
      const needed = places.get(need);
      if (needed === undefined) continue;
      await reach(need, needed);
      if (!isWell(needed, learnt.get(need))) return need;
    }
    return null;
  };

  await Promise.all([...places].map(async ([key, place]) => await reach(key, place)));
}

/** A failure counts whether it is theirs or ours: who needs the place cannot go on. */
function isWell(place: Place, asked: Asked | undefined): boolean {
  return isHealthy(judgePlace(place, asked, () => true).verdict);
}

interface Turn {
  readonly place: Place;
  readonly captured: Readonly<Record<string, string>>;
  readonly learnt: Learnt;
}

async function askPlace(session: Session, { place, captured, learnt }: Turn): Promise<void> {
  const inquiry = await place.inquire(captured);
  if (!('asks' in inquiry)) {
    learnt.set(keyOf(place), { kind: 'unaskable', why: inquiry });
    return;
  }
  const attempts: Answer[][] = inquiry.asks.map(() => []);
  learnt.set(keyOf(place), { kind: 'asked', inquiry, attempts });
  for (const [index, ask] of inquiry.asks.entries()) {
    await askWithRetries(session, { ask, retries: place.retries, attempts: attempts[index]! });
  }
}

/** Of the places of its own service that it needs, near and far. */
function capturedFor(place: Place, places: ReadonlyMap<string, Place>, learnt: Learnt): Readonly<Record<string, string>> {
  const captured: Record<string, string> = {};
  for (const need of place.needs) {
    const needed = places.get(need);
    if (needed === undefined || needed.target !== place.target) continue;
    const asked = learnt.get(need);
    Object.assign(captured, capturedFor(needed, places, learnt), asked === undefined ? {} : capturesOf(asked));
  }
  return captured;
}
