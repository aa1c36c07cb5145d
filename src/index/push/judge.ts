// What a push proves. Pure: the report in, findings out.
import type { Finding } from '../../outcome.ts';
import { count, plural } from '../../markdown.ts';
import { isSame, type PushReport, type RefusedEntry } from './push.ts';

const NAMED = 5;

export function judgePush(report: PushReport): readonly Finding[] {
  return [...judgeRefused(report), ...judgeLeftOut(report), judgeWhole(report)];
}

/** One finding for each code: thousands of entries may fail for the same reason. */
function judgeRefused({ refused, url }: PushReport): Finding[] {
  const byCode = new Map<string, RefusedEntry[]>();
  for (const each of refused) byCode.set(each.code, [...(byCode.get(each.code) ?? []), each]);
  return [...byCode].sort().map(([code, entries]) => ({
    check: 'push-entries',
    target: url,
    verdict: 'fail',
    code,
    reason: `the service did not take ${plural(entries.length, 'file')} (${code}): ${nameSome(entries.map(({ path }) => path))}`,
    observed: entries.length,
    expected: 0,
  }));
}

function judgeLeftOut({ leftOut, url }: PushReport): Finding[] {
  if (leftOut.length === 0) return [];
  return [
    { check: 'push-left-out', target: url, verdict: 'warn', reason: `too large for a context service, not sent: ${nameSome(leftOut)}` },
  ];
}

function judgeWhole(report: PushReport): Finding {
  const { url, missing, stopped, held, entries, digest, retries } = report;
  const base = { check: 'push', target: url } as const;
  if (stopped !== null) {
    const isAnswer = stopped.code === 'SERVICE_REJECTED';
    return { ...base, verdict: isAnswer ? 'fail' : 'unknown', code: stopped.code, reason: stopped.message };
  }
  if (missing.length > 0 || held === null) {
    return { ...base, verdict: 'unknown', reason: `changed after it was indexed; run again: ${nameSome(missing)}` };
  }
  const facts = {
    observed: { entries: held.entries, digest: held.digest, generation: held.generation },
    expected: { entries, digest },
    ...(retries === 0 ? {} : { attempts: retries + 1 }),
  };
  if (isSame(held, { entries, digest })) {
    const verdict = retries === 0 ? 'pass' : 'flaky';
    return {
      ...base,
      ...facts,
      verdict,
      reason: `the service holds the same ${plural(entries, 'file')}${retries === 0 ? '' : ', after requests had to be repeated'}`,
    };
  }
  const difference = held.entries === entries ? 'other content' : `${count(held.entries)} files where the index has ${count(entries)}`;
  return { ...base, ...facts, verdict: 'fail', reason: `the service holds ${difference}` };
}

function nameSome(paths: readonly string[]): string {
  const rest = paths.length - NAMED;
  return `${paths.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}`;
}
