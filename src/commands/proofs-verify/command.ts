import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { inspectProofs, type HoldingProof, type Inspection } from '../../proof/verification/inspect.ts';
import { locateStore } from '../../proof/store.ts';

export default defineCommand({
  name: 'proofs verify',
  summary: 'Check offline that every proof still is what was written, and name each one that is not',
  options: {
    path: {
      type: 'list',
      positional: true,
      value: 'PATH',
      help: 'Count only these proofs or folders; all of them are judged either way (default: all)',
    },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
    kind: { type: 'list', value: 'KIND', help: 'Count only proofs of these kinds' },
  },
  examples: [
    { command: 'sophia proofs verify', does: 'Check everything below proofs/' },
    { command: 'sophia proofs verify --kind smoke', does: 'The same, and fail to conclude anything (exit 3) if there is no smoke proof' },
  ],
  dataSchema: {
    type: 'object',
    required: ['proofs', 'views', 'attachments', 'ignored', 'unsealed', 'levels', 'level'],
    additionalProperties: false,
    properties: {
      proofs: { type: 'integer', minimum: 0, description: 'Selected proofs that hold' },
      views: { type: 'integer', minimum: 0 },
      attachments: { type: 'integer', minimum: 0 },
      ignored: { type: 'integer', minimum: 0 },
      unsealed: { type: 'integer', minimum: 0, description: 'Proofs that no ledger covers' },
      levels: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 }, description: 'Proofs by level, L0 unsealed' },
      level: { enum: ['L0', null], description: 'The lowest level of a selected proof; null when there is none' },
    },
  },
  run: async (context, options) => {
    const store = locateStore(context, options.dir);
    const inspection = await inspectProofs(context, store);
    const isSelected = selectionOf(store.name, options.path, options.kind);
    const selected = inspection.holding.filter(isSelected);
    const findings = judge(store.name, inspection, selected);
    const count = selected.length;
    const data = {
      proofs: count,
      views: inspection.views,
      attachments: inspection.attachments,
      ignored: inspection.ignored,
      unsealed: count,
      levels: { L0: count },
      level: count === 0 ? null : 'L0',
    };
    const broken = inspection.flaws.length;
    if (broken === 0) return outcome(findings, data);
    return {
      ...outcome(findings, data),
      error: new SophiaError('PROOF_DOES_NOT_HOLD', { directory: store.name, count: plural(broken, 'finding') }),
    };
  },
  view: ({ findings, data }) =>
    blocks(
      table(
        ['check', 'target', 'reason'],
        findings.filter(({ verdict }) => verdict === 'fail').map(({ check, target, reason }) => [check, target, reason]),
      ),
      ...findings.filter(({ verdict }) => verdict !== 'fail').map(({ check, reason }) => `${bold(check)}: ${reason}`),
      data.level === null
        ? ''
        : `Level ${data.level}, unsealed: a changed proof is seen only where it contradicts itself, a removed one not at all.`,
    ),
});

/** A filter narrows what is counted, never what is judged. */
function selectionOf(name: string, paths: readonly string[], kinds: readonly string[]): (proof: HoldingProof) => boolean {
  const roots = paths
    .map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''))
    .map((path) => (path === name ? '' : path.startsWith(`${name}/`) ? path.slice(name.length + 1) : path));
  return ({ path, kind }) =>
    (kinds.length === 0 || kinds.includes(kind)) &&
    (roots.length === 0 || roots.some((root) => root === '' || path === root || path.startsWith(`${root}/`)));
}

function judge(name: string, { flaws, views, attachments }: Inspection, selected: readonly HoldingProof[]): readonly Finding[] {
  const findings: Finding[] = flaws.map(({ check, path, reason }) => ({
    check,
    target: path === '' ? name : `${name}/${path}`,
    verdict: 'fail',
    reason,
  }));
  if (selected.length === 0) {
    findings.push({
      check: 'nothing-verified',
      target: name,
      verdict: 'unknown',
      reason: 'there is no proof here that was asked for and holds',
    });
    return findings;
  }
  const companions = `${plural(attachments, 'attachment')} and ${plural(views, 'view')}`;
  findings.push({
    check: 'holds',
    target: name,
    verdict: 'pass',
    reason: `${plural(selected.length, 'proof')} ${selected.length === 1 ? 'holds' : 'hold'}; beside them ${companions} were compared`,
  });
  findings.push({
    check: 'unsealed',
    target: name,
    verdict: 'warn',
    reason: `${plural(selected.length, 'proof')} of level L0: no ledger covers ${selected.length === 1 ? 'it' : 'them'}`,
  });
  return findings;
}
