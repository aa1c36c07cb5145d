import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import command from '../../../src/commands/metrics-check/command.ts';
import { exitCodeOf, resultOf } from '../../../src/outcome.ts';
import { contextFor, temporaryFolder } from '../../fakes/context.ts';
import { BINARY, sophia, sophiaJson } from '../../journeys/sophia.ts';

const VALID = '# TYPE hits counter\nhits_total 3\n# EOF\n';

test('a right document passes and says what it is', async (t) => {
  const context = contextFor(t);
  writeFileSync(`${context.directory}/m.txt`, VALID);
  const outcome = await command.run(context, { file: 'm.txt', format: 'auto' });
  assert.deepEqual(outcome.data, { format: 'openmetrics', families: 1, samples: 1, errors: [] });
  assert.equal(resultOf(outcome.findings), 'PASSED');
  assert.equal(command.view(outcome), '**m.txt**: openmetrics, 1 family, 1 sample.');
});

test('every mistake is a finding at its line and column', async (t) => {
  const context = contextFor(t);
  writeFileSync(`${context.directory}/m.txt`, '# TYPE hits counter\nhits_total -3\nup  1\n');
  const { findings, data } = await command.run(context, { file: 'm.txt', format: 'auto' });
  assert.deepEqual(
    findings.map(({ target, verdict, code, location }) => ({ target, verdict, code, location })),
    [
      [2, 12],
      [3, 4],
      [4, 1],
    ].map(([line, column]) => ({
      target: `m.txt:${line}:${column}`,
      verdict: 'fail',
      code: 'METRICS_INVALID',
      location: { file: 'm.txt', line, column },
    })),
  );
  assert.deepEqual(
    data.errors.map(({ line, column, code }) => [line, column, code]),
    [
      [2, 12, 'METRICS_INVALID'],
      [3, 4, 'METRICS_INVALID'],
      [4, 1, 'METRICS_INVALID'],
    ],
  );
  assert.equal(exitCodeOf(resultOf(findings)), 1);
});

for (const [what, text, format, code, exitCode] of [
  ['a page', '<!doctype html>', 'auto', 'METRICS_NOT_METRICS', 1],
  ['an error object', '{"error":"boom"}', 'sophia-json', 'METRICS_NOT_METRICS', 1],
  [
    'a rate that is wrong',
    '{"counters":{"requests_total":2,"errors_total":1},"latencies":{"p50":null,"p95":null,"p99":null},"slo":{"error_rate":0.1,"target":0.05}}',
    'auto',
    'METRICS_INCONSISTENT',
    1,
  ],
  ['a document without its end', 'hits_total 3\n', 'openmetrics', 'METRICS_INVALID', 1],
  ['nothing', '', 'auto', 'METRICS_EMPTY', 3],
  ['nothing but an end', '# EOF\n', 'auto', 'METRICS_EMPTY', 3],
] as const) {
  test(`${what} is ${code} and exits ${exitCode}`, async (t) => {
    const context = contextFor(t);
    writeFileSync(`${context.directory}/m`, text);
    const { findings } = await command.run(context, { file: 'm', format });
    assert.deepEqual([findings.map((finding) => finding.code), exitCodeOf(resultOf(findings))], [[code], exitCode]);
  });
}

test('only plain files of a sensible size are read', async (t) => {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/folder`);
  writeFileSync(`${context.directory}/huge`, '');
  truncateSync(`${context.directory}/huge`, 100 * 1024 * 1024);
  for (const file of ['folder', 'huge', 'missing'])
    await assert.rejects(command.run(context, { file, format: 'auto' }), { code: 'INPUT_UNREADABLE' }, file);
});

test('what is piped in is read to its end, and not for ever', (t) => {
  const cwd = temporaryFolder(t);
  const piped = (input: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, [BINARY, 'metrics', 'check', '-'], {
      cwd,
      input,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1' },
    });
  assert.deepEqual([piped(VALID).status, piped(VALID).stdout], [0, '-: openmetrics, 1 family, 1 sample.\n']);
  assert.equal(piped('').status, 3);
  const endless = piped('up 1\n'.repeat(8_000_000));
  assert.equal(endless.status, 2);
  assert.match(endless.stderr, /INPUT_UNREADABLE/);
});

test('text of a stranger cannot talk to the terminal', (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(`${cwd}/m.txt`, 'up \u001B[31mred\u009B1m\u202E 1\n');
  const ended = sophia({ cwd }, 'metrics', 'check', 'm.txt');
  assert.equal(ended.exitCode, 1);
  // oxlint-disable-next-line no-control-regex -- control characters are what must not come through
  assert.doesNotMatch(ended.stdout + ended.stderr, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
});

test('the document of --json has the errors, and a usage error exits 2', (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(`${cwd}/m.txt`, 'up 1\nup 1\n# EOF\n');
  const { exitCode, document } = sophiaJson({ cwd }, 'metrics', 'check', 'm.txt');
  assert.deepEqual([exitCode, document.result, document.proof], [1, 'FAILED', null]);
  assert.deepEqual(document.data, {
    format: 'openmetrics',
    families: 1,
    samples: 2,
    errors: [{ line: 2, column: 1, code: 'METRICS_INVALID', message: 'the same series again' }],
  } as never);
  assert.equal(sophia({ cwd }, 'metrics', 'check').exitCode, 2);
  assert.equal(sophia({ cwd }, 'metrics', 'check', 'm.txt', '--format', 'xml').exitCode, 2);
});
