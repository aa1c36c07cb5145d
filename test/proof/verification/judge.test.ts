import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialize } from '../../../src/proof/canonical.ts';
import { toJson } from '../../../src/proof/plain.ts';
import type { Predicate, Statement } from '../../../src/proof/statement.ts';
import { hashFindings, judgeProof } from '../../../src/proof/verification/judge.ts';
import { sampleStatement } from '../../fakes/statement.ts';

const PATH = 'smoke/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json';

const sound = sampleStatement;

function change(predicate: Partial<Predicate>): Statement {
  return { ...sound, predicate: { ...sound.predicate, ...predicate } };
}

function flawsOf(statement: Statement, path = PATH): readonly string[] {
  return judgeProof(path, Buffer.from(serialize(toJson(statement)))).flaws.map(({ check, reason }) => `${check}: ${reason}`);
}

test('a proof that says what its findings say holds', () => {
  assert.deepEqual(flawsOf(sound), []);
});

test('whatever a proof states beyond its findings is recomputed', () => {
  const { findings, counts } = sound.predicate;
  const completed: Partial<Predicate> = {
    ending: 'completed',
    error: null,
    findings: findings.slice(0, 1),
    counts: { ...counts, unknown: 0, total: 1 },
    result: 'PASSED',
    exitCode: 0,
  };
  assert.deepEqual(flawsOf(change(completed)), []);
  const interrupted: Partial<Predicate> = {
    ending: 'interrupted',
    error: { ...sound.predicate.error!, code: 'INTERRUPTED' },
    exitCode: 143,
  };
  assert.deepEqual(flawsOf(change(interrupted)), []);
  const vectors: readonly (readonly [string, Partial<Predicate>, RegExp])[] = [
    ['result', { result: 'PASSED' }, /result says PASSED, the findings UNKNOWN/],
    ['counts', { counts: { ...counts, pass: 2 } }, /counts say 2 pass, the findings 1/],
    ['total', { counts: { ...counts, total: 3 } }, /counts say 3 total/],
    ['exit code', { exitCode: 0 }, /exit code says 0, but it must have been 3/],
    ['exit code of an error', { error: { ...sound.predicate.error!, code: 'USAGE' } }, /must have been 2/],
    [
      'exit code of an unknown error',
      { error: { ...sound.predicate.error!, code: 'FROM_THE_FUTURE' }, exitCode: 1 },
      /must have been 3 or 2 or 4 or 5/,
    ],
    ['exit code of a signal', { ...interrupted, exitCode: 3 }, /must have been 130 or 143/],
    ['completed with an error', { ...completed, error: sound.predicate.error }, /ending is completed, but the error is TOOL_FAILED/],
    ['stopped without an error', { error: null }, /there is no error/],
    ['crashed with a coded error', { ending: 'crashed' }, /ending is crashed, but the error is TOOL_FAILED/],
    ['stopped by a bug', { error: { ...sound.predicate.error!, code: 'INTERNAL' } }, /ending is stopped, but the error is INTERNAL/],
    [
      'no admission',
      { findings: findings.slice(0, 1), counts: { ...counts, unknown: 0, total: 1 }, result: 'PASSED' },
      /no finding run-completed/,
    ],
    [
      'admission of a completed run',
      { ...completed, findings, counts, result: 'UNKNOWN', exitCode: 3 },
      /ending is completed, but a finding is run-completed/,
    ],
    ['time of the id', { startedAt: '2026-11-22T03:00:04.122Z' }, /the time in the id is/],
    ['finished before it started', { finishedAt: '2026-11-22T03:00:04.122Z' }, /before it started/],
    ['a day that is none', { finishedAt: '2026-11-31T00:00:00.000Z' }, /there is no time 2026-11-31/],
    ['another commit', { source: { ...sound.predicate.source!, commit: '0'.repeat(40) } }, /is not the commit of the source/],
    ['no commit', { source: null }, /is not the commit of the source/],
    [
      'a view without a digest',
      { views: [{ path: 'healthz/other.txt', sizeBytes: 1 }] },
      /no subject has the digest of healthz\/other.txt/,
    ],
    ['the same view twice', { views: [...sound.predicate.views, ...sound.predicate.views] }, /same path/],
  ];
  for (const [what, predicate, expected] of vectors) {
    const flaws = flawsOf(change(predicate));
    assert.ok(
      flaws.some((flaw) => flaw.startsWith('contradiction: ') && expected.test(flaw)),
      `${what}: ${flaws.join('; ')}`,
    );
  }
});

