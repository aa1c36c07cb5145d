import { defineCommand } from '../../command.ts';
import { runDataSchema, type RunFacts } from '../../operations/data.ts';
import { deployOptions, runOptions, runPermissions, runSecrets } from '../../operations/options.ts';
import { reportsOf } from '../../operations/reports/reports.ts';
import { showRun } from '../../operations/views/tree.ts';
import type { Outcome } from '../../outcome.ts';

export default defineCommand({
  name: 'verify',
  summary: 'After a deploy: wait until every service is ready, and prove that the deployed commit answers and is healthy',
  group: 'main',
  kind: 'deployment',
  options: { ...runOptions, ...deployOptions },
  secrets: runSecrets,
  permissions: runPermissions,
  examples: [
    { command: 'sophia verify', does: 'Every service of sophia.yaml against the commit that is checked out' },
    { command: 'sophia verify --service api --expect-commit 5d1f0c3 --within 3m', does: 'One service, against a commit, with patience' },
    { command: 'sophia verify --load', does: 'And is it slower than after the last verified deployment?' },
    { command: 'sophia verify --dry-run', does: 'What would be asked, and of whom' },
  ],
  dataSchema: runDataSchema,
  run: async (context, options): Promise<Outcome<RunFacts>> => {
    const { carryOut } = await import('../../operations/running.ts');
    return await carryOut(context, { command: 'verify', options });
  },
  view: showRun,
  reports: ({ findings }, options) => reportsOf('sophia verify', findings, options),
});
