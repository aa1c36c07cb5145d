// What happened between two readings of a counter.

export interface CounterReading {
  readonly value: number;
  /** When it began to count, by `_created` or `started_at`; null where nobody says. */
  readonly startedAt: string | null;
}

export interface Increase {
  /** Never negative: after a reset it is what was counted since. */
  readonly by: number;
  readonly isReset: boolean;
}

/** A counter that fell, or that began to count at another time, was reset in between; what it counted before that is lost. */
export function increaseOf(before: CounterReading, now: CounterReading): Increase {
  const hasMoved = before.startedAt !== null && now.startedAt !== null && Date.parse(before.startedAt) !== Date.parse(now.startedAt);
  const isReset = hasMoved || now.value < before.value;
  return { by: isReset ? now.value : now.value - before.value, isReset };
}
