import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, failures, plural } from '../../markdown.ts';
import { outcome, type Finding, type Outcome } from '../../outcome.ts';
import { textOfCheckpoint } from '../../proof/ledger/checkpoint.ts';
import { KEY_VARIABLE } from '../../proof/keys/key-source.ts';
import { sealSettings } from '../../proof/ledger/project.ts';
import { sealProofs, type Sealing, type SealRequest } from '../../proof/ledger/seal.ts';
import { sealAndPush, type Delivery } from '../../proof/publishing/seal-push.ts';
import { recoverVanished } from '../../proof/recording/vanished.ts';
import { proofsSection } from '../../proof/section.ts';
import { requireIdentity, TOKEN_VARIABLE } from '../../proof/sigstore/identity-token.ts';
import { PUBLIC_FULCIO_URL, PUBLIC_REKOR_URL, signKeyless } from '../../proof/sigstore/keyless.ts';
import { locateStore } from '../../proof/store.ts';

export default defineCommand({
  name: 'proofs seal',
  summary: 'Append the new proofs to the ledger, whose checkpoint then vouches for all of them, their number and their order',
  options: {
    key: {
      type: 'path',
      value: 'FILE',
      help: 'Sign the checkpoint with this Ed25519 key: PEM, OpenSSH, or the .pub of one that ssh-agent holds (default: SOPHIA_SIGNING_KEY)',
    },
    keyless: {
      type: 'boolean',
      help: 'Have your identity sign the checkpoint at Sigstore as well (level L3), whose public log then names you',
    },
    fulcioUrl: { type: 'string', value: 'URL', default: PUBLIC_FULCIO_URL, help: 'With --keyless: who issues the certificate' },
    rekorUrl: {
      type: 'string',
      value: 'URL',
      default: PUBLIC_REKOR_URL,
      help: 'With --keyless: whose log says when it was used (Rekor v1)',
    },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
    push: { type: 'boolean', help: 'Take in what waits in the inbox of the remote, and push branch and ledger together' },
    branch: {
      type: 'string',
      value: 'NAME',
      help: 'With --push: seal this branch of the remote (default: proofs.branch of sophia.yaml, else the current one)',
    },
    remote: { type: 'string', value: 'NAME', help: 'With --push: this remote (default: origin)' },
    attempts: { type: 'integer', value: 'N', min: 1, help: 'With --push: try so often where others push at the same time (default: 3)' },
  },
  examples: [
    { command: 'sophia proofs seal', does: 'Level L1: from now on a proof that is changed, removed or moved is named by verify' },
    { command: 'sophia proofs seal --push', does: 'What many jobs have published, sealed on the branch by one of them' },
    { command: 'sophia proofs seal --key acme-proofs.pem', does: 'Level L2: nobody without the key can rebuild the ledger unseen' },
    { command: 'sophia proofs seal --keyless', does: 'Level L3, in a workflow with "id-token: write": no key that could leak' },
  ],
  secrets: {
    [KEY_VARIABLE]: 'PEM of the key that signs checkpoints, as "sophia proofs keygen" writes it',
    [TOKEN_VARIABLE]: 'With --keyless, where the job has no identity of its own: a token for the audience "sigstore"',
  },
  permissions: [
    { scope: 'contents', level: 'write', reason: 'to commit the ledger' },
    { scope: 'id-token', level: 'write', reason: 'with keyless: to sign as this workflow' },
  ],
  dataSchema: {
    type: 'object',
    required: ['sealed', 'origin', 'size', 'root', 'from', 'level', 'signer', 'keyless', 'pushed'],
    additionalProperties: false,
    properties: {
      sealed: { type: 'integer', minimum: 0, description: "Proofs that were appended, the seal's own not counted" },
      origin: { type: ['string', 'null'], description: 'What the ledger calls itself; null where there is none' },
      size: { type: 'integer', minimum: 0, description: 'Entries of the ledger now' },
      root: { type: ['string', 'null'], description: 'Root over them, base64' },
      from: {
        type: 'object',
        required: ['size', 'root'],
        additionalProperties: false,
        properties: { size: { type: 'integer', minimum: 0 }, root: { type: 'string' } },
        description: 'The ledger before',
      },
      level: {
        enum: ['L1', 'L2', 'L3', null],
        description: 'Of what is sealed: L2 for whoever trusts the key, L3 the identity; null where there is no ledger',
      },
      signer: { type: ['string', 'null'], description: 'The vkey that verifies this seal; null where it signed nothing' },
      keyless: {
        type: ['object', 'null'],
        required: ['state'],
        additionalProperties: false,
        properties: { state: { enum: ['signed', 'pending'] }, path: { type: 'string' }, reason: { type: 'string' } },
        description: 'What --keyless did: the bundle, from proofs/, or why there is none yet; null without it',
      },
      pushed: {
        type: ['object', 'null'],
        required: ['route', 'ref', 'commit', 'attempts', 'pushes', 'files', 'folded', 'left'],
        additionalProperties: false,
        properties: {
          route: { enum: ['direct', 'unchanged', null], description: 'Null where nothing got to the remote' },
          ref: { type: ['string', 'null'] },
          commit: { type: ['string', 'null'] },
          attempts: { type: 'integer', minimum: 0 },
          pushes: { type: 'integer', minimum: 0 },
          files: { type: 'array', items: { type: 'string' }, description: 'What is new on the branch, from the project root' },
          folded: { type: 'array', items: { type: 'string' }, description: 'Refs of the inbox whose proofs are on the branch now' },
          left: { type: 'array', items: { type: 'string' }, description: 'Refs of the inbox that do not hold, and stay' },
        },
        description: 'What --push did; null without it',
      },
    },
  },
  run: async (context, options) => {
    refuseIdle(options);
    const place = locateStore(context, options.dir);
    const { origin, branch } = context.config.read(proofsSection);
    const settings = {
      ...sealSettings(context, { command: 'proofs seal', keyFile: options.key }),
      countersign: options.keyless ? countersignerOf(context, options) : undefined,
    };
    if (options.keyless) requireIdentity(context.env);
    if (place.proofs === `${context.directory}/proofs`) await recoverVanished(context);
    if (!options.push) return tell(place.name, await sealProofs(context, { ...settings, place, origin }));
    const { sealing, findings, delivery, error } = await sealAndPush(context, {
      branch: options.branch ?? branch,
      remote: options.remote ?? 'origin',
      attempts: options.attempts ?? 3,
      origin,
      seal: (inner, copy, name) => sealProofs(inner, { ...settings, place: copy, origin: name }),
    });
    const told = sealing === null ? null : tell(place.name, sealing);
    const data = { ...(told?.data ?? NOTHING_SEALED), pushed: delivery };
    return { findings: [...(told?.findings ?? []), ...findings], data, ...(error === undefined ? {} : { error }) };
  },
  view: ({ findings, data }) => {
    const failed = failures(findings);
    const told = findings.filter(({ verdict }) => verdict !== 'fail').map(({ reason }) => reason);
    const level = data.level === null || failed !== '' ? '' : LEVELS[data.level];
    return blocks(failed, ...told, level);
  },
});

