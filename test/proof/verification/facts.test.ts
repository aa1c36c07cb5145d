import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import type { Finding, Json, Verdict } from '../../../src/outcome.ts';
import { SECRET_PATTERNS } from '../../../src/proof/redaction/secret-patterns.ts';
import { findHttpContradictions } from '../../../src/proof/verification/http-facts.ts';
import { createIgnore } from '../../../src/proof/verification/ignoring.ts';
import { createSecretScan } from '../../../src/proof/inspection/secret-scan.ts';

function contradictions(observed: Json, verdict: Verdict = 'pass'): readonly string[] {
  const finding: Finding = { check: 'c', target: 't', verdict, reason: 'r', observed };
  return findHttpContradictions(finding);
}

test('a recorded Date must be a day that was, with its weekday', () => {
  assert.deepEqual(contradictions({ headers: { date: 'Sun, 22 Nov 2026 03:00:04 GMT' } }), []);
  assert.match(contradictions({ headers: { Date: 'Mon, 22 Nov 2026 03:00:04 GMT' } }).join(), /that day was a Sun/);
  assert.match(contradictions({ date: 'Fri, 31 Nov 2026 03:00:04 GMT' }).join(), /no such day/);
  assert.deepEqual(contradictions({ date: '2026-11-22' }), []);
  assert.match(contradictions({ answers: [{ headers: { date: 'Mon, 22 Nov 2026 03:00:04 GMT' } }] }).join(), /Sun/);
});

test('a recorded Content-Length must be that of the body, unless that was judged', () => {
  const answer = { status: 200, headers: { 'content-length': '61' } };
  assert.deepEqual(contradictions({ ...answer, bodyBytes: 61 }), []);
  assert.match(contradictions({ ...answer, bodyBytes: 60 }).join(), /Content-Length is 61, but the body has 60 bytes/);
  assert.match(contradictions({ ...answer, body: 'ü' }).join(), /has 2 bytes/);
  assert.deepEqual(contradictions({ ...answer, bodyBytes: 60 }, 'fail'), []);
  assert.deepEqual(contradictions({ ...answer, bodyBytes: 0, method: 'HEAD' }), []);
  assert.deepEqual(contradictions({ headers: { ...answer.headers, 'content-encoding': 'gzip' }, bodyBytes: 60 }), []);
  assert.deepEqual(contradictions(answer), []);
});

/** One of each kind, put together here so that none stands in this file. */
const SAMPLES: Readonly<Record<string, string>> = {
  github: `ghp_${'a1'.repeat(18)}`,
  slack: `xoxb-${'1a'.repeat(12)}`,
  notion: `ntn_${'a1'.repeat(22)}`,
  aws: `AKIA${'A1'.repeat(8)}`,
  google: `AIza${'a1'.repeat(17)}b`,
  anthropic: `sk-ant-${'a1'.repeat(12)}`,
  jwt: `eyJ${'a1'.repeat(8)}.eyJ${'a1'.repeat(8)}.${'a1'.repeat(8)}`,
  'url-userinfo': 'https://user:hunter2@example.org/',
};

test('what looks like a credential is found at every place in the bytes, and packed', () => {
  const scan = createSecretScan();
  for (const [id, secret] of Object.entries(SAMPLES)) {
    assert.ok(
      SECRET_PATTERNS.some((pattern) => pattern.id === id),
      id,
    );
    for (const before of ['', ' ', '  ', 'a line\n'])
      assert.deepEqual(scan(Buffer.from(`${before}${secret} `)), [id], `${id} after ${JSON.stringify(before)}`);
    assert.deepEqual(scan(gzipSync(`log: ${secret}\n`)), [id]);
  }
  assert.deepEqual(scan(Buffer.from('acme/app/.github/workflows/smoke.yml@refs/heads/main https://example.org/a@b task-force 00D')), []);
  assert.deepEqual(createSecretScan(['acme-[0-9a-f]{8}'])(Buffer.from('acme-0123abcd')), ['configured-1']);
});

test('a glob of proofs.ignore stays in its folder, unless it says otherwise', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['legacy/**', 'legacy/a.txt', true],
    ['legacy/**', 'legacy/2025/.hidden', true],
    ['legacy/**', 'legacy2/a.txt', false],
    ['legacy/*', 'legacy/a/b.txt', false],
    ['**/.DS_Store', '.DS_Store', true],
    ['**/.DS_Store', 'smoke/2026/.DS_Store', true],
    ['*.txt', 'a.txt', true],
    ['*.txt', 'healthz/a.txt', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a.c', 'abc', false],
    ['(a|b)+', 'a', false],
  ];
  for (const [glob, file, expected] of cases) assert.equal(createIgnore([glob])(file), expected, `${glob} ${file}`);
});
