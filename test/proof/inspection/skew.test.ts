import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../../src/proof/inspection/history.ts';
import { Leaves } from '../../../src/proof/inspection/leaves.ts';
import { findSkew } from '../../../src/proof/inspection/skew.ts';
import type { Predicate, Statement } from '../../../src/proof/statement.ts';
import { sampleStatement } from '../../fakes/statement.ts';

const ROOT = 'ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=';
const ORIGIN = 'github.com/acme/app/proofs';
const SEALED_AT = '2026-11-22T04:00:00.000Z';
const MINUTE_MS = 60_000;

const runPath = 'smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';
const sealPath = 'seal/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8B.json';

function statement(predicate: Partial<Predicate>): Statement {
  return { ...sampleStatement, predicate: { ...sampleStatement.predicate, ledger: null, ...predicate } };
}

const SEAL = statement({
  kind: 'seal',
  startedAt: SEALED_AT,
  finishedAt: SEALED_AT,
  data: { origin: ORIGIN, sealed: 1, from: { size: 0, root: ROOT }, signer: null },
});

function skewOf(finishedMs: number, later: Partial<Predicate> | null = null): readonly string[] {
  const entries = [runPath, sealPath].map((path, index) => ({ index, leaf: String(index).repeat(64), path }));
  const history = new History();
  assert.equal(history.hear(sealPath, SEAL), null);
  if (later !== null) history.hear('smoke/later', statement(later));
  const flaws = findSkew(history, new Leaves({ entries }), [{ path: runPath, index: 0, finishedMs }]);
  return [...flaws].map(({ check, path }) => `${check} ${path}`);
}

test('a run may end a little after the seal that covers it, and not more', () => {
  const sealedMs = Date.parse(SEALED_AT);
  assert.deepEqual(skewOf(sealedMs), []);
  assert.deepEqual(skewOf(sealedMs + 5 * MINUTE_MS), []);
  assert.deepEqual(skewOf(sealedMs + 5 * MINUTE_MS + 1), [`skew ${runPath}`]);
});

test('a run cannot have seen a checkpoint that was made after it ended', () => {
  const ledger = { origin: ORIGIN, size: 2, root: ROOT };
  assert.deepEqual(skewOf(0, { ledger, finishedAt: '2026-11-22T03:56:00.000Z' }), []);
  assert.deepEqual(skewOf(0, { ledger, finishedAt: '2026-11-22T03:54:00.000Z' }), ['skew smoke/later']);
  assert.deepEqual(
    skewOf(0, { ledger: { ...ledger, size: 1 }, finishedAt: '2026-11-22T03:54:00.000Z' }),
    [],
    'no seal made a checkpoint of one',
  );
});

test('a seal whose data is not what a seal says is refused', () => {
  const history = new History();
  for (const data of [
    {},
    { origin: ORIGIN, sealed: -1, from: { size: 0, root: ROOT } },
    { origin: ORIGIN, sealed: 1, from: { size: 0, root: 'x' } },
  ])
    assert.match(history.hear(sealPath, statement({ kind: 'seal', data })) ?? '', /data of a seal must have/);
});
