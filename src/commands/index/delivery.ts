// Where an index goes besides its own file: to a context service (--push), into a payload for one (--payload).
import type { Context } from '../../context.ts';
import type { SophiaError } from '../../errors.ts';
import type { IndexReport } from '../../index/indexer.ts';
import type { PayloadTarget } from '../../index/push/payload.ts';
import type { PushReport } from '../../index/push/push.ts';
import type { ContextService } from '../../index/push/service.ts';
import { plural } from '../../markdown.ts';
import type { Finding } from '../../outcome.ts';
import { toPushData, type DeliveryData } from './data.ts';

export const INDEX_TOKEN = 'SOPHIA_INDEX_TOKEN';

const PUSH_ATTEMPTS = 3;

export interface Wishes {
  readonly push: string | undefined;
  readonly payload: string | undefined;
}

/** Where to, known to be possible as far as one can know before. */
export interface Delivery {
  readonly service: ContextService | null;
  readonly payload: { readonly given: string; readonly target: PayloadTarget } | null;
}

export interface Delivered {
  readonly findings: readonly Finding[];
  readonly data: DeliveryData;
  /** A refusal ends the run with its own exit code; the index is complete all the same. */
  readonly error: SophiaError | null;
}

/** Throws `SERVICE_URL_INVALID`, `SERVICE_TOKEN_INVALID` and `PAYLOAD_TARGET_INVALID`: nothing was done then. */
export async function planDelivery(context: Context, wishes: Wishes): Promise<Delivery> {
  return { service: await planPush(context, wishes.push), payload: await planPayload(context, wishes.payload) };
}

export async function deliver(
  context: Context,
  delivery: Delivery,
  { root, report }: { root: string; report: IndexReport },
): Promise<Delivered> {
  const request = { root, repository: report.inventory.repository, commit: report.inventory.commit };
  const isEmpty = (report.stats?.documents ?? 0) === 0;
  const findings: Finding[] = [];
  let data: DeliveryData = {};
  let error: SophiaError | null = null;
  if (delivery.payload !== null) {
    const { given, target } = delivery.payload;
    const { writePayload } = await import('../../index/push/payload.ts');
    const { leftOut, ...written } = await writePayload(context, { ...request, target });
    findings.push(judgePayload(given, written.entries, leftOut));
    data = { ...data, payload: { path: given, ...written, left_out: leftOut.length } };
  }
  if (delivery.service !== null && isEmpty) {
    // An empty index would empty the service: more likely a wrong directory than a wish.
    findings.push({
      check: 'push',
      target: delivery.service.url,
      verdict: 'blocked',
      reason: 'there is nothing to push, and nothing was removed from the service',
    });
  } else if (delivery.service !== null) {
    const { push } = await import('../../index/push/push.ts');
    const { judgePush } = await import('../../index/push/judge.ts');
    const pushed = await push(context, delivery.service, request);
    findings.push(...judgePush(pushed));
    data = { ...data, push: toPushData(pushed) };
    error = refusalOf(pushed);
  }
  return { findings, data, error };
}

async function planPush(context: Context, url: string | undefined): Promise<ContextService | null> {
  if (url === undefined) return null;
  const { parseAddress, readToken } = await import('../../index/push/address.ts');
  const { ContextService } = await import('../../index/push/service.ts');
  const address = parseAddress(url);
  const token = readToken(context.env, INDEX_TOKEN, address);
  return new ContextService(context, { address, token, variable: INDEX_TOKEN, refusal: 'PUSH_REFUSED', attempts: PUSH_ATTEMPTS });
}

async function planPayload(context: Context, given: string | undefined): Promise<Delivery['payload']> {
  if (given === undefined) return null;
  const { findTarget } = await import('../../index/push/payload.ts');
  return { given, target: findTarget(context, given) };
}

function judgePayload(given: string, entries: number, leftOut: readonly string[]): Finding {
  const base = { check: 'payload', target: given, observed: entries } as const;
  if (leftOut.length === 0) return { ...base, verdict: 'pass', reason: `${given} holds ${plural(entries, 'file')}` };
  return {
    ...base,
    verdict: 'warn',
    reason: `${given} lacks ${plural(leftOut.length, 'file')} that are too large or changed after they were indexed: ${leftOut.slice(0, 5).join(', ')}`,
  };
}

function refusalOf({ stopped }: PushReport): SophiaError | null {
  return stopped?.code === 'PUSH_REFUSED' ? stopped : null;
}
