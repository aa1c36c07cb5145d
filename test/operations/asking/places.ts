// Places made by hand, and a session that asks a fake probe for them.
import type { TestContext } from 'node:test';
import type { Inquiry, Judgement } from '../../../src/checks/inquiry.ts';
import { keyOf, type Place } from '../../../src/checks/plan.ts';
import type { Defaults } from '../../../src/checks/service.ts';
import { createSession, type Asking, type Session } from '../../../src/operations/asking/session.ts';
import { contextFor } from '../../fakes/context.ts';
import { fakeProbe, get, virtualClock, type FakeProbe, type Replies, type VirtualClock } from '../../fakes/probe.ts';

export const DEFAULTS: Defaults = {
  timeoutMs: 10_000,
  connectTimeoutMs: 3000,
  retries: { network: 2, backoffMs: [500, 5000] },
  maxBodyBytes: 1 << 20,
  family: 'any',
  userAgent: 'sophia',
};

export interface Desk {
  readonly session: Session;
  readonly probe: FakeProbe;
  readonly clock: VirtualClock;
  readonly stop: AbortController;
}

export interface DeskOptions {
  readonly concurrency?: number;
  readonly control?: readonly string[];
}

export function deskFor(t: TestContext, replies: Replies, { concurrency = 8, control = [] }: DeskOptions = {}): Desk {
  const clock = virtualClock();
  const probe = fakeProbe(replies, clock);
  const stop = new AbortController();
  const { machine, log } = contextFor(t);
  const context: Asking = {
    probe,
    clock,
    log,
    machine: { ...machine, randomBytes: (count) => new Uint8Array(count).fill(255) },
    signal: stop.signal,
  };
  return { session: createSession(context, { concurrency, control, defaults: DEFAULTS }), probe, clock, stop };
}

export interface PlaceOptions extends Partial<Omit<Place, 'needs'>> {
  readonly urls?: readonly string[];
  /** `service/check`. */
  readonly needs?: readonly string[];
  readonly inquiry?: Partial<Inquiry>;
}

/** `api/tree`: a check that wants a status of 200. */
export function place(name: string, { urls = [`https://${name}`], needs = [], inquiry = {}, ...more }: PlaceOptions = {}): Place {
  const [target = '', check = ''] = name.split('/');
  return {
    target,
    check,
    location: null,
    skip: null,
    needs: needs.map(toKey),
    retries: DEFAULTS.retries,
    inquire: () =>
      Promise.resolve({ asks: urls.map((url) => ({ question: get(url), judge: ({ http }) => [judgeStatus(http?.status)] })), ...inquiry }),
    ...more,
  };
}

export function toKey(name: string): string {
  const [target = '', check = ''] = name.split('/');
  return keyOf({ target, check });
}

function judgeStatus(status: number | undefined): Judgement {
  const reason = `HTTP ${status}`;
  return status === 200 ? { verdict: 'pass', reason } : { verdict: 'fail', code: 'HTTP_STATUS', reason };
}
