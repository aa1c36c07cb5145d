import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldService } from '../../src/checks/summary.ts';
import type { Finding } from '../../src/outcome.ts';
import { AT, phases } from './answers.ts';

function finding(parts: Partial<Finding> = {}): Finding {
  return { check: 'tree', target: 'app', verdict: 'pass', reason: 'fine', ...parts };
}

test('a service is as its worst finding is, with the code of that one', () => {
  const findings = [
    finding(),
    finding({ verdict: 'warn', code: 'TLS_EXPIRES_SOON' }),
    finding({ verdict: 'unknown', code: 'ENV_MISSING' }),
  ];
  const { verdict, code } = foldService(findings);
  assert.deepEqual([verdict, code], ['unknown', 'ENV_MISSING']);
});

test('a service of which nothing is known is unknown, and one that was left out as well', () => {
  assert.deepEqual(foldService([]), { verdict: 'unknown', code: null, commit: null, healthz: null });
  assert.equal(foldService([finding({ verdict: 'skipped' })]).verdict, 'unknown');
});

test('a service that is well has no code', () => {
  assert.deepEqual(foldService([finding(), finding({ verdict: 'skipped', code: 'ENV_MISSING' })]).code, null);
});

test('the code is of the first of the worst findings that has one', () => {
  const findings = [
    finding({ verdict: 'unknown' }),
    finding({ verdict: 'unknown', code: 'NO_CONTROL' }),
    finding({ verdict: 'warn', code: 'X' }),
  ];
  assert.equal(foldService(findings).code, 'NO_CONTROL');
});

test('the commit is the one that all answers named, right or not', () => {
  const named = (observed: NonNullable<Finding['observed']>): string | null =>
    foldService([finding({ check: 'version', observed })]).commit;
  assert.equal(named({ commit: 'abcdef1' }), 'abcdef1');
  assert.equal(named({ commits: ['abcdef1', '1234567'] }), null);
  assert.equal(named({ commit: 12 }), null);
  assert.equal(named('abcdef1'), null);
  assert.equal(foldService([finding({ observed: { commit: 'abcdef1' } })]).commit, null);
});

test('healthz is the last try of the health check', () => {
  const tries = [
    { at: AT, phases: { ...phases(5) }, status: 503 },
    { at: AT, phases: { ...phases(7) }, status: 200 },
  ];
  assert.deepEqual(foldService([finding({ check: 'health', tries })]).healthz, { status: 200, ms: 7 });
});

test('healthz has a status of null where nothing answered, and is null where it was not asked or nothing is known of it', () => {
  const healthz = (tries?: Finding['tries']): unknown => foldService([finding({ check: 'health', ...(tries && { tries }) })]).healthz;
  assert.deepEqual(healthz([{ at: AT, phases: { ...phases(7) }, code: 'NET_REFUSED' }]), { status: null, ms: 7 });
  assert.equal(healthz([{ at: null, phases: null }]), null);
  assert.equal(healthz([]), null);
  assert.equal(healthz(), null);
  assert.equal(foldService([finding()]).healthz, null);
});