test('subjects are unique, and the findings subject is recomputed', () => {
  const alone = change({ source: null, attachments: [], views: [] });
  const withSubject = (...subject: Statement['subject']): Statement => ({ ...alone, subject });
  const sha256 = hashFindings(toJson(alone.predicate.findings));
  const findings = { name: 'findings', digest: { sha256 } };
  assert.deepEqual(flawsOf(withSubject(findings)), []);
  assert.match(flawsOf(withSubject({ name: 'x', digest: { sha256 } })).join(), /must be a subject "findings"/);
  assert.match(flawsOf(withSubject({ ...findings, digest: { sha256: '0'.repeat(64) } })).join(), /is not the digest of the findings/);
  assert.match(flawsOf(withSubject(findings, findings)).join(), /same name/);
  assert.match(flawsOf(withSubject(findings, { name: 'source', digest: { gitCommit: '0'.repeat(40) } })).join(), /is not the commit/);
});

test('a proof under any name but its own breaks the path law', () => {
  const paths = [PATH.replace('smoke', 'other'), PATH.replace('22', '23'), PATH.replace('T8A', 'T8B'), 'copy.json'];
  for (const path of paths) assert.deepEqual(flawsOf(sound, path), [`path-law: by what it says it belongs at ${PATH}`]);
  const foreign = change({
    attachments: [{ ...sound.predicate.attachments[0]!, path: sound.predicate.attachments[0]!.path.replace('8A.', '8B.') }],
  });
  assert.match(flawsOf(foreign).join(), /path-law: the attachment .* would not lie beside its proof/);
  assert.match(
    flawsOf(change({ views: [{ path: 'ledger/checkpoint', sizeBytes: 1 }] })).join(),
    /path-law: ledger\/checkpoint is not where a view can lie/,
  );
});

test('size, depth and spelling are judged before anything is believed', () => {
  const check = (bytes: string): string => judgeProof(PATH, Buffer.from(bytes)).flaws[0]?.check ?? 'none';
  assert.equal(check(' '.repeat(256 * 1024 + 1)), 'schema');
  assert.equal(check('['.repeat(100_000)), 'schema');
  assert.equal(check('{}'), 'not-canonical');
  assert.equal(check('{}\n'), 'schema');
  assert.equal(check(''), 'not-canonical');
  assert.equal(check(serialize(toJson({ ...sound, predicateType: 'urn:sophia:proof:run:v2' }))), 'schema');
});

test('every one-byte flip of structure, and of what is said twice, is found', () => {
  const text = serialize(toJson(sound));
  // The rest (reasons, names, facts) is said once: there a flip that leaves the form whole is for the ledger to see.
  const saidTwice =
    /^ *"(?:_type|predicateType|id|kind|startedAt|ending|verdict|result|exitCode|gitCommit|commit|pass|flaky|warn|fail|unknown|blocked|skipped|total)": /;
  const ownKeys = /^ *"(?:files|line|status)": /; // of data and the like: any key will do
  let start = 0;
  let tried = 0;
  for (const line of text.split('\n')) {
    const structure = ownKeys.test(line) ? 0 : (/^ *(?:"[^"]*": )?/.exec(line)?.[0].length ?? 0);
    const end = saidTwice.test(line) ? line.length : structure;
    for (let at = start; at < start + end; at += 1) {
      for (const bit of [at % 8, (at + 3) % 8]) {
        const flipped = Buffer.from(text);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        assert.notDeepEqual(judgeProof(PATH, flipped).flaws, [], `bit ${bit} of byte ${at} (${line.trim()})`);
        tried += 1;
      }
    }
    start += Buffer.byteLength(line) + 1;
  }
  assert.ok(tried > 2500);
});