type Level = 'L1' | 'L2' | 'L3';

/** What an option is for must be there: one that is silently left out is a mistake. */
function refuseIdle({
  push,
  dir,
  branch,
  remote,
  attempts,
}: { push: boolean; dir: string } & Partial<Record<'branch' | 'remote' | 'attempts', unknown>>): void {
  const refuse = (problem: string): never => {
    throw new SophiaError('USAGE', { problem, command: 'proofs seal' });
  };
  const idle = Object.entries({ branch, remote, attempts }).find(([, value]) => value !== undefined);
  if (!push && idle !== undefined) refuse(`--${idle[0]} makes sense with --push only`);
  if (push && dir !== 'proofs') refuse('--push works on proofs/ and takes no --dir');
}

const LEVELS: Readonly<Record<Level, string>> = {
  L1: 'Level L1, unsigned: a writer of this repository could have rebuilt it.',
  L2: 'Level L2 for whoever trusts the key: without it nobody can rebuild the ledger unseen.',
  L3: 'Level L3 for whoever pins the identity: nobody else can rebuild the ledger unseen.',
};

function countersignerOf(context: Context, { fulcioUrl, rekorUrl }: { fulcioUrl: string; rekorUrl: string }): SealRequest['countersign'] {
  for (const url of [fulcioUrl, rekorUrl]) {
    if (!isSafe(url)) throw new SophiaError('USAGE', { problem: `${url} is no https:// URL`, command: 'proofs seal' });
  }
  return async ({ proofs, checkpoint }) =>
    await signKeyless(context, { proofs, size: checkpoint.size, checkpoint: textOfCheckpoint(checkpoint), fulcioUrl, rekorUrl });
}

/** The token of an identity is not sent where others can read it on the way. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname ?? ''));
}

function tell(name: string, sealing: Sealing): Outcome<ReturnType<typeof dataOf>> {
  const data = dataOf(sealing);
  const { flaws } = sealing;
  if (flaws.length === 0) return { ...outcome([findingOf(name, sealing), ...keylessFindings(name, sealing)], data), proof: sealing.proof };
  const findings = flaws.map(({ check, path: file, reason }): Finding => ({
    check,
    target: file === '' ? name : `${name}/${file}`,
    verdict: 'fail',
    reason,
  }));
  const count = plural(flaws.length, 'finding');
  return { ...outcome(findings, data), error: new SophiaError('PROOF_DOES_NOT_HOLD', { directory: name, count }) };
}

const NOTHING_SEALED = {
  sealed: 0,
  origin: null,
  size: 0,
  root: null,
  from: { size: 0, root: '' },
  level: null,
  signer: null,
  keyless: null,
} as const;

function dataOf({ sealed, from, checkpoint, isSigned, vkey, countersigned }: Sealing) {
  const signed = isSigned ? 'L2' : 'L1';
  const level: Level | null = checkpoint === null ? null : countersigned?.state === 'signed' ? 'L3' : signed;
  return {
    sealed,
    origin: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? 0,
    root: checkpoint?.root ?? null,
    from,
    level,
    signer: vkey,
    keyless: countersigned,
    pushed: null as Delivery | null,
  };
}

/** An outage is no failure of the seal: it stands at its own level, and the next --keyless brings the bundle. */
function keylessFindings(name: string, { countersigned }: Sealing): readonly Finding[] {
  if (countersigned === null) return [];
  if (countersigned.state === 'pending')
    return [{ check: 'keyless', target: name, verdict: 'warn', reason: `pending: ${countersigned.reason}` }];
  return [{ check: 'keyless', target: `${name}/${countersigned.path}`, verdict: 'pass', reason: 'the checkpoint is signed keyless' }];
}

function findingOf(name: string, { sealed, checkpoint }: Sealing): Finding {
  const size = plural(checkpoint?.size ?? 0, 'entry', 'entries');
  const state = checkpoint === null ? 'there is no proof yet' : `the ledger ${checkpoint.origin} has ${size}`;
  const reason = sealed === 0 ? `nothing to seal: ${state}` : `${plural(sealed, 'proof')} sealed; ${state}`;
  return { check: 'sealed', target: name, verdict: 'pass', reason };
}
