import { defineCommand } from '../../command.ts';
import { blocks, bold, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { absentOf, judgeSecrets, type AuditedSecret } from '../../secrets/judging.ts';
import { readPolicy } from '../../secrets/section.ts';
import { readUsage } from '../../secrets/usage.ts';
import { gather } from './gathering.ts';

const OPTIONS = {
  repo: { type: 'string', value: 'OWNER/REPO', help: 'Whose secrets (default: GITHUB_REPOSITORY, or the remote origin)' },
  environment: { type: 'string', value: 'NAME', help: 'Those of this environment of the repository' },
  org: { type: 'string', value: 'NAME', help: 'Those of this organization' },
  listing: { type: 'path', value: 'FILE', help: 'Judge what "gh secret list --json name,updatedAt" printed; - reads what is piped in' },
} as const;

/** Said wherever ages are shown. */
const NOTE =
  'GitHub says when a secret was updated. Updated is not proof of changed: the same value can be set again. Values are never asked for.';

interface Data {
  readonly place: string;
  readonly secrets: readonly AuditedSecret[];
  readonly note: string;
}

export default defineCommand({
  name: 'secrets audit',
  summary: 'Say how old every secret is by its name, which one is missing and which one nothing uses',
  kind: 'secrets',
  options: OPTIONS,
  secrets: { GITHUB_TOKEN: 'The token that lists secrets: one with "Secrets: read", which the own token of a workflow cannot have' },
  permissions: [{ scope: 'contents', level: 'write', reason: 'to commit the proof' }],
  examples: [
    { command: 'sophia secrets audit', does: 'The secrets of this repository, with a token in GITHUB_TOKEN' },
    { command: 'sophia secrets audit --environment production', does: 'Those of one environment' },
    {
      command: 'gh secret list --json name,updatedAt | sophia secrets audit --listing -',
      does: 'Judge what the GitHub command line lists, without a token of our own',
    },
  ],
  dataSchema: {
    type: 'object',
    required: ['place', 'secrets', 'note'],
    additionalProperties: false,
    properties: {
      place: { type: 'string', description: 'Whose secrets they are' },
      secrets: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'updated_at', 'age_days', 'verdict'],
          additionalProperties: false,
          properties: {
            name: { type: 'string' },
            updated_at: { type: 'string', description: 'ISO 8601, UTC' },
            age_days: { type: 'integer', description: 'Whole days' },
            verdict: { enum: ['pass', 'warn', 'fail', 'unknown', 'skipped'] },
          },
        },
      },
      note: { type: 'string', description: 'What these ages do not say' },
    },
  },
  run: async (context, options) => {
    const { place, isOwnRepository, secrets, gaps, listShared } = await gather(context, options);
    const usage = isOwnRepository ? await readUsage(context) : null;
    if (usage !== null && usage.open.length > 0) {
      context.log.info(`${usage.open.join(', ')}: any secret may be used from there, so none is called unused`);
    }
    const policy = readPolicy(context.config);
    const shared = absentOf({ secrets, usage, policy }).length === 0 ? new Set<string>() : await listShared();
    const judged = judgeSecrets({ nowMs: context.clock.now(), place, secrets, gaps, shared, usage, policy });
    return outcome<Data>(judged.findings, { place, secrets: judged.secrets, note: NOTE });
  },
  view: ({ findings, data }) =>
    blocks(
      table(
        ['secret', 'updated (UTC)', 'days', 'verdict'],
        data.secrets.map(({ name, updated_at, age_days, verdict }) => [name, updated_at.slice(0, 10), age_days, verdict]),
      ),
      ...findings.filter(isWorthSaying).map(({ verdict, target, reason }) => `${bold(verdict)} ${target}: ${reason}`),
      `${plural(data.secrets.length, 'secret')} of ${data.place}. ${NOTE}`,
    ),
});

/** The table has the ages; what is well is only counted. */
function isWorthSaying({ verdict }: Finding): boolean {
  return verdict !== 'pass';
}
