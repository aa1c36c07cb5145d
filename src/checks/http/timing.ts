// How long one answer may take. How long answers take in general is for objectives to say.
import type { Phases } from '../../answer.ts';
import { duration as inWords } from '../../markdown.ts';
import { described, duration, object, type ValueOf } from '../../shape.ts';
import { parseDuration } from '../../units.ts';
import type { Judgement } from '../inquiry.ts';

export const timeShape = object(
  {},
  {
    total: described(duration(), 'From the look-up of the name to the last byte of the body.'),
    ttfb: described(duration(), 'From the request to the first byte of the answer.'),
  },
);

export type TimeRules = ValueOf<typeof timeShape>;

export function judgeTime({ totalMs, ttfbMs }: Phases, { total, ttfb }: TimeRules): readonly Judgement[] {
  return [...judgeOne('the answer', totalMs, total), ...judgeOne('the first byte', ttfbMs, ttfb)];
}

function judgeOne(name: string, tookMs: number | null, limit: string | undefined): readonly Judgement[] {
  const limitMs = limit === undefined ? null : parseDuration(limit);
  if (limitMs === null) return [];
  const facts = { code: 'HTTP_SLOW', expected: { ms: limitMs }, observed: { ms: tookMs } } as const;
  if (tookMs === null) return [{ ...facts, verdict: 'unknown', reason: `${name}: how long it took was not measured` }];
  if (tookMs <= limitMs) return [];
  return [{ ...facts, verdict: 'fail', reason: `${name} took ${inWords(tookMs)}, more than ${limit}` }];
}
