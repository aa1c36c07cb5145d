import { defineCommand } from '../../command.ts';
import { blocks, bold, code, list } from '../../markdown.ts';
import { KEY_VARIABLE } from '../../proof/keys/key-source.ts';
import { sealSettings } from '../../proof/ledger/project.ts';
import { sealProofs } from '../../proof/ledger/seal.ts';
import { publishProofs } from '../../proof/publishing/publish.ts';
import { proofsSection } from '../../proof/section.ts';

export default defineCommand({
  name: 'proofs publish',
  summary: 'Bring the proofs to a branch of the remote, without touching work tree, index or hooks',
  options: {
    branch: {
      type: 'string',
      value: 'NAME',
      help: 'Publish to this branch; made without a history where it is new (default: proofs.branch of sophia.yaml, else the current one)',
    },
    remote: { type: 'string', value: 'NAME', default: 'origin', help: 'Publish to this remote' },
    attempts: { type: 'integer', value: 'N', default: 3, min: 1, help: 'Try the branch so often before leaving the proofs in the inbox' },
    seal: { type: 'boolean', help: 'Seal first, with the key in SOPHIA_SIGNING_KEY if there is one: where nobody else writes' },
    dryRun: { type: 'boolean', help: 'Say what would be published and push nothing' },
  },
  examples: [
    { command: 'sophia proofs publish', does: 'Commit the proofs that the current branch of the remote does not have' },
    { command: 'sophia proofs publish --branch sophia-proofs', does: 'Keep proofs out of the history of the code' },
    { command: 'sophia proofs publish --seal', does: 'Where one job writes all proofs: seal and publish at once' },
    { command: 'sophia proofs publish --dry-run', does: 'See which files would go' },
  ],
  secrets: { [KEY_VARIABLE]: 'PEM of the key that signs checkpoints, for --seal' },
  permissions: [{ scope: 'contents', level: 'write', reason: 'to push the commit with the proofs' }],
  outputs: {
    route: { from: 'route', help: 'direct, inbox or unchanged' },
    ref: { from: 'ref', help: 'Where the proofs are on the remote' },
    commit: { from: 'commit', help: 'The commit that has them' },
  },
  dataSchema: {
    type: 'object',
    required: ['route', 'ref', 'commit', 'attempts', 'pushes', 'files'],
    additionalProperties: false,
    properties: {
      route: {
        enum: ['direct', 'inbox', 'unchanged', null],
        description: 'How the proofs got to the remote; unchanged where it had everything, null where they did not get there',
      },
      ref: { type: ['string', 'null'], description: 'Where they are on the remote' },
      commit: { type: ['string', 'null'] },
      attempts: { type: 'integer', minimum: 0, description: 'Tries for the branch' },
      pushes: { type: 'integer', minimum: 0, description: 'Everything that was offered to the remote, the inbox included' },
      files: { type: 'array', items: { type: 'string' }, description: 'What changes on the remote, from the project root' },
    },
  },
  run: async (context, { branch, remote, attempts, seal, dryRun }) => {
    const config = context.config.read(proofsSection);
    const settings = seal ? { ...sealSettings(context, { command: 'proofs publish', keyFile: undefined }), origin: config.origin } : null;
    return await publishProofs(context, {
      branch: branch ?? config.branch,
      remote,
      attempts,
      isTrial: dryRun,
      seal: settings === null ? undefined : (place) => sealProofs(context, { ...settings, place }),
    });
  },
  view: ({ findings, data }) =>
    blocks(
      ...findings.map(
        ({ check, target, verdict, reason }) =>
          `${bold(check)}: ${verdict === 'fail' || verdict === 'warn' ? `${code(target)}: ` : ''}${reason}`,
      ),
      list(data.files.map(code)),
      data.route === null || data.commit === null ? '' : `Commit ${data.commit.slice(0, 12)} on ${data.ref}.`,
    ),
});
