// Names and ages in, findings out. What is not known for certain never counts as well.
import type { FindingCode } from '../codes.ts';
import { duration } from '../markdown.ts';
import { foldVerdicts, type Finding, type Verdict } from '../outcome.ts';
import type { Location } from '../section.ts';
import type { Listed } from './listing.ts';
import type { Policy } from './section.ts';
import type { Usage } from './usage.ts';

export interface Evidence {
  readonly nowMs: number;
  /** Whose secrets they are, in words. */
  readonly place: string;
  readonly secrets: readonly Listed[];
  /** Why the listing may lack some. */
  readonly gaps: readonly string[];
  /** Names that are not among them, and that a workflow gets nevertheless: of the organization. */
  readonly shared: ReadonlySet<string>;
  /** Null where the workflows at hand are not those that get these secrets. */
  readonly usage: Usage | null;
  readonly policy: Policy;
}

/** As in --json. */
export interface AuditedSecret {
  readonly name: string;
  readonly updated_at: string;
  /** Whole days. Below zero, rounded up, where the date is in the future. */
  readonly age_days: number;
  readonly verdict: Verdict;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly secrets: readonly AuditedSecret[];
}

/** Two clocks are never the same. */
const MAX_AHEAD_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const NOTHING: FindingCode = 'NOTHING_TO_CHECK';

export function judgeSecrets(evidence: Evidence): Judgement {
  const { secrets, gaps, place, usage, nowMs } = evidence;
  const judged = secrets.map((secret) => ({ secret, findings: [judgeAge(secret, evidence), ...judgeUse(secret, evidence)] }));
  const findings = [
    ...(gaps.length === 0 ? [] : [judgeListing(place, gaps)]),
    ...(usage?.unreadable ?? []).map(({ file, reason }): Finding => ({ check: 'use', target: file, verdict: 'unknown', reason })),
    ...judged.flatMap((each) => each.findings),
    ...absentOf(evidence).map((name) => judgeMissing(name, evidence)),
  ];
  const audited = judged.map(({ secret: { name, updatedAt, updatedMs }, findings: own }) => ({
    name,
    updated_at: updatedAt,
    age_days: Math.trunc((nowMs - updatedMs) / DAY_MS),
    verdict: foldOf(own),
  }));
  // That there is nothing to judge is said, too: a run without a word leaves everybody guessing.
  const nothing: Finding = { check: 'listing', target: place, verdict: 'unknown', code: NOTHING, reason: 'no secret is listed' };
  return { findings: findings.length > 0 ? findings : [nothing], secrets: audited };
}

function judgeListing(target: string, gaps: readonly string[]): Finding {
  return { check: 'listing', target, verdict: 'unknown', reason: gaps.join('; ') };
}

/** A name that is ignored has one finding, and that says why. */
function foldOf(findings: readonly Finding[]): Verdict {
  return findings.every(({ verdict }) => verdict === 'skipped') ? 'skipped' : foldVerdicts(findings.map(({ verdict }) => verdict));
}

function judgeAge({ name, updatedAt, updatedMs }: Listed, { nowMs, policy }: Evidence): Finding {
  const ignored = policy.ignored.get(name);
  if (ignored !== undefined) return { check: 'age', target: name, verdict: 'skipped', reason: ignored.why, ...placedAt(ignored.location) };
  const { maxAgeMs, warnAgeMs } = policy;
  const ageMs = nowMs - updatedMs;
  const facts = { observed: { updatedAt }, expected: { maxAgeMs, warnAgeMs } };
  const judged = (verdict: Verdict, reason: string, code?: FindingCode): Finding => {
    return { check: 'age', target: name, verdict, reason, ...(code === undefined ? {} : { code }), ...facts };
  };
  if (ageMs < -MAX_AHEAD_MS) return judged('unknown', `it was updated ${inDays(-ageMs)} in the future: a clock is wrong`);
  const age = `updated ${inDays(Math.max(0, ageMs))} ago`;
  if (ageMs > maxAgeMs) return judged('fail', `${age}; at most ${inDays(maxAgeMs)} is allowed`, 'SECRET_TOO_OLD');
  if (ageMs >= warnAgeMs) return judged('warn', `${age}; it is due within ${inDays(maxAgeMs - ageMs)}`, 'SECRET_AGEING');
  return judged('pass', age);
}

/** Only where all that could use it was read. */
function judgeUse({ name }: Listed, { usage, policy }: Evidence): readonly Finding[] {
  if (usage === null || usage.open.length > 0 || usage.unreadable.length > 0) return [];
  if (policy.ignored.has(name) || usage.names.has(name)) return [];
  const reason = 'no workflow and no action here names it';
  return [{ check: 'use', target: name, verdict: 'warn', code: 'SECRET_UNUSED', reason }];
}

/** Names that are required or used and that the listing lacks, sorted. */
export function absentOf({ secrets, usage, policy }: Pick<Evidence, 'secrets' | 'usage' | 'policy'>): readonly string[] {
  const there = new Set(secrets.map(({ name }) => name));
  const wanted = new Set([...policy.required.keys(), ...(usage?.names.keys() ?? [])]);
  return [...wanted.difference(there)].toSorted();
}

function judgeMissing(name: string, { gaps, shared, usage, policy, place }: Evidence): Finding {
  const finding = { check: 'there', target: name };
  if (shared.has(name)) return { ...finding, verdict: 'pass', reason: 'the organization shares one of that name with the repository' };
  const ignored = policy.ignored.get(name);
  if (ignored !== undefined) return { ...finding, verdict: 'skipped', reason: ignored.why, ...placedAt(ignored.location) };
  const required = policy.required.get(name);
  const who = [...(required === undefined ? [] : ['sophia.yaml requires it']), ...usersOf(usage?.names.get(name) ?? [])].join(', and ');
  const location = placedAt(required ?? null);
  if (gaps.length > 0) return { ...finding, verdict: 'unknown', reason: `${who}; the listing may lack it`, ...location };
  if (required === undefined && usage?.ofEnvironments.has(name) === true)
    return { ...finding, verdict: 'unknown', reason: `${who}; ${place} has none of that name, but the environment of the job may` };
  return { ...finding, verdict: 'fail', code: 'SECRET_MISSING', reason: `${who}; ${place} has none of that name`, ...location };
}

function placedAt(location: Location | null): Pick<Finding, 'location'> {
  return location === null ? {} : { location };
}

function usersOf(files: readonly string[]): readonly string[] {
  const [first] = files;
  if (first === undefined) return [];
  return [files.length === 1 ? `${first} uses it` : `${first} and ${files.length - 1} more use it`];
}

function inDays(ms: number): string {
  return duration(ms).replace(/ 0 h$/, '');
}
