// One finding out of all that was judged of it: the worst decides, and the others are named.
import { foldVerdicts, type Finding } from '../../outcome.ts';
import { boundReason, boundValue } from './bounds.ts';
import type { Judgement } from '../inquiry.ts';

type Weighed = Pick<Finding, 'verdict' | 'reason' | 'code' | 'expected' | 'observed' | 'attempts'>;

export interface Effort {
  /** What the ask that needed most of them needed; 0 where nothing had to be asked. */
  readonly attempts: number;
  /** Codes of the attempts that were not the last. */
  readonly before: readonly string[];
}

export function weigh(judgements: readonly Judgement[], { attempts, before }: Effort): Weighed {
  const worst = worstOf(judgements);
  const { verdict } = worst;
  const facts = { ...factsOf(worst), ...(attempts === 0 ? {} : { attempts }) };
  if (verdict !== 'pass') return { verdict, reason: boundReason(worst.reason, othersOf(judgements, worst)), ...facts };
  if (attempts <= 1) return { verdict, reason: boundReason(worst.reason), ...facts };
  const causes = [...new Set(before)].slice(0, MAX_NAMED).join(', ');
  return { verdict: 'flaky', reason: boundReason(worst.reason, ` (on attempt ${attempts}, after ${causes})`), ...facts };
}

/** Of several that are equally bad, the first. */
export function worstOf(judgements: readonly Judgement[]): Judgement {
  const verdict = foldVerdicts(judgements.map((each) => each.verdict));
  return judgements.find((each) => each.verdict === verdict) ?? NOTHING;
}

const NOTHING: Judgement = { verdict: 'unknown', reason: 'nothing was judged' };

function factsOf({ code, expected, observed }: Judgement): Pick<Finding, 'code' | 'expected' | 'observed'> {
  return {
    ...(code === undefined ? {} : { code }),
    ...(expected === undefined ? {} : { expected: boundValue(expected) }),
    ...(observed === undefined ? {} : { observed: boundValue(observed) }),
  };
}

const MAX_NAMED = 4;

/** The same thing seen on every one of several connections is one thing. */
function othersOf(judgements: readonly Judgement[], worst: Judgement): string {
  const seen = new Map<string, Judgement>();
  for (const judgement of judgements) if (judgement.verdict !== 'pass') seen.set(`${judgement.code}\n${judgement.reason}`, judgement);
  seen.delete(`${worst.code}\n${worst.reason}`);
  if (seen.size === 0) return '';
  const names = [...seen.values()].slice(0, MAX_NAMED).map(({ verdict, code }) => code ?? verdict);
  return `, and ${seen.size} more: ${names.join(', ')}${seen.size > MAX_NAMED ? ', …' : ''}`;
}
