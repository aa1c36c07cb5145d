import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HoldingProof, Inspection } from '../../../src/proof/inspection/inspect.ts';
import { selectProofs, type Wanted } from '../../../src/proof/verification/selection.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const HOUR_MS = 3_600_000;
const COMMIT = 'a'.repeat(40);

const ALL: Wanted = { paths: [], kinds: [], commit: null, isStrict: false, result: null, maxAgeMs: null, require: null, contract: null };

function proof(name: string, facts: Partial<HoldingProof> = {}): HoldingProof {
  const [kind = ''] = name.split('/');
  const path = `${kind}/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T${name.slice(-2)}.json`;
  return { path, kind, result: 'PASSED', commit: COMMIT, isDirty: false, finishedMs: NOW_MS - HOUR_MS, index: null, ...facts };
}

const SMOKE = proof('smoke/1A');
const SMOKE_LATER = proof('smoke/1B', { result: 'FAILED', commit: 'b'.repeat(40), finishedMs: NOW_MS });
const DEPLOYMENT = proof('deployment/2A', { isDirty: true, finishedMs: NOW_MS - 48 * HOUR_MS });
const SEAL = proof('seal/3A', { result: 'WARNED' });

function select(
  wanted: Partial<Wanted>,
  holding: readonly HoldingProof[] = [SMOKE, SMOKE_LATER, DEPLOYMENT, SEAL],
  revoked = new Map<string, string>(),
) {
  const inspection = {
    holding,
    revoked,
    ownerOf: (path: string) => (path === 'healthz/api.txt' ? SMOKE.path : null),
  } as unknown as Inspection;
  const { selected, unmet, flaws } = selectProofs(inspection, { ...ALL, ...wanted }, NOW_MS);
  return {
    paths: selected.map(({ path }) => path),
    unmet: unmet.map(({ check, path }) => `${check} ${path}`),
    flaws: flaws.map(({ check, path }) => `${check} ${path}`),
  };
}

test('without a filter everything that holds counts, seals included', () => {
  assert.deepEqual(select({}), { paths: [SMOKE.path, SMOKE_LATER.path, DEPLOYMENT.path, SEAL.path], unmet: [], flaws: [] });
});

test('kinds, commits and ages narrow what counts; nothing left is nothing verified', () => {
  assert.deepEqual(select({ kinds: ['smoke'] }).paths, [SMOKE.path, SMOKE_LATER.path]);
  assert.deepEqual(select({ commit: 'aaaaaaa', kinds: ['smoke', 'deployment'] }).paths, [SMOKE.path, DEPLOYMENT.path]);
  assert.deepEqual(select({ commit: 'aaaaaaa', kinds: ['smoke', 'deployment'], isStrict: true }).paths, [SMOKE.path]);
  assert.deepEqual(select({ maxAgeMs: HOUR_MS / 2 }).paths, [SMOKE_LATER.path]);
  for (const wanted of [{ kinds: ['nothing'] }, { commit: 'cccccccc' }, { maxAgeMs: 0, kinds: ['deployment'] }])
    assert.deepEqual(select(wanted), { paths: [], unmet: ['nothing-verified '], flaws: [] });
});

test('a run from the future is of no age', () => {
  assert.deepEqual(select({ maxAgeMs: HOUR_MS }, [proof('smoke/1C', { finishedMs: NOW_MS + HOUR_MS })]).paths, []);
});

test('each path that was given must lead to something; a view stands for its proof', () => {
  assert.deepEqual(select({ paths: ['smoke', 'deployment/2026'] }).paths.length, 3);
  assert.deepEqual(select({ paths: ['smoke', 'notion'] }).unmet, ['nothing-verified notion']);
  assert.deepEqual(select({ paths: ['healthz/api.txt'] }).paths, [SMOKE.path]);
});

test('a proof given by name that is of another commit fails; one in a folder is only left out', () => {
  assert.deepEqual(select({ paths: [SMOKE.path, SMOKE_LATER.path], commit: COMMIT }).flaws, [`wrong-commit ${SMOKE_LATER.path}`]);
  assert.deepEqual(select({ paths: ['smoke'], commit: COMMIT }).flaws, []);
  assert.deepEqual(select({ paths: [DEPLOYMENT.path], commit: COMMIT, isStrict: true }).flaws, [`wrong-commit ${DEPLOYMENT.path}`]);
});

test('another result than the one asked for is told of each run; the ledger about itself is no run', () => {
  assert.deepEqual(select({ result: 'PASSED' }).unmet, [`result ${SMOKE_LATER.path}`]);
  assert.deepEqual(select({ result: 'PASSED', kinds: ['seal'] }).unmet, [`result ${SEAL.path}`]);
});

test('a contract wants each of its kinds, and the newest of each decides', () => {
  const release = { contract: 'release', kinds: ['smoke', 'deployment'], result: 'PASSED' } as const;
  assert.deepEqual(select(release).unmet, [`result ${SMOKE_LATER.path}`]);
  assert.deepEqual(select(release, [SMOKE, DEPLOYMENT]).unmet, []);
  assert.deepEqual(select(release, [SMOKE]).unmet, ['nothing-verified deployment']);
  const passedAgain = proof('smoke/1C');
  assert.deepEqual(select(release, [SMOKE_LATER, passedAgain, DEPLOYMENT]).unmet, []);
});

test('what was revoked fulfils no contract', () => {
  const release = { contract: 'release', kinds: ['smoke'] } as const;
  assert.deepEqual(select(release, [SMOKE], new Map([[SMOKE.path, 'x']])).unmet, ['nothing-verified smoke']);
});
