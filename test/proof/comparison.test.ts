import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countVerdicts, resultOf, VERDICTS, type Finding, type Verdict } from '../../src/outcome.ts';
import { compareRuns, type Comparison } from '../../src/proof/comparison.ts';
import type { Predicate } from '../../src/proof/statement.ts';
import { sampleStatement } from '../fakes/statement.ts';

function runWith(findings: readonly Finding[], inputs: Predicate['inputs'] = []): Predicate {
  return { ...sampleStatement.predicate, findings, counts: countVerdicts(findings), result: resultOf(findings), inputs };
}

function find(check: string, verdict: Verdict, target = 'api'): Finding {
  return { check, target, verdict, reason: 'r' };
}

function compare(before: readonly Finding[], after: readonly Finding[]): Comparison {
  return compareRuns(runWith(before), runWith(after));
}

test('equal runs differ in nothing', () => {
  assert.deepEqual(compare([find('health', 'pass')], [find('health', 'pass')]), { flipped: [], inputs: [], isWorse: false });
});

test('a verdict that changed is named with both of its values', () => {
  const { flipped, isWorse } = compare([find('health', 'pass'), find('tls', 'fail')], [find('health', 'fail'), find('tls', 'pass')]);
  assert.deepEqual(flipped, [
    { check: 'health', target: 'api', from: 'pass', to: 'fail', isWorse: true },
    { check: 'tls', target: 'api', from: 'fail', to: 'pass', isWorse: false },
  ]);
  assert.equal(isWorse, true, 'one that got better does not outweigh one that got worse');
});

test('what is not looked at any more is worse, whatever it was; a new check is worse only when it is bad', () => {
  for (const verdict of VERDICTS) {
    assert.equal(compare([find('a', 'pass'), find('b', verdict)], [find('a', 'pass')]).isWorse, verdict !== 'skipped', verdict);
    assert.equal(compare([find('a', 'pass')], [find('a', 'pass'), find('b', verdict)]).isWorse, verdict !== 'pass', verdict);
  }
});

test('of several findings about one thing the worst counts, in any order', () => {
  const two = [find('a', 'pass'), find('a', 'warn')];
  assert.deepEqual(compare(two, two.toReversed()).flipped, []);
  assert.equal(compare(two, [find('a', 'pass')]).isWorse, false);
});

test('names with separators in them are not mixed up', () => {
  const { flipped } = compare([find('a b', 'pass', 'c')], [find('a', 'pass', 'b c')]);
  assert.equal(flipped.length, 2);
});

test('inputs are compared by digest', () => {
  const input = (name: string, digit: string): Predicate['inputs'][number] => ({
    name,
    digest: { sha256: digit.repeat(64) },
    sizeBytes: 1,
  });
  const { inputs, isWorse } = compareRuns(
    runWith([find('a', 'pass')], [input('x', '1'), input('gone', '2'), input('same', '3')]),
    runWith([find('a', 'pass')], [input('same', '3'), input('x', '4'), input('new', '5')]),
  );
  assert.deepEqual(inputs, [
    { name: 'x', from: '1'.repeat(64), to: '4'.repeat(64) },
    { name: 'gone', from: '2'.repeat(64), to: null },
    { name: 'new', from: null, to: '5'.repeat(64) },
  ]);
  assert.equal(isWorse, false);
});
