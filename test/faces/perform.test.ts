// Reports that a command makes of what was recorded: without secrets, also of a run that was stopped, and never in the way of its result.
import { deepEqual, equal } from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { defineCommand } from '../../src/command.ts';
import { SophiaError } from '../../src/errors.ts';
import { perform } from '../../src/faces/perform.ts';
import { outcome } from '../../src/outcome.ts';
import { contextFor } from '../fakes/context.ts';

const SECRET = 'tr0ub4dor-and-3';

const command = defineCommand({
  name: 'look',
  summary: 'Look at something',
  kind: 'look',
  options: {
    to: { type: 'path', help: 'Where the report goes' },
    stop: { type: 'boolean', help: 'Stop in the middle' },
    dryRun: { type: 'boolean', help: 'Only say what would be looked at' },
  },
  examples: [],
  dataSchema: { type: 'object' },
  run: (context, { stop }) => {
    const finding = { check: 'eye', target: 'thing', verdict: 'pass', reason: `it says ${SECRET}` } as const;
    if (!stop) return Promise.resolve(outcome([finding], {}));
    context.record.find(finding);
    throw new SophiaError('TIMEOUT', { seconds: 1 });
  },
  view: () => '',
  reports: ({ findings }, { to }) =>
    to === undefined ? [] : [{ path: to, text: findings.map(({ check, reason }) => `${check}: ${reason}\n`).join('') }],
});

test('a report holds what was recorded, without its secrets', async (t) => {
  const context = contextFor(t, { env: { LOOK_TOKEN: SECRET } });
  const { exitCode } = await perform(context, { command, options: { to: 'report.txt', stop: false }, argv: [] });
  equal(exitCode, 0);
  equal(fs.readFileSync(path.join(context.directory, 'report.txt'), 'utf8'), 'eye: it says [redacted:env:LOOK_TOKEN]\n');
});

test('a run that was stopped has its report as well', async (t) => {
  const context = contextFor(t);
  await perform(context, { command, options: { to: 'report.txt', stop: true }, argv: [] });
  const [first, last] = fs.readFileSync(path.join(context.directory, 'report.txt'), 'utf8').trim().split('\n');
  deepEqual([first, last?.split(':')[0]], [`eye: it says ${SECRET}`, 'run-completed']);
});

test('one that cannot be written changes no exit code, and a dry run makes none', async (t) => {
  const context = contextFor(t);
  const missing = await perform(context, { command, options: { to: 'no/such/folder.txt', stop: false }, argv: [] });
  deepEqual([missing.exitCode, missing.document.result, missing.proofProblem], [0, 'PASSED', null]);
  await perform(context, { command, options: { to: 'dry.txt', stop: false, dryRun: true }, argv: [] });
  equal(fs.existsSync(path.join(context.directory, 'dry.txt')), false);
});
