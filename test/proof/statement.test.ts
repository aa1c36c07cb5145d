import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { z } from 'zod';
import type { Json } from '../../src/outcome.ts';
import { PROOF_SCHEMA, readStatement } from '../../src/proof/statement.ts';
import { sampleStatement } from '../fakes/statement.ts';

const SCHEMA_FILE = new URL('../../schemas/proof-run-v1.json', import.meta.url);

/** The published file, read by a validator that shares no code with ours. */
const published = z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0]);

function flawsOf(value: Json): readonly string[] {
  const read = readStatement(value);
  return read.ok ? [] : read.flaws.map(({ pointer, message }) => `${pointer} ${message}`);
}

/** A copy with one member replaced, added or (undefined) taken out. */
function changed(pointer: readonly (string | number)[], value: Json | undefined): Json {
  const copy = JSON.parse(JSON.stringify(sampleStatement)) as Record<string, unknown>;
  const holder = pointer.slice(0, -1).reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, copy);
  const last = pointer.at(-1)!;
  if (value === undefined && Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.parse(JSON.stringify(copy)) as Json;
}

function pointersOf(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...(at.length === 0 ? [] : [at]), ...entries.flatMap(([key, inner]) => pointersOf(inner, [...at, key]))];
}

test('the published schema is the one the validator was made from', () => {
  assert.equal(readFileSync(SCHEMA_FILE, 'utf8'), `${JSON.stringify(PROOF_SCHEMA, null, 2)}\n`, 'write it anew from PROOF_SCHEMA');
});

test('a complete statement is accepted by validator and schema', () => {
  assert.deepEqual(flawsOf(sampleStatement as unknown as Json), []);
  assert.ok(published.safeParse(sampleStatement).success);
});

test('validator and schema agree on every statement that differs in one place', () => {
  const pointers = pointersOf(sampleStatement);
  const values: fc.Arbitrary<Json | undefined> = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom<Json>(
      null,
      '',
      'x',
      -1,
      0,
      1,
      1.5,
      2 ** 53,
      true,
      [],
      {},
      [1],
      { a: 1 },
      'PASSED',
      '0'.repeat(64),
      '0'.repeat(40),
      '2026-11-22T03:00:04.123Z',
      'completed',
    ),
    fc.jsonValue() as fc.Arbitrary<Json>,
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...pointers), values, (pointer, value) => {
      const statement = changed(pointer, value);
      const isPublished = published.safeParse(statement).success;
      assert.equal(flawsOf(statement).length === 0, isPublished, `${pointer.join('/')} = ${JSON.stringify(value)}`);
      refused += isPublished ? 0 : 1;
    }),
    { numRuns: 1500 },
  );
  assert.ok(refused > 500);
});

test('no field may be missing, and none may be added', () => {
  for (const field of Object.keys(sampleStatement.predicate)) {
    assert.deepEqual(flawsOf(changed(['predicate', field], undefined)), [`/predicate/${field} is missing`]);
  }
  assert.deepEqual(flawsOf(changed(['predicate', 'verified'], true)), ['/predicate/verified is not a field of this version']);
  assert.deepEqual(flawsOf(changed(['predicate', 'counts', 'a/b~'], 1)), ['/predicate/counts/a~1b~0 is not a field of this version']);
  assert.ok(!published.safeParse(changed(['predicate', 'verified'], true)).success);
});

test('a flaw says where it is and what belongs there', () => {
  assert.deepEqual(flawsOf(changed(['predicate', 'findings', 0, 'verdict'], 'ok')), [
    '/predicate/findings/0/verdict must be one of pass, flaky, warn, fail, unknown, blocked, skipped, not "ok"',
  ]);
  assert.deepEqual(flawsOf(changed(['subject'], [])), ['/subject must have at least 1 of what it lists']);
  assert.match(flawsOf(changed(['subject', 0, 'digest', 'sha256'], 'a'))[0] ?? '', /^\/subject\/0\/digest must be one digest/);
  assert.deepEqual(flawsOf([]), [' must be an object, not a list']);
});
