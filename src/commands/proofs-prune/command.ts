import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, failures, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { pruneProofs, type Pruning } from '../../proof/archive/prune.ts';
import { KEY_VARIABLE } from '../../proof/keys/key-source.ts';
import { sealSettings } from '../../proof/ledger/project.ts';
import { assertRunKind } from '../../proof/path-law.ts';
import { proofsSection } from '../../proof/section.ts';
import { locateStore } from '../../proof/store.ts';

export default defineCommand({
  name: 'proofs prune',
  summary: 'Remove old sealed proofs for good, after a sealed proof says by path and hash which ones go',
  options: {
    olderThan: { type: 'duration', value: 'AGE', required: true, help: 'Only proofs of runs that started this long ago' },
    kind: { type: 'list', value: 'KIND', help: "Only proofs of these kinds (default: all but the ledger's own)" },
    key: {
      type: 'path',
      value: 'FILE',
      help: 'Sign the checkpoint with this key, which a signed ledger asks for (default: SOPHIA_SIGNING_KEY)',
    },
    dryRun: { type: 'boolean', help: 'Say what would go, and change nothing' },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  examples: [
    { command: 'sophia proofs prune --older-than 365d --dry-run', does: 'What would go, and what is old but still needed' },
    {
      command: 'sophia proofs prune --older-than 30d --kind smoke',
      does: 'Smoke proofs, their attachments, and archives of which nothing stays',
    },
  ],
  secrets: { [KEY_VARIABLE]: 'PEM of the key that signs checkpoints, as "sophia proofs keygen" writes it' },
  permissions: [{ scope: 'contents', level: 'write', reason: 'to commit what is gone' }],
  dataSchema: {
    type: 'object',
    required: ['pruned', 'archives', 'kept', 'files', 'proofs', 'isDryRun'],
    additionalProperties: false,
    properties: {
      pruned: { type: 'array', items: { type: 'string' }, description: 'Proofs that are gone, or would be, from the project root' },
      archives: { type: 'array', items: { type: 'string' }, description: 'Archives that went as a whole' },
      kept: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'reason'],
          additionalProperties: false,
          properties: { path: { type: 'string' }, reason: { type: 'string' } },
        },
        description: 'Old enough, and still needed',
      },
      files: { type: 'integer', minimum: 0, description: 'Files that were removed: proofs, their attachments, archives' },
      proofs: { type: 'array', items: { type: 'string' }, description: 'The sealed proofs that say what went' },
      isDryRun: { type: 'boolean' },
    },
  },
  run: async (context, { olderThan, kind, key, dryRun, dir }) => {
    for (const each of kind) assertRunKind(each);
    const store = locateStore(context, dir);
    const { origin } = context.config.read(proofsSection);
    const settings = sealSettings(context, { command: 'proofs prune', keyFile: key });
    const pruning = await pruneProofs(context, { ...settings, store, olderThanMs: olderThan, kinds: kind, isDryRun: dryRun, origin });
    const rooted = (path: string): string => `${store.name}/${path}`;
    const data = {
      pruned: pruning.pruned.map(rooted),
      archives: pruning.archives.map(rooted),
      kept: pruning.kept.map(({ path, reason }) => ({ path: rooted(path), reason })),
      files: pruning.files,
      proofs: pruning.proofs.map(({ path }) => path),
      isDryRun: dryRun,
    };
    const findings = judge(store.name, pruning, dryRun);
    if (pruning.flaws.length === 0) return { ...outcome(findings, data), proof: pruning.proofs.at(-1) ?? null };
    const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: store.name, count: plural(pruning.flaws.length, 'finding') });
    return { ...outcome(findings, data), error };
  },
  view: ({ findings, data }) =>
    blocks(
      failures(findings),
      table(
        ['kept', 'because'],
        data.kept.map(({ path, reason }) => [path, reason]),
      ),
      ...findings.filter(({ check }) => check === 'pruned').map(({ reason }) => reason),
      data.isDryRun && 'Nothing was changed: this was a dry run.',
    ),
});

function judge(name: string, { flaws, pruned, archives, files }: Pruning, isDryRun: boolean): readonly Finding[] {
  if (flaws.length > 0) return flaws.map(({ check, path, reason }) => ({ check, target: `${name}/${path}`, verdict: 'fail', reason }));
  const proofs = plural(pruned.length, 'proof');
  const packed = plural(archives.length, 'archive');
  const done = isDryRun
    ? `${proofs} would be pruned, ${packed} among what would go`
    : `${proofs} pruned, ${packed} among what went, ${plural(files, 'file')} removed`;
  const reason = pruned.length === 0 ? 'nothing to prune: no sealed proof that may go is so old' : done;
  return [{ check: 'pruned', target: name, verdict: 'pass', reason }];
}
