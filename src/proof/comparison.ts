// Two runs side by side: which verdicts changed, and whether the later one is worse. Pure.
import { foldVerdicts, type Finding, type Result, type Verdict } from '../outcome.ts';
import type { Predicate } from './statement.ts';

/** One check of one target; null where a run did not look. */
export interface Flip {
  readonly check: string;
  readonly target: string;
  readonly from: Verdict | null;
  readonly to: Verdict | null;
  readonly isWorse: boolean;
}

export interface InputChange {
  readonly name: string;
  /** SHA-256; null where the run did not depend on it. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface Comparison {
  readonly flipped: readonly Flip[];
  readonly inputs: readonly InputChange[];
  /** A verdict or the result is worse, or something that was looked at is not any more. */
  readonly isWorse: boolean;
}

export function compareRuns(before: Predicate, after: Predicate): Comparison {
  const flipped = compareVerdicts(before.findings, after.findings);
  return {
    flipped,
    inputs: compareInputs(before.inputs, after.inputs),
    isWorse: flipped.some(({ isWorse }) => isWorse) || BADNESS_OF_RESULT[after.result] > BADNESS_OF_RESULT[before.result],
  };
}

/** The order of the fold, and `skipped` with what says least: nobody looked. */
const BADNESS: { readonly [Each in Verdict]: number } = { pass: 0, flaky: 1, warn: 2, skipped: 3, blocked: 4, unknown: 5, fail: 6 };
const BADNESS_OF_RESULT: { readonly [Each in Result]: number } = { PASSED: 0, WARNED: 1, UNKNOWN: 2, FAILED: 3 };

function compareVerdicts(before: readonly Finding[], after: readonly Finding[]): readonly Flip[] {
  const [old, fresh] = [groupVerdicts(before), groupVerdicts(after)];
  const flips: Flip[] = [];
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const from = old.get(key) ?? null;
    const to = fresh.get(key) ?? null;
    if (from?.verdict === to?.verdict) continue;
    const { check, target } = (from ?? to)!;
    flips.push({ check, target, from: from?.verdict ?? null, to: to?.verdict ?? null, isWorse: isWorse(from?.verdict, to?.verdict) });
  }
  return flips;
}

/** What was not looked at before cannot have become worse, unless it is bad now; what is not looked at now has. */
function isWorse(from: Verdict | undefined, to: Verdict | undefined): boolean {
  if (to === undefined) return from !== 'skipped';
  return BADNESS[to] > BADNESS[from ?? 'pass'];
}

interface Group {
  readonly check: string;
  readonly target: string;
  readonly verdict: Verdict;
}

/** A check may have found several things about one target: the worst counts. */
function groupVerdicts(findings: readonly Finding[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const { check, target, verdict } of findings) {
    const key = JSON.stringify([check, target]);
    const other = groups.get(key)?.verdict;
    groups.set(key, { check, target, verdict: other === undefined ? verdict : foldVerdicts([other, verdict]) });
  }
  return groups;
}

function compareInputs(before: Predicate['inputs'], after: Predicate['inputs']): readonly InputChange[] {
  const [old, fresh] = [before, after].map((inputs) => new Map(inputs.map(({ name, digest }) => [name, digest.sha256])));
  return [...new Set([...old!.keys(), ...fresh!.keys()])]
    .map((name) => ({ name, from: old!.get(name) ?? null, to: fresh!.get(name) ?? null }))
    .filter(({ from, to }) => from !== to);
}
