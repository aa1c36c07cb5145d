import { equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { problemOfReports } from '../../src/operations/report-files.ts';
import { contextFor } from '../fakes/context.ts';

interface Asked {
  readonly junit?: string;
  readonly tap?: string;
  readonly dryRun?: boolean;
}

function problemIn(t: TestContext, { junit, tap, dryRun = false }: Asked): string | null {
  const context = contextFor(t);
  const { directory } = context;
  mkdirSync(`${directory}/out`);
  writeFileSync(`${directory}/there.xml`, 'old');
  symlinkSync('there.xml', `${directory}/link.xml`);
  execFileSync('mkfifo', [`${directory}/pipe`]);
  return problemOfReports({ ...context, config: { ...context.config, file: 'sophia.yaml' } }, { junit, tap, dryRun });
}

test('a report is written to a plain file, new or old, in a folder that is there', (t) => {
  for (const asked of [{}, { junit: 'new.xml' }, { junit: 'there.xml', tap: 'out/run.tap' }, { dryRun: true }])
    equal(problemIn(t, asked), null);
});

test('nothing else gives way to a report', (t) => {
  const problems: Readonly<Record<string, string>> = {
    out: '--junit: out is a directory',
    'no/x.xml': '--junit: there is no directory no',
    'link.xml': '--junit: link.xml is no plain file',
    pipe: '--junit: pipe is no plain file',
    '/dev/null': '--junit: /dev/null is no plain file',
    'sophia.yaml': '--junit: sophia.yaml is the configuration',
  };
  for (const [junit, problem] of Object.entries(problems)) equal(problemIn(t, { junit }), problem);
});

test('no report lies among the proofs', (t) => {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/proofs/healthz`, { recursive: true });
  const file = 'proofs/healthz/api.txt';
  equal(
    problemOfReports(context, { junit: undefined, tap: file, dryRun: false }),
    `--tap: ${file} is among the proofs, where nothing else may lie`,
  );
});

test('two reports are two files, and a run that asks nothing has nothing to report', (t) => {
  equal(problemIn(t, { junit: 'x', tap: './x' }), '--junit and --tap are the same file, x');
  equal(problemIn(t, { tap: 'x', dryRun: true }), '--tap: nothing is found with --dry-run, so there is nothing to report');
});
