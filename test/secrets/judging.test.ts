import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resultOf, type Result } from '../../src/outcome.ts';
import { judgeSecrets, type Evidence } from '../../src/secrets/judging.ts';
import type { Listed } from '../../src/secrets/listing.ts';
import { readPolicy, secretsSection } from '../../src/secrets/section.ts';
import { configOf } from '../../src/section.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY = 86_400_000;

function secret(name: string, days: number): Listed {
  const updatedMs = NOW - days * DAY;
  return { name, updatedMs, updatedAt: new Date(updatedMs).toISOString() };
}

function policyOf(section: object = {}): Evidence['policy'] {
  return readPolicy(configOf(new Map([['secrets', section]])));
}

function usageOf(
  names: Readonly<Record<string, readonly string[]>>,
  rest: Partial<NonNullable<Evidence['usage']>> = {},
): Evidence['usage'] {
  return { names: new Map(Object.entries(names)), ofEnvironments: new Set(), open: [], unreadable: [], files: 1, ...rest };
}

function judge(evidence: Partial<Evidence>): readonly string[] {
  return judgeSecrets(whole(evidence)).findings.map(
    ({ check, target, verdict, code }) => `${verdict} ${check} ${target}${code === undefined ? '' : ` ${code}`}`,
  );
}

function whole(evidence: Partial<Evidence>): Evidence {
  return { nowMs: NOW, place: 'o/r', secrets: [], gaps: [], shared: new Set(), usage: null, policy: policyOf(), ...evidence };
}

test('a secret warns from 75 days on and fails beyond 90', () => {
  const secrets = [0, 74.9, 75, 90, 90.001, 400].map((days, index) => secret(`S${index}`, days));
  assert.deepEqual(judge({ secrets }), [
    'pass age S0',
    'pass age S1',
    'warn age S2 SECRET_AGEING',
    'warn age S3 SECRET_AGEING',
    'fail age S4 SECRET_TOO_OLD',
    'fail age S5 SECRET_TOO_OLD',
  ]);
});

test('a limit of one’s own moves the warning with it, unless that is set as well', () => {
  const secrets = [secret('A', 26), secret('B', 24)];
  assert.deepEqual(judge({ secrets, policy: policyOf({ max_age: '30d' }) }), ['warn age A SECRET_AGEING', 'pass age B']);
  assert.deepEqual(judge({ secrets, policy: policyOf({ max_age: '30d', warn_age: '30d' }) }), ['pass age A', 'pass age B']);
});

test('a date in the future is unknown, and two clocks may differ by a little', () => {
  assert.deepEqual(judge({ secrets: [secret('A', -1), secret('B', -1 / 1440)] }), ['unknown age A', 'pass age B']);
  assert.equal(judgeSecrets(whole({ secrets: [secret('A', -1.5)] })).secrets[0]?.age_days, -1);
});

test('what is required or used and not there fails, what is there and unused warns', () => {
  const policy = policyOf({ required: ['needed', 'BOTH'] });
  const usage = usageOf({ BOTH: ['a.yml', 'b.yml'], USED: ['a.yml'] });
  assert.deepEqual(judge({ secrets: [secret('SPARE', 1), secret('USED', 1)], policy, usage }), [
    'pass age SPARE',
    'warn use SPARE SECRET_UNUSED',
    'pass age USED',
    'fail there BOTH SECRET_MISSING',
    'fail there NEEDED SECRET_MISSING',
  ]);
  const { findings, secrets } = judgeSecrets(whole({ secrets: [secret('SPARE', 1)], policy, usage }));
  assert.match(findings.find(({ target }) => target === 'BOTH')!.reason, /requires it, and a\.yml and 1 more use it; o\/r has none/);
  assert.deepEqual(secrets, [{ name: 'SPARE', updated_at: '2026-11-21T12:00:00.000Z', age_days: 1, verdict: 'warn' }]);
});

