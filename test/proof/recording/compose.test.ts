import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { SophiaError } from '../../../src/errors.ts';
import { resultOf, VERDICTS, type Finding, type Result } from '../../../src/outcome.ts';
import { exitCodeAfter, toStop, withEnding } from '../../../src/proof/recording/compose.ts';

const HEALTH: Readonly<Record<Result, number>> = { PASSED: 2, WARNED: 1, UNKNOWN: 0, FAILED: 0 };
const finding = fc.constantFrom(...VERDICTS).map((verdict): Finding => ({ check: 'c', target: 't', verdict, reason: 'r' }));
const findings = fc.array(finding, { maxLength: 8 });

function healthOf(each: readonly Finding[]): number {
  return HEALTH[resultOf(each)];
}

test('one more judged finding never makes a result better, but where there was none', () => {
  fc.assert(
    fc.property(findings, finding, (before, added) => {
      const isJudged = before.some(({ verdict }) => verdict !== 'skipped');
      if (isJudged) assert.ok(healthOf([...before, added]) <= healthOf(before));
    }),
  );
});

test('an answer that is lost, and a run that is cut off, never make a result better', () => {
  fc.assert(
    fc.property(findings, fc.nat(), (before, place) => {
      const lost = before.map((each, index): Finding => (index === place % before.length ? { ...each, verdict: 'unknown' } : each));
      assert.ok(healthOf(lost) <= healthOf(before));
      assert.ok(healthOf(withEnding(before.slice(0, place % 9), toStop(new SophiaError('TIMEOUT', { seconds: 1 })))) <= healthOf(before));
    }),
  );
});

test('a fail outweighs "could not tell", and a usage or permission error outweighs both', () => {
  const fail: Finding = { check: 'c', target: 't', verdict: 'fail', reason: 'r' };
  const timeout = toStop(new SophiaError('TIMEOUT', { seconds: 1 }));
  const usage = toStop(new SophiaError('USAGE', { problem: '', command: '' }));
  const broken = toStop(new SophiaError('PROOF_DOES_NOT_HOLD', { directory: '', count: 1 }));
  assert.equal(exitCodeAfter(withEnding([], timeout), timeout), 3);
  assert.equal(exitCodeAfter(withEnding([fail], timeout), timeout), 1);
  assert.equal(exitCodeAfter(withEnding([fail], usage), usage), 2);
  assert.equal(exitCodeAfter(withEnding([fail], broken), broken), 5);
});
