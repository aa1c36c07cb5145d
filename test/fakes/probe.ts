// A probe that answers by address, and a clock that only moves when someone waits: hours pass in no time, and in order.
import { setImmediate as turn } from 'node:timers/promises';
import type { Answer, HttpQuestion, Question } from '../../src/answer.ts';
import type { FindingCode } from '../../src/codes.ts';
import type { Clock, Probe } from '../../src/context.ts';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
  /** Instead of an answer. */
  readonly trouble?: FindingCode;
  /** How long it takes. */
  readonly ms?: number;
}

/** By the whole URL; `tcp`, `tls` and `dns` by `tcp://host:port` and the like. Asked with how many came before to the same address. */
export type Replies = Readonly<Record<string, Reply | ((count: number) => Reply)>>;

export interface FakeProbe extends Probe {
  /** Addresses in the order in which they were asked. */
  readonly asked: string[];
  /** The most at once. */
  readonly busiest: () => number;
  /** What the watch of the event loop says, once for each time it is read. */
  readonly lags: number[];
}

export function fakeProbe(replies: Replies, clock: VirtualClock): FakeProbe {
  const asked: string[] = [];
  const lags: number[] = [];
  const counts = new Map<string, number>();
  let running = 0;
  let busiest = 0;
  return {
    asked,
    lags,
    busiest: () => busiest,
    ask: async (question, signal) => {
      signal?.throwIfAborted();
      const address = addressOf(question);
      const count = counts.get(address) ?? 0;
      counts.set(address, count + 1);
      asked.push(address);
      running += 1;
      busiest = Math.max(busiest, running);
      try {
        const known = replies[address] ?? { trouble: 'NET_REFUSED' };
        const reply = typeof known === 'function' ? known(count) : known;
        const at = new Date(clock.now()).toISOString();
        await clock.sleep(Math.min(reply.ms ?? 1, question.timeoutMs), signal);
        return (reply.ms ?? 1) > question.timeoutMs ? answerOf(at, { ...reply, trouble: 'NET_TIMEOUT_HEADERS' }) : answerOf(at, reply);
      } finally {
        running -= 1;
      }
    },
    watchLag: () => ({ takeP99Ms: () => lags.shift() ?? 0, stop: () => {} }),
  };
}

function addressOf(question: Question): string {
  switch (question.kind) {
    case 'http':
      return question.method === 'GET' ? question.url : `${question.method} ${question.url}`;
    case 'dns':
      return `dns://${question.name}`;
    default:
      return `${question.kind}://${question.host}:${question.port}`;
  }
}

export function answerOf(at: string, { status = 200, headers = {}, body = '', trouble, ms = 1 }: Reply): Answer {
  const isJson = typeof body === 'object';
  const sent = { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers };
  return {
    at,
    phases: { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, bodyMs: null, totalMs: ms },
    trouble: trouble === undefined ? null : { code: trouble, detail: `${trouble} happened` },
    addresses: [],
    http:
      trouble === undefined
        ? {
            status,
            headers: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]])),
            body: Buffer.from(isJson ? JSON.stringify(body) : body),
          }
        : null,
    certificate: null,
    records: null,
  };
}

export function get(url: string, more: Partial<HttpQuestion> = {}): HttpQuestion {
  const limits = { timeoutMs: 10_000, connectTimeoutMs: 3000, family: 'any', maxBodyBytes: 1 << 20 } as const;
  return { kind: 'http', method: 'GET', url, headers: {}, body: null, ca: null, ...limits, ...more };
}

export interface VirtualClock extends Clock {
  /** Every wait that anyone asked for, in order. */
  readonly waits: number[];
}

/** Who waits longest wakes last; time moves when all have fallen asleep. */
export function virtualClock(startMs = Date.UTC(2026, 10, 23, 3, 0, 0)): VirtualClock {
  const sleepers: { readonly untilMs: number; readonly wake: () => void; readonly order: number }[] = [];
  const waits: number[] = [];
  let elapsedMs = 0;
  let count = 0;
  const wakeNext = async (): Promise<void> => {
    // Everything that can go on without waiting does so first.
    await turn();
    const next = sleepers.toSorted((a, b) => a.untilMs - b.untilMs || a.order - b.order)[0];
    if (next === undefined) return;
    sleepers.splice(sleepers.indexOf(next), 1);
    elapsedMs = Math.max(elapsedMs, next.untilMs);
    next.wake();
  };
  return {
    waits,
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { untilMs: elapsedMs + ms, wake: resolve, order: (count += 1) };
      const stop = (): void => {
        const at = sleepers.indexOf(sleeper);
        if (at !== -1) sleepers.splice(at, 1);
        reject(signal!.reason);
      };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
      void wakeNext();
      try {
        await promise;
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    breathe: async (signal) => {
      await turn();
      signal?.throwIfAborted();
    },
  };
}
