// How much is under way at once: in all, and with one host, since a checker that storms a server measures its own storm.

export interface SlotLimits {
  readonly total: number;
  readonly perHost: number;
}

export interface Slots {
  /** Does the work when its turn has come: first come, first served, but nobody waits behind a host that is busy. */
  run<Value>(host: string, work: () => Promise<Value>): Promise<Value>;
}

/** Those who want to ask one host. */
interface Line {
  busy: number;
  /** In the order in which they came; those before `next` have been served. */
  readonly waiting: { readonly turn: number; readonly start: () => void }[];
  next: number;
}

export function createSlots({ total, perHost }: SlotLimits): Slots {
  const lines = new Map<string, Line>();
  let taken = 0;
  let turns = 0;

  const lineOf = (host: string): Line => {
    const line = lines.get(host) ?? { busy: 0, waiting: [], next: 0 };
    lines.set(host, line);
    return line;
  };
  const isFree = ({ busy }: Line): boolean => taken < total && busy < perHost;
  const take = (line: Line): void => {
    taken += 1;
    line.busy += 1;
  };
  /** Of all who could start, who came first. There are few hosts, and there may be many who wait. */
  const startNext = (): void => {
    const open = [...lines.values()].filter((line) => line.next < line.waiting.length && isFree(line));
    const [first, ...others] = open;
    if (first === undefined) return;
    const line = others.reduce((best, each) => (each.waiting[each.next]!.turn < best.waiting[best.next]!.turn ? each : best), first);
    const { start } = line.waiting[line.next]!;
    line.next += 1;
    start();
  };
  const leave = (line: Line): void => {
    taken -= 1;
    line.busy -= 1;
    startNext();
  };
  const enter = async (line: Line): Promise<void> => {
    if (isFree(line)) return take(line);
    const { promise, resolve } = Promise.withResolvers<void>();
    const start = (): void => {
      take(line);
      resolve();
    };
    turns += 1;
    line.waiting.push({ turn: turns, start });
    await promise;
  };

  return {
    run: async (host, work) => {
      const line = lineOf(host);
      await enter(line);
      try {
        return await work();
      } finally {
        leave(line);
      }
    },
  };
}
