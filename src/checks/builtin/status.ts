// What an answer to a built-in check must be before its body is looked at: 2xx, and not empty.
import type { HttpReply } from '../../answer.ts';
import { judgeStatus } from '../http/status.ts';
import type { Judgement } from '../inquiry.ts';

/** Null where it is 2xx. `said` is what the body adds, for the reader: it changes nothing. */
export function judgeSuccess(http: HttpReply, said = ''): Judgement | null {
  const judgement = judgeStatus(http, { status: undefined, redirect: undefined }, '');
  return judgement === null ? null : { ...judgement, reason: `${judgement.reason}${said}` };
}

/** Null where there is something. */
export function judgePresence({ status, body }: HttpReply): Judgement | null {
  if (body.length > 0) return null;
  return {
    verdict: 'fail',
    code: 'HTTP_EMPTY',
    reason: `HTTP ${status} without a body`,
    expected: 'a body',
    observed: { status, bytes: 0 },
  };
}
