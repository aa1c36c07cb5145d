import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, failures, plural, size, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { compactProofs, type Compaction } from '../../proof/archive/compact.ts';
import { locateStore } from '../../proof/store.ts';

export default defineCommand({
  name: 'proofs compact',
  summary: 'Put the sealed proofs of closed months into one archive for each kind and month; verify, ls and show read through',
  options: {
    olderThan: { type: 'duration', value: 'AGE', required: true, help: 'Only months that ended this long ago' },
    dryRun: { type: 'boolean', help: 'Say what would be put away, and change nothing' },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  examples: [
    { command: 'sophia proofs compact --older-than 90d', does: 'Archives below proofs/archive/, and a proof with the digest of each' },
    { command: 'sophia proofs compact --older-than 90d --dry-run', does: 'How many proofs that would be, and how large the archives' },
  ],
  permissions: [{ scope: 'contents', level: 'write', reason: 'to commit the archives' }],
  dataSchema: {
    type: 'object',
    required: ['archives', 'removed', 'proofs', 'isDryRun'],
    additionalProperties: false,
    properties: {
      archives: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'sha256', 'sizeBytes', 'proofs'],
          additionalProperties: false,
          properties: {
            path: { type: 'string', description: 'From the project root' },
            sha256: { type: 'string' },
            sizeBytes: { type: 'integer', minimum: 0 },
            proofs: { type: 'integer', minimum: 1, description: 'Proofs in it' },
          },
        },
      },
      removed: { type: 'integer', minimum: 0, description: 'Proofs whose own files are gone, or would be' },
      proofs: { type: 'array', items: { type: 'string' }, description: 'The proofs that vouch for the archives, from the project root' },
      isDryRun: { type: 'boolean' },
    },
  },
  run: async (context, { olderThan, dryRun, dir }) => {
    const store = locateStore(context, dir);
    const run = { command: 'proofs compact', argv: context.argv ?? [] };
    const compaction = await compactProofs(context, { store, olderThanMs: olderThan, isDryRun: dryRun, run });
    const data = {
      archives: compaction.archives.map((archive) => ({ ...archive, path: `${store.name}/${archive.path}` })),
      removed: compaction.removed,
      proofs: compaction.proofs.map(({ path }) => path),
      isDryRun: dryRun,
    };
    const findings = judge(store.name, compaction);
    if (compaction.flaws.length === 0) return { ...outcome(findings, data), proof: compaction.proofs.at(-1) ?? null };
    const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: store.name, count: plural(compaction.flaws.length, 'finding') });
    return { ...outcome(findings, data), error };
  },
  view: ({ findings, data }) =>
    blocks(
      failures(findings),
      table(
        ['archive', 'proofs', 'size'],
        data.archives.map(({ path, proofs, sizeBytes }) => [path, proofs, size(sizeBytes)]),
      ),
      ...findings.filter(({ check }) => check === 'compacted').map(({ reason }) => reason),
      data.proofs.length > 0 && 'The proof that vouches for them is not sealed yet: "sophia proofs seal" does that.',
      data.isDryRun && 'Nothing was changed: this was a dry run.',
    ),
});

function judge(name: string, { flaws, archives, removed }: Compaction): readonly Finding[] {
  if (flaws.length > 0) return flaws.map(({ check, path, reason }) => ({ check, target: `${name}/${path}`, verdict: 'fail', reason }));
  const done = `${plural(removed, 'proof')} put away, in ${plural(archives.length, 'new archive')}`;
  const reason = removed === 0 ? 'nothing to put away: no sealed proof is of a month that ended so long ago' : done;
  return [{ check: 'compacted', target: name, verdict: 'pass', reason }];
}
