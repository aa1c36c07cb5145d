import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import proofsAudit from '../../../src/commands/proofs-audit/command.ts';
import type { Context } from '../../../src/context.ts';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { contextFor } from '../../fakes/context.ts';

function withEvidence(t: TestContext, files: Readonly<Record<string, string>>): Context {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/evidence`);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${context.directory}/evidence/${name}`, text);
  return context;
}

const ASK = { path: './evidence/', format: 'md', sinceGit: false } as const;

test('a broken file is a fail, missing facts are a warning, and no file is unknown', async (t) => {
  for (const [files, exitCode, result] of [
    [{ 'a.json': '{"a": 1' }, 1, 'FAILED'],
    [{ 'a.json': '{"a": 1}' }, 0, 'WARNED'],
    [{}, 3, 'UNKNOWN'],
  ] as const) {
    const { findings } = await proofsAudit.run(withEvidence(t, files), ASK);
    assert.deepEqual([exitCodeOf(resultOf(findings)), resultOf(findings)], [exitCode, result]);
  }
});

test('SARIF names every rule, and each finding with its place', async (t) => {
  const context = withEvidence(t, { 'a b.json': '{\n  "at": "2025-02-30T10:11:12Z"\n}\n' });
  const outcome = await proofsAudit.run(context, { ...ASK, format: 'sarif' });
  const { version, runs } = JSON.parse(proofsAudit.view(outcome)) as {
    version: string;
    runs: [
      {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleId: string; ruleIndex: number; level: string; locations: unknown[] }[];
      },
    ];
  };
  assert.equal(version, '2.1.0');
  const [{ tool, results }] = runs;
  const impossible = results.find(({ ruleId }) => ruleId === 'impossible-date')!;
  assert.equal(tool.driver.rules[impossible.ruleIndex]?.id, 'impossible-date');
  assert.equal(impossible.level, 'error');
  assert.deepEqual(impossible.locations, [
    { physicalLocation: { artifactLocation: { uri: 'evidence/a%20b.json' }, region: { startLine: 2, startColumn: 10 } } },
  ]);
  assert.ok(results.every(({ ruleId }) => ruleId !== 'audited'));
});

test('each format is printed as such', async (t) => {
  const context = withEvidence(t, { 'a.json': '{}' });
  const json = await proofsAudit.run(context, { ...ASK, format: 'json' });
  assert.deepEqual((JSON.parse(proofsAudit.view(json)) as { files: number }).files, 1);
  const text = await proofsAudit.run(context, ASK);
  assert.match(proofsAudit.view(text), /\| no-commit \| evidence\/a\.json \|/);
});

test('a directory that is not there, and one without history, are refused', async (t) => {
  const context = withEvidence(t, { 'a.json': '{}' });
  await assert.rejects(proofsAudit.run(context, { ...ASK, path: 'nowhere' }), { code: 'NOT_A_DIRECTORY', exitCode: 2 });
  await assert.rejects(proofsAudit.run(context, { ...ASK, path: 'evidence/a.json' }), { code: 'NOT_A_DIRECTORY' });
  await assert.rejects(proofsAudit.run(context, { ...ASK, sinceGit: true }), { code: 'AUDIT_NO_HISTORY', exitCode: 2 });
});
