import { defineCommand } from '../../command.ts';
import { runDataSchema, type RunFacts } from '../../operations/data.ts';
import { runOptions, runPermissions, runSecrets } from '../../operations/options.ts';
import { reportsOf } from '../../operations/reports/reports.ts';
import { showRun } from '../../operations/views/tree.ts';
import type { Outcome } from '../../outcome.ts';

export default defineCommand({
  name: 'smoke',
  summary: 'Ask every service for its health and all its checks, and prove what each one answered',
  group: 'main',
  kind: 'smoke',
  options: runOptions,
  secrets: runSecrets,
  permissions: runPermissions,
  outputs: { samples: { from: 'samples', help: 'What each objective saw, as a JSON list; [] where none was to be sampled' } },
  examples: [
    { command: 'sophia smoke', does: 'Every service of sophia.yaml, with the samples that its objectives plan' },
    { command: 'sophia smoke --service api,web --junit smoke.xml', does: 'Some of them, with a report for a test viewer' },
    { command: 'sophia smoke --issues', does: 'One GitHub issue for each incident, closed when it is over' },
    { command: 'sophia smoke --dry-run', does: 'What would be asked, and of whom' },
  ],
  dataSchema: runDataSchema,
  run: async (context, options): Promise<Outcome<RunFacts>> => {
    const { carryOut } = await import('../../operations/running.ts');
    return await carryOut(context, { command: 'smoke', options });
  },
  view: showRun,
  reports: ({ findings }, options) => reportsOf('sophia smoke', findings, options),
});
