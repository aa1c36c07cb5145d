// A plan is asked: each place as soon as what it needs is judged, and what needs something that is not well is not asked at all.
import type { Answer } from '../../answer.ts';
import { capturesOf, isHealthy, judgePlace, type Asked } from '../../checks/judge.ts';
import { keyOf, type Place, type Plan } from '../../checks/plan.ts';
import { askWithRetries, type Session } from './session.ts';

/** By `keyOf` of the place. Filled as answers come, so that a run that is stopped still has what it learnt. */
export type Learnt = Map<string, Asked>;

type Captured = Readonly<Record<string, string>>;

/** Places that already have an entry are not asked again. The plan has no circles: the configuration was refused otherwise. */
export async function askPlan(session: Session, plan: Plan, learnt: Learnt): Promise<void> {
  const places = new Map(plan.places.map((place) => [keyOf(place), place]));
  const reached = new Map<string, Promise<void>>();
  const captures = new Map<string, Captured>();

  const reach = (key: string, place: Place): Promise<void> => {
    const already = reached.get(key);
    if (already !== undefined) return already;
    const reaching = settle(key, place);
    reached.set(key, reaching);
    return reaching;
  };
  const settle = async (key: string, place: Place): Promise<void> => {
    if (place.skip !== null) return;
    // On a stack of its own: who needs whom may be a chain of thousands.
    await Promise.resolve();
    const lack = learnt.has(key) ? null : await findLack(place);
    const captured = capturedBy(place);
    if (lack !== null) learnt.set(key, { kind: 'blocked', by: lack });
    else if (!learnt.has(key)) await askPlace(session, { place, captured, learnt });
    const asked = learnt.get(key);
    captures.set(key, asked === undefined ? captured : { ...captured, ...capturesOf(asked) });
  };
  /** By the places of its own service that it needs, near and far: each has what those before it captured. */
  const capturedBy = ({ target, needs }: Place): Captured => {
    const own = needs.filter((need) => places.get(need)?.target === target);
    return Object.fromEntries(own.flatMap((need) => Object.entries(captures.get(need) ?? {})));
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
  readonly captured: Captured;
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
