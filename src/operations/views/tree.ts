// What a run found, for people: a service, and below it what was asked of it. What is not well comes with its code and its line.
import { blocks, bold, code, count, duration, list, table, visible } from '../../markdown.ts';
import { describeFinding, FINDING_CODES } from '../../codes.ts';
import { countVerdicts, foldVerdicts, resultOf, type Finding, type Outcome, type Verdict } from '../../outcome.ts';
import type { PlannedPlace, RunFacts } from '../data.ts';

export function showRun({ findings, data }: Pick<Outcome<RunFacts>, 'findings' | 'data'>): string {
  if (data.plan !== undefined) return showPlanned(data.plan, findings);
  const branches = [...Map.groupBy(findings, ({ target }) => target)].flatMap(([target, found]) => [
    `- ${bold(foldVerdicts(found.map(({ verdict }) => verdict)))} ${visible(target)}`,
    ...found.map((finding) => `  - ${describe(finding)}`),
  ]);
  return blocks(branches.join('\n'), list(hintsOf(findings)), sumOf(findings));
}

/** `FAILED: 1 fail, 12 pass`, the worst first. */
function sumOf(findings: readonly Finding[]): string {
  const counts = countVerdicts(findings);
  const words = VERDICTS_BY_WEIGHT.filter((verdict) => counts[verdict] > 0).map((verdict) => `${count(counts[verdict])} ${verdict}`);
  return `${bold(resultOf(findings))}: ${words.join(', ')}`;
}

const VERDICTS_BY_WEIGHT: readonly Verdict[] = ['fail', 'unknown', 'blocked', 'warn', 'flaky', 'pass', 'skipped'];

function describe({ verdict, check, reason, code: word, location, durationMs }: Finding): string {
  const isWell = verdict === 'pass' || verdict === 'skipped';
  const details = [
    ...(word === undefined ? [] : [code(word)]),
    ...(isWell || location === undefined ? [] : [`${visible(location.file)}:${location.line}:${location.column}`]),
    ...(durationMs === undefined || durationMs < SLOW_MS ? [] : [duration(durationMs)]),
  ];
  return [`${bold(verdict)} ${visible(check)}: ${visible(reason)}`, ...details].join(' · ');
}

/** Only what a person would notice is worth a word. */
const SLOW_MS = 1000;

/** What to do, once for each code. */
function hintsOf(findings: readonly Finding[]): readonly string[] {
  const codes = new Set(findings.map((finding) => finding.code));
  return FINDING_CODES.filter((word) => codes.has(word)).flatMap((word) => {
    const { hint } = describeFinding(word);
    return hint === '' ? [] : [`${code(word)}: ${hint}`];
  });
}

function showPlanned(plan: readonly PlannedPlace[], findings: readonly Finding[]): string {
  const rows = plan.map(({ service, check, asks, not, needs }) => [
    service,
    check,
    not === null ? asks.join(', ') : `not asked: ${not}`,
    needs.join(', '),
  ]);
  return blocks(table(['service', 'check', 'asks', 'needs'], rows), findings.map(({ reason }) => visible(reason)).join('\n'));
}
