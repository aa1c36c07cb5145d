import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toJunit } from '../../../src/operations/reports/junit.ts';
import { reportsOf } from '../../../src/operations/reports/reports.ts';
import { toTap } from '../../../src/operations/reports/tap.ts';
import type { Finding } from '../../../src/outcome.ts';
import { VERDICTS } from '../../../src/outcome.ts';
import { matchGolden } from '../../golden.ts';
import { FINDINGS } from '../findings.ts';

const anyFinding: fc.Arbitrary<Finding> = fc.record({
  check: fc.string({ unit: 'binary' }),
  target: fc.string({ unit: 'binary' }),
  verdict: fc.constantFrom(...VERDICTS),
  reason: fc.string({ unit: 'binary' }),
  observed: fc.record({ text: fc.string({ unit: 'binary' }) }),
});

test('JUnit is what was agreed', () => {
  matchGolden('operations/junit.xml', toJunit('sophia smoke', FINDINGS));
});

test('TAP is what was agreed', () => {
  matchGolden('operations/results.tap', toTap(FINDINGS));
});

test('nothing that a stranger wrote makes XML that is none', () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 5 }), (findings) => {
      const xml = toJunit('any', findings);
      // XML 1.0 §2.2, and §2.4: no `]]>` in text.
      // oxlint-disable-next-line no-control-regex -- the ones that may stand there
      match(xml, /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
      equal(xml.includes(']]>'), false);
      const bare = xml.replaceAll(/<\/?[a-z?][^<>]*>/g, '');
      equal(/[<>]/.test(bare), false);
    }),
  );
});

test('in TAP a finding is one line, and those below it are indented', () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 5 }), (findings) => {
      const [version, plan, ...lines] = toTap(findings)
        .slice(0, -1)
        .split(/\r\n|[\n\r\u0085\u2028\u2029]/);
      deepEqual([version, plan], ['TAP version 14', `1..${findings.length}`]);
      const points = lines.filter((line) => !line.startsWith('  '));
      equal(points.length, findings.length);
      for (const [index, point] of points.entries()) {
        const isOk = ['pass', 'flaky', 'warn', 'skipped'].includes(findings[index]!.verdict);
        match(point, isOk ? new RegExp(`^ok ${index + 1} - `) : new RegExp(`^not ok ${index + 1} - `));
        equal(/(?<!\\)#/.test(point), findings[index]!.verdict === 'skipped');
      }
    }),
  );
});

test('a run that found nothing is no run in which all is well', () => {
  match(toJunit('sophia smoke', []), /tests="0"/);
  match(toTap([]), /^1\.\.0 # SKIP/m);
});

test('a report is written where it was asked for, and nowhere else', () => {
  deepEqual(
    reportsOf('sophia smoke', FINDINGS, { junit: 'out/j.xml', tap: undefined }).map(({ path }) => path),
    ['out/j.xml'],
  );
  deepEqual(reportsOf('sophia smoke', FINDINGS, { junit: undefined, tap: undefined }), []);
});
