// How much is under way at once: in all, and with one host, since a checker that storms a server measures its own storm.

export interface SlotLimits {
  readonly total: number;
  readonly perHost: number;
}

export interface Slots {
  /** Does the work when its turn has come: first come, first served, but nobody waits behind a host that is busy. */
  run<Value>(host: string, work: () => Promise<Value>): Promise<Value>;
}

interface Waiting {
  readonly host: string;
  readonly start: () => void;
}

export function createSlots({ total, perHost }: SlotLimits): Slots {
  const busy = new Map<string, number>();
  const waiting: Waiting[] = [];
  let taken = 0;

  const isFree = (host: string): boolean => taken < total && (busy.get(host) ?? 0) < perHost;
  const take = (host: string): void => {
    taken += 1;
    busy.set(host, (busy.get(host) ?? 0) + 1);
  };
  const leave = (host: string): void => {
    taken -= 1;
    busy.set(host, busy.get(host)! - 1);
    const next = waiting.findIndex((each) => isFree(each.host));
    if (next !== -1) waiting.splice(next, 1)[0]!.start();
  };
  const enter = async (host: string): Promise<void> => {
    if (isFree(host)) return take(host);
    const { promise, resolve } = Promise.withResolvers<void>();
    const start = (): void => {
      take(host);
      resolve();
    };
    waiting.push({ host, start });
    await promise;
  };

  return {
    run: async (host, work) => {
      await enter(host);
      try {
        return await work();
      } finally {
        leave(host);
      }
    },
  };
}
