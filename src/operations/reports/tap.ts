// TAP 14: a line for each check, and below it in YAML what a person wants to know.
import type { Finding, Verdict } from '../../outcome.ts';

export function toTap(findings: readonly Finding[]): string {
  const points = findings.map((finding, index) => toPoint(finding, index + 1));
  return ['TAP version 14', findings.length === 0 ? '1..0 # SKIP nothing was checked' : `1..${findings.length}`, ...points, ''].join('\n');
}

function toPoint(finding: Finding, number: number): string {
  const { check, target, verdict, reason } = finding;
  const isOk = OK.has(verdict);
  const directive = verdict === 'skipped' ? ` # SKIP ${line(reason)}` : '';
  const head = `${isOk ? 'ok' : 'not ok'} ${number} - ${line(`${target} ${check}`)}${directive}`;
  return verdict === 'pass' || verdict === 'skipped' ? head : [head, ...diagnosticOf(finding)].join('\n');
}

const OK: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'flaky', 'warn', 'skipped']);

/** JSON is YAML, and needs no rules of its own for what strangers wrote. */
function diagnosticOf({ verdict, code, reason, expected, observed, location }: Finding): readonly string[] {
  const facts = { verdict, code, reason, expected, observed, at: location };
  const lines = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${quoted(value)}`]));
  return ['---', ...lines, '...'].map((each) => `  ${each}`);
}

/** YAML refuses the control characters between DEL and NBSP, which JSON leaves as they are. */
function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007F-\u009F\u2028\u2029\uFEFF]/g, escaped);
}

/** A `#` begins a directive, and a backslash takes its meaning from it. */
function line(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  const visible = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, escaped);
  return visible.replaceAll('\\', '\\\\').replaceAll('#', String.raw`\#`);
}

function escaped(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
