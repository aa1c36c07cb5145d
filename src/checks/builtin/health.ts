// How a service says it is: one word, in JSON, at a path. What it does not say nobody knows.
import type { HttpReply } from '../../answer.ts';
import { duration } from '../../markdown.ts';
import type { Json } from '../../outcome.ts';
import { parseJson, readBody } from '../body/json.ts';
import { find } from '../body/path.ts';
import { NO_REPLY } from '../http/status.ts';
import type { Inquiry, Judgement } from '../inquiry.ts';
import type { HealthRule } from '../service.ts';
import { toGet, type Ground } from './ground.ts';
import { judgePresence, judgeSuccess } from './status.ts';

export function inquireHealth(rule: HealthRule, ground: Ground): Inquiry {
  const question = toGet(ground, rule.path, 'application/json');
  return { asks: [{ question, judge: ({ http, phases }) => [http === null ? NO_REPLY : judgeHealth(rule, http, phases.totalMs)] }] };
}

function judgeHealth(rule: HealthRule, http: HttpReply, totalMs: number): Judgement {
  const flaw = judgeSuccess(http, quoteWord(rule, http)) ?? judgePresence(http);
  if (flaw !== null) return flaw;
  const body = readBody(http.body);
  if ('flaw' in body) return body.flaw;
  const word = find(rule.at, body.value);
  const facts = { expected: { health: rule.pass }, observed: { status: http.status } };
  if ('missing' in word) {
    const reason = `HTTP ${http.status}, but the body has no ${word.at}, which would say how the service is`;
    return { ...facts, verdict: 'unknown', code: 'HEALTH_NO_FIELD', reason };
  }
  return { ...facts, ...judgeWord(rule, word.found, { http, totalMs }), observed: { status: http.status, health: word.found } };
}

/** A word that stands in several lists means the worst of them. */
function judgeWord(
  { at, pass, warn, fail }: HealthRule,
  word: Json,
  { http, totalMs }: { readonly http: HttpReply; readonly totalMs: number },
): Judgement {
  const isIn = (words: readonly string[]): boolean => typeof word === 'string' && words.some((each) => areSame(each, word));
  const said = `HTTP ${http.status}, but the body says ${JSON.stringify(word)}`;
  if (isIn(fail)) return { verdict: 'fail', code: 'HEALTH_FAIL', reason: said };
  if (isIn(warn)) return { verdict: 'warn', code: 'HEALTH_WARN', reason: said };
  if (isIn(pass)) return { verdict: 'pass', reason: `healthy in ${duration(totalMs)}` };
  return { verdict: 'unknown', code: 'HEALTH_UNKNOWN_WORD', reason: `${said} at ${at}, and nobody has said what that means` };
}

function areSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The status has decided already; whoever is called at night wants to know both. */
function quoteWord({ at }: HealthRule, { body }: HttpReply): string {
  const read = parseJson(body);
  const word = 'value' in read ? find(at, read.value) : null;
  return word === null || 'missing' in word ? '' : `, and the body says ${JSON.stringify(word.found)}`;
}
