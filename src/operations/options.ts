// What verify and smoke both take, written once.
import type { OptionTable, OptionValues, Permission } from '../command.ts';

/** Beyond this a checker measures itself. */
export const MAX_CONCURRENCY = 32;

export const runOptions = {
  service: { type: 'list', value: 'ID', help: 'Only these services (default: all in sophia.yaml)' },
  expectCommit: { type: 'string', value: 'SHA', help: 'The commit that must answer, at least seven digits of it' },
  timeout: { type: 'duration', min: 1, help: 'Give up on an answer after this long (default: as sophia.yaml says)' },
  concurrency: { type: 'integer', min: 1, default: 8, help: `Ask this many questions at once, at most ${MAX_CONCURRENCY}` },
  load: { type: 'boolean', help: 'Ask each service 200 times and compare its p95 with that after the last verified deployment' },
  strict: { type: 'boolean', help: 'A warning fails the run' },
  issues: { type: 'boolean', help: 'Open, edit and close one GitHub issue for each incident' },
  junit: { type: 'path', value: 'FILE', help: 'Write the findings as JUnit XML' },
  tap: { type: 'path', value: 'FILE', help: 'Write the findings as TAP 14' },
  dryRun: { type: 'boolean', help: 'Show what would be asked, and ask nothing' },
} as const satisfies OptionTable;

/** Only after a deploy there is something to wait for, and a platform that knows more. */
export const deployOptions = {
  within: { type: 'duration', min: 0, help: 'Wait this long for each service to be ready (default: as sophia.yaml says)' },
  allowCommands: { type: 'boolean', onlyFromOutside: true, help: 'Run the programs that sophia.yaml names as evidence of a deployment' },
} as const satisfies OptionTable;

export type RunOptions = OptionValues<typeof runOptions>;
export type DeployOptions = OptionValues<typeof deployOptions>;

export const runPermissions: readonly Permission[] = [
  { scope: 'contents', level: 'write', reason: 'to commit the proof' },
  { scope: 'issues', level: 'write', reason: 'to write incidents, with issues: true' },
];

export const runSecrets = { GITHUB_TOKEN: 'The token for --issues: one that may write issues' };
