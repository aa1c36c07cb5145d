// Where an index goes besides its own file: to a context service (--push), into a payload for one (--payload).
import type { Context } from '../../context.ts';
import type { SophiaError } from '../../errors.ts';
import type { IndexReport } from '../../index/indexer.ts';
import type { PayloadReport, PayloadTarget } from '../../index/push/payload.ts';
import type { PushReport, PushRequest } from '../../index/push/push.ts';
import type { ContextService } from '../../index/push/service.ts';
import { plural, size } from '../../markdown.ts';
import type { Finding } from '../../outcome.ts';
import { toPushData, type DeliveryData } from './data.ts';

const INDEX_TOKEN = 'SOPHIA_INDEX_TOKEN';

const PUSH_ATTEMPTS = 3;
const NAMED = 5;

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
  const source = { root, repository: report.inventory.repository, commit: report.inventory.commit };
  const written = delivery.payload === null ? NOTHING : await deliverPayload(context, delivery.payload, source);
  const pushed =
    delivery.service === null
      ? NOTHING
      : await deliverPush(context, delivery.service, { source, isEmpty: (report.stats?.documents ?? 0) === 0 });
  return { findings: [...written.findings, ...pushed.findings], data: { ...written.data, ...pushed.data }, error: pushed.error };
}

const NOTHING: Delivered = { findings: [], data: {}, error: null };

async function deliverPayload(
  context: Context,
  { given, target }: NonNullable<Delivery['payload']>,
  source: PushRequest,
): Promise<Delivered> {
  const { writePayload } = await import('../../index/push/payload.ts');
  const written = await writePayload(context, { ...source, target });
  const { entries, bytes, leftOut } = written;
  return {
    findings: [judgePayload(given, written)],
    data: { payload: { path: given, entries, bytes, left_out: leftOut.length } },
    error: null,
  };
}

async function deliverPush(
  context: Context,
  service: ContextService,
  { source, isEmpty }: { source: PushRequest; isEmpty: boolean },
): Promise<Delivered> {
  if (isEmpty) {
    // An empty index would empty the service: more likely a wrong directory than a wish.
    const reason = 'there is nothing to push, and nothing was removed from the service';
    return { ...NOTHING, findings: [{ check: 'push', target: service.url, verdict: 'blocked', reason }] };
  }
  const { push } = await import('../../index/push/push.ts');
  const { judgePush } = await import('../../index/push/judge.ts');
  const pushed = await push(context, service, source);
  return { findings: judgePush(pushed), data: { push: toPushData(pushed) }, error: refusalOf(pushed) };
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

function judgePayload(given: string, { entries, bytes, isTooLarge, leftOut }: PayloadReport): Finding {
  const base = { check: 'payload', target: given, observed: { entries, bytes } } as const;
  if (leftOut.length > 0) {
    const names = leftOut.slice(0, NAMED).join(', ');
    return {
      ...base,
      verdict: 'warn',
      reason: `${given} lacks ${plural(leftOut.length, 'file')} too large for an entry or changed after being indexed: ${names}`,
    };
  }
  if (isTooLarge)
    return {
      ...base,
      verdict: 'warn',
      reason: `${given} has ${size(bytes)}, more than every context service takes in one request; use --push`,
    };
  return { ...base, verdict: 'pass', reason: `${given} holds ${plural(entries, 'file')}` };
}

function refusalOf({ stopped }: PushReport): SophiaError | null {
  return stopped?.code === 'PUSH_REFUSED' ? stopped : null;
}
