// What is asked again: what may be over in a moment, and only where asking twice does no more than asking once.
import type { Answer, HttpQuestion, Question } from '../answer.ts';
import type { Ask } from './inquiry.ts';
import type { Defaults } from './service.ts';
import { isHealthy } from './judge.ts';
import { isOfNetwork } from './judging/trouble.ts';

export interface Attempted {
  readonly ask: Ask;
  readonly answer: Answer;
  /** Number of this one; the first is 1. */
  readonly attempt: number;
  readonly retries: Defaults['retries'];
}

/**
 * From and to (ms) of the pause before the next attempt, of which the caller draws one with equal chance for each (full jitter); null
 * where this one is the last. A sample of an objective is not asked about: it is never repeated.
 */
export function mayRetry({ ask, answer, attempt, retries }: Attempted): readonly [number, number] | null {
  if (attempt > retries.network || !isPassing(answer) || !isRepeatable(ask.question, answer) || isExpected(ask, answer)) return null;
  const [base, cap] = retries.backoffMs;
  return [0, Math.min(cap, base * 2 ** (attempt - 1))];
}

/** Bad gateway, unavailable, gateway timeout: what stands before a service says so while it is exchanged. */
const PASSING_STATUS = new Set([502, 503, 504]);

function isPassing({ trouble, http }: Answer): boolean {
  return trouble === null ? http !== null && PASSING_STATUS.has(http.status) : isOfNetwork(trouble);
}

function isRepeatable(question: Question, answer: Answer): boolean {
  return question.kind !== 'http' || !hasEffect(question) || !mayHaveArrived(answer);
}

/** RFC 9110 §9.2.2: nobody but its author knows whether a POST or PATCH may be repeated, and a body is there to change something. */
function hasEffect({ method, body }: HttpQuestion): boolean {
  return body !== null || method === 'POST' || method === 'PATCH';
}

/** What ends an attempt before anything is said. A connection that was reset may have carried the request. */
const BEFORE_SPEAKING: ReadonlySet<string> = new Set(['NET_REFUSED', 'NET_UNREACHABLE', 'NET_TIMEOUT_CONNECT', 'NET_TIMEOUT_TLS']);

/** At any of the addresses: the trouble of an answer is that of the first that had some, and another one may have been asked. */
function mayHaveArrived({ trouble, addresses }: Answer): boolean {
  const endings = [trouble, ...addresses.map((each) => each.trouble)];
  return !endings.every((ending) => ending !== null && (BEFORE_SPEAKING.has(ending.code) || ending.code.startsWith('DNS_')));
}

/** 503 is right for a check that expects it. What is judged a warning is an answer, too. */
function isExpected(ask: Ask, answer: Answer): boolean {
  const judgements = answer.trouble === null ? ask.judge(answer) : (ask.judgeTrouble?.(answer) ?? []);
  return judgements.length > 0 && judgements.every(({ verdict }) => isHealthy(verdict));
}
