import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, failures, plural } from '../../markdown.ts';
import { outcome } from '../../outcome.ts';
import { verifyProofs } from '../../proof/verification/verify.ts';
import { LEVELS, type Level } from '../../proof/verification/trust.ts';
import { toQuestion } from './question.ts';

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
    ref: { type: 'string', value: 'GITREF', help: 'Read them from this commit or branch, without a checkout' },
    require: { type: 'string', choices: LEVELS, help: 'Fail where a proof that counts is below this level' },
    kind: { type: 'list', value: 'KIND', help: 'Count only proofs of these kinds' },
    commit: { type: 'string', value: 'SHA|HEAD', help: 'Count only proofs of this commit; one given by name must be of it' },
    result: {
      type: 'string',
      choices: ['PASSED', 'WARNED', 'FAILED', 'UNKNOWN'],
      help: 'Exit 1 where a proof that counts has another result',
    },
    maxAge: { type: 'duration', value: 'AGE', help: 'Count only proofs of runs that ended within this time' },
    contract: { type: 'string', value: 'NAME', help: 'Ask for what proofs.contracts.NAME in sophia.yaml says must be there' },
    since: { type: 'path', value: 'FILE', help: 'A checkpoint that was saved earlier: the ledger must be a continuation of it' },
    witness: {
      type: 'path',
      value: 'FILE',
      help: 'A checkpoint from where writers of this repository cannot change it: what it covers is L4',
    },
    origin: { type: 'string', value: 'ORIGIN', help: 'The name that the ledger must have' },
    vkey: { type: 'list', value: 'VKEY', help: 'A key to trust, as "sophia proofs keygen" prints it, instead of those in sophia.yaml' },
    trustedRoot: { type: 'path', value: 'FILE', help: "Whose certificates and logs count; by default those of Sigstore's public instance" },
    strict: { type: 'boolean', help: 'With --commit: a run of a tree with uncommitted changes is not one of the commit' },
    hashOnly: { type: 'boolean', help: 'Compare hashes only: what sealed proofs say is not computed again' },
    online: { type: 'boolean', help: 'Ask the other remotes of the repository for their checkpoint, each a witness' },
  },
  examples: [
    { command: 'sophia proofs verify', does: 'Check everything below proofs/' },
    { command: 'sophia proofs verify --kind smoke', does: 'The same, and fail to conclude anything (exit 3) if there is no smoke proof' },
    {
      command: 'sophia proofs verify --ref origin/sophia-proofs --since saved-checkpoint',
      does: 'A branch of proofs, and that it was not rolled back',
    },
    { command: 'sophia proofs verify --contract release', does: 'Whether everything that a release must have shown is there, and passed' },
  ],
  dataSchema: {
    type: 'object',
    required: [
      'proofs',
      'entries',
      'unsealed',
      'views',
      'attachments',
      'archived',
      'pruned',
      'ignored',
      'levels',
      'level',
      'origin',
      'root',
      'trust',
    ],
    additionalProperties: false,
    properties: {
      proofs: { type: 'integer', minimum: 0, description: 'Selected proofs that hold, seals included' },
      entries: { type: 'integer', minimum: 0, description: 'Entries of the ledger' },
      unsealed: { type: 'integer', minimum: 0, description: 'Proofs that hold and that the ledger does not have' },
      views: { type: 'integer', minimum: 0 },
      attachments: { type: 'integer', minimum: 0 },
      archived: { type: 'integer', minimum: 0, description: 'Proofs that were read out of archives' },
      pruned: { type: 'integer', minimum: 0, description: 'Sealed proofs that are gone, and a prune proof says so' },
      ignored: { type: 'integer', minimum: 0, description: 'Files that proofs.ignore names' },
      levels: {
        type: 'object',
        required: LEVELS,
        additionalProperties: false,
        properties: Object.fromEntries(LEVELS.map((level) => [level, { type: 'integer', minimum: 0 }])),
        description: 'Selected proofs by level',
      },
      level: { enum: [...LEVELS, null], description: 'The lowest level of a selected proof; null when there is none' },
      origin: { type: ['string', 'null'], description: 'The name of the ledger; null without one' },
      root: { type: ['string', 'null'], description: 'Its root, base64' },
      trust: {
        type: 'object',
        required: ['source', 'signers'],
        additionalProperties: false,
        properties: {
          source: { enum: ['given', 'tree', 'none'], description: 'Keys from --vkey, or from sophia.yaml of this same tree' },
          signers: { type: 'array', items: { type: 'string' }, description: 'Trusted keys and identities that signed' },
        },
      },
    },
  },
  run: async (context, options) => {
    await context.machine.keepMemoryLow();
    const question = await toQuestion(context, options);
    const { findings, data, broken } = await verifyProofs(question);
    if (broken === 0) return outcome(findings, data);
    const error = new SophiaError('PROOF_DOES_NOT_HOLD', { directory: question.tree.name, count: plural(broken, 'finding') });
    return { ...outcome(findings, data), error };
  },
  view: ({ findings, data }) => {
    const unsigned = data.level === 'L1' ? findings.find(({ check }) => check === 'unsigned') : undefined;
    const level = data.level === null ? '' : (unsigned?.reason ?? `${data.level}, ${MEANINGS[data.level]}`);
    return blocks(
      failures(findings),
      ...findings
        .filter((finding) => finding.verdict !== 'fail' && finding !== unsigned)
        .map(({ check, target, reason }) => `${bold(check)}${ABOUT_ALL.has(check) ? '' : ` ${target}`}: ${reason}`),
      level === '' ? '' : `${bold('Level')} ${level}.${describeTrust(data.trust)}`,
    );
  },
});

/** What is said of the whole directory, or of its ledger. */
const ABOUT_ALL: ReadonlySet<string> = new Set(['holds', 'unsealed', 'unsigned']);

/** What each level leaves open, in the words of docs/proofs.md. */
const MEANINGS: Readonly<Record<Level, string>> = {
  L0: 'unsealed: a changed proof is seen only where it contradicts itself, a removed one not at all',
  L1: 'unsigned: a writer of this repository could have rebuilt it',
  L2: 'signed: whoever has the key, or can say which key to trust, could have rebuilt it',
  L3: 'signed by an identity, and in a public log: whoever can say which identity to trust could have rebuilt it',
  L4: 'witnessed: its checkpoint was also found where writers of this repository cannot change it',
};

function describeTrust({ source, signers }: { readonly source: string; readonly signers: readonly string[] }): string {
  if (signers.length === 0) return '';
  return source === 'tree' ? ` Key from this same tree: ${signers.join(', ')}.` : ` Key: ${signers.join(', ')}.`;
}