test('nothing is called unused where a workflow hands on all of them, or could not be read', () => {
  const secrets = [secret('A', 1)];
  assert.deepEqual(judge({ secrets, usage: usageOf({}, { open: ['a.yml'] }) }), ['pass age A']);
  const unreadable = [{ file: 'a.yml', reason: 'it is no YAML' }];
  assert.deepEqual(judge({ secrets, usage: usageOf({}, { unreadable }) }), ['unknown use a.yml', 'pass age A']);
});

test('a listing that may lack some makes absence unknown, and the run with it', () => {
  const evidence = { secrets: [secret('A', 1)], gaps: ['page 2 is missing', 'so is 3'], usage: usageOf({ A: ['a.yml'], B: ['a.yml'] }) };
  assert.deepEqual(judge(evidence), ['unknown listing o/r', 'pass age A', 'unknown there B']);
});

test('what only a job with an environment uses may be a secret of the environment, unless sophia.yaml requires it here', () => {
  const usage = usageOf({ A: ['a.yml'], B: ['a.yml'], C: ['a.yml'] }, { ofEnvironments: new Set(['A', 'B']) });
  const policy = policyOf({ required: ['B'] });
  assert.deepEqual(judge({ usage, policy }), ['unknown there A', 'fail there B SECRET_MISSING', 'fail there C SECRET_MISSING']);
});

test('what is ignored is skipped with its reason, there or not', () => {
  const policy = policyOf({ required: ['GONE'], ignore: { old: 'retired on 2026-12-01', GONE: 'kept by the organization' } });
  const evidence = whole({ secrets: [secret('OLD', 500)], policy, usage: usageOf({}) });
  assert.deepEqual(judge(evidence), ['skipped age OLD', 'skipped there GONE']);
  assert.equal(judgeSecrets(evidence).findings[0]?.reason, 'retired on 2026-12-01');
  assert.equal(judgeSecrets(evidence).secrets[0]?.verdict, 'skipped');
});

test('nothing at all is unknown', () => {
  assert.deepEqual(judge({ usage: usageOf({}) }), ['unknown listing o/r NOTHING_TO_CHECK']);
  assert.deepEqual(judge({ usage: usageOf({ A: ['a.yml'] }), shared: new Set(['A']) }), ['pass there A']);
});

test('a warning beyond the limit is a mistake of the configuration', () => {
  const said: string[] = [];
  const report = (pointer: string, problem: string): void => void said.push(`${pointer} ${problem}`);
  secretsSection.meaning?.({ max_age: '30d', warn_age: '31d' }, {}, report);
  secretsSection.meaning?.({ warn_age: '91d' }, {}, report);
  for (const right of [{ warn_age: '90d' }, { max_age: 7, warn_age: '100d' }, null, 'x', {}]) secretsSection.meaning?.(right, {}, report);
  assert.deepEqual(
    said.map((each) => each.split(' ')[0]),
    ['/warn_age', '/warn_age'],
  );
});

const HEALTH: { readonly [result in Result]: number } = { PASSED: 2, WARNED: 1, UNKNOWN: 0, FAILED: 0 };

test('taking away a page, a date’s sense or a readable workflow never makes the result healthier', () => {
  const names = ['A', 'B', 'C', 'D', 'E'];
  const evidence = fc.record({
    days: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: -3, max: 120 })),
    used: fc.subarray(names),
    required: fc.subarray(names),
    lost: fc.subarray(names),
  });
  fc.assert(
    fc.property(evidence, ({ days, used, required, lost }) => {
      const secrets = Object.entries(days).map(([name, age]) => secret(name, age));
      const policy = policyOf({ required });
      const usage = usageOf(Object.fromEntries(used.map((name) => [name, ['a.yml']])));
      const before = healthOf({ secrets, policy, usage });
      const left = secrets.filter(({ name }) => !lost.includes(name));
      assert.ok(healthOf({ secrets: left, policy, usage, gaps: ['a page is missing'] }) <= before);
      const unreadable = [{ file: 'a.yml', reason: 'it is no YAML' }];
      assert.ok(healthOf({ secrets, policy, usage: usageOf({}, { unreadable }) }) <= before);
    }),
  );
});

function healthOf(evidence: Partial<Evidence>): number {
  return HEALTH[resultOf(judgeSecrets(whole(evidence)).findings)];
}
