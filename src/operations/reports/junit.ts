// JUnit's XML, as test reporters read it: a suite for each target, a case for each check.
import { countVerdicts, type Finding } from '../../outcome.ts';

export function toJunit(name: string, findings: readonly Finding[]): string {
  const suites = [...Map.groupBy(findings, ({ target }) => target)].map(([target, found]) => toSuite(target, found));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...totalsOf(findings) })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function toSuite(target: string, findings: readonly Finding[]): string {
  return [`  <testsuite${attributes({ name: target, ...totalsOf(findings) })}>`, ...findings.map(toCase), '  </testsuite>'].join('\n');
}

/** A check that could not be told is an error: reporters that know only red and green show it red. */
function totalsOf(findings: readonly Finding[]): Readonly<Record<string, string | number>> {
  const { total, fail, unknown, blocked, skipped } = countVerdicts(findings);
  return { tests: total, failures: fail, errors: unknown + blocked, skipped, time: secondsOf(findings) };
}

function secondsOf(findings: readonly Finding[]): string {
  return (findings.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) / 1000).toFixed(3);
}

function toCase(finding: Finding): string {
  const { check, target, location } = finding;
  const place = location === undefined ? {} : { file: location.file, line: location.line };
  const open = `    <testcase${attributes({ classname: target, name: check, time: secondsOf([finding]), ...place })}`;
  const inner = [...propertiesOf(finding), ...outcomeOf(finding)];
  return inner.length === 0 ? `${open}/>` : [`${open}>`, ...inner.map((line) => `      ${line}`), '    </testcase>'].join('\n');
}

/** A case passes or does not; what lies between is told beside it. */
function propertiesOf({ verdict, reason, code }: Finding): readonly string[] {
  if (verdict !== 'flaky' && verdict !== 'warn') return [];
  const told = { verdict, ...(code === undefined ? {} : { code }), reason };
  const properties = Object.entries(told).map(([name, value]) => `<property${attributes({ name, value })}/>`);
  return ['<properties>', ...properties.map((line) => `  ${line}`), '</properties>'];
}

function outcomeOf(finding: Finding): readonly string[] {
  switch (finding.verdict) {
    case 'fail':
      return [element('failure', finding)];
    case 'unknown':
    case 'blocked':
      return [element('error', finding)];
    case 'skipped':
      return [`<skipped${attributes({ message: finding.reason })}/>`];
    default:
      return [];
  }
}

function element(name: 'failure' | 'error', { verdict, code, reason, expected, observed }: Finding): string {
  const facts = Object.entries({ expected, observed }).filter(([, value]) => value !== undefined);
  const text = facts.map(([what, value]) => `${what}: ${JSON.stringify(value)}`).join('\n');
  return `<${name}${attributes({ message: reason, type: code ?? verdict })}>${escape(text)}</${name}>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => ` ${name}="${escape(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
}

/** With `>` escaped no text can end a CDATA section that a reader puts around it: `]]>` may stand nowhere in XML. */
function escape(text: string): string {
  return legal(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** XML 1.0 §2.2 has no way to write the other characters, not even by number. */
function legal(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]/g, (character) => {
    return `\\x${character.codePointAt(0)!.toString(16).padStart(2, '0')}`;
  });
}
