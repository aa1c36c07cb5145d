// What was typed, and what sophia.yaml says, as one question. Whatever cannot be asked is refused here, before anything is judged.
import path from 'node:path';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Result } from '../../outcome.ts';
import { parseStrict } from '../../proof/canonicalization/strict.ts';
import { readInput } from '../../proof/input.ts';
import { isOrigin, parseCheckpoint } from '../../proof/ledger/checkpoint.ts';
import { readVkey } from '../../proof/keys/key-source.ts';
import { MAX_NOTE_BYTES } from '../../proof/ledger/note.ts';
import { KIND_PATTERN } from '../../proof/path-law.ts';
import { proofsSection, type ProofsConfig } from '../../proof/section.ts';
import { locateStore } from '../../proof/store.ts';
import { openProofs, type ProofTree } from '../../proof/tree.ts';
import { openCommit, resolveCommit } from '../../proof/verification/commit-tree.ts';
import { createIgnore } from '../../proof/verification/ignoring.ts';
import type { Pin } from '../../proof/verification/pins.ts';
import { askRemotes, type RemoteAnswers } from '../../proof/verification/remote-witness.ts';
import type { Wanted } from '../../proof/verification/selection.ts';
import type { Level, TrustedKey } from '../../proof/verification/trust.ts';
import type { Question } from '../../proof/verification/verify.ts';
import { parseDuration } from '../../units.ts';

export interface Asked {
  readonly path: readonly string[];
  readonly dir: string;
  readonly ref: string | undefined;
  readonly require: Level | undefined;
  readonly kind: readonly string[];
  readonly commit: string | undefined;
  readonly result: Result | undefined;
  readonly maxAge: number | undefined;
  readonly contract: string | undefined;
  readonly since: string | undefined;
  readonly witness: string | undefined;
  readonly origin: string | undefined;
  readonly vkey: readonly string[];
  readonly trustedRoot: string | undefined;
  readonly strict: boolean;
  readonly hashOnly: boolean;
  readonly online: boolean;
}

/** Throws what exits with 2: `USAGE`, `VKEY_INVALID`, `INPUT_UNREADABLE`, `JSON_REFUSED`, `REF_NOT_FOUND`. */
export async function toQuestion(context: Context, asked: Asked): Promise<Question> {
  const config = context.config.read(proofsSection);
  const wanted = await toWanted(context, asked, config.contracts);
  const tree = await toTree(context, asked);
  const witness = toPin(context, '--witness', asked.witness);
  const remotes = asked.online ? await findRemotes(context, asked.dir, config.branch) : { pins: [], silent: [] };
  return {
    tree,
    wanted: { ...wanted, paths: asked.path.map((path) => withinTree(path, tree.name, context.directory)) },
    nowMs: context.clock.now(),
    trust: toTrust(asked.vkey, config.trust),
    trustedRoot: asked.trustedRoot === undefined ? undefined : readJson(context, asked.trustedRoot),
    origins: toOrigins(asked.origin, config.origin),
    since: toPin(context, '--since', asked.since),
    witnesses: [...(witness === null ? [] : [witness]), ...remotes.pins],
    silent: remotes.silent,
    isIgnored: createIgnore(config.ignore ?? []),
    secretPatterns: config.redact?.patterns ?? [],
    isHashOnly: asked.hashOnly,
  };
}

const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 64;
const DAY_MS = 86_400_000;
const COMMAND = 'proofs verify';

async function toTree(context: Context, { ref, dir }: Asked): Promise<ProofTree> {
  if (ref === undefined) return openProofs(context, locateStore(context, dir));
  return await openCommit(context, { ref, name: nameFrom(context, dir) });
}

/** As git names it. */
function nameFrom({ directory }: Context, dir: string): string {
  return path.relative(directory, path.resolve(directory, dir)) || '.';
}

/** From the project root, from the directory of proofs, or absolute, as it is typed or completed. */
function withinTree(typed: string, name: string, directory: string): string {
  const given = path.normalize(typed).replace(/\/+$/, '');
  const root = path.resolve(directory, name);
  const absolute = path.resolve(directory, given);
  if (absolute === root || absolute.startsWith(`${root}/`)) return absolute.slice(root.length + 1);
  return given;
}

async function toWanted(context: Context, asked: Asked, contracts: ProofsConfig['contracts']): Promise<Omit<Wanted, 'paths'>> {
  const contract = asked.contract === undefined ? null : findContract(asked.contract, contracts);
  for (const kind of asked.kind) if (!KIND.test(kind)) throw refuse(`"${kind}" is not a kind: write a word like smoke or context_index`);
  if (contract !== null && asked.kind.length > 0)
    throw refuse('give --contract or --kind, not both: a contract says which kinds there must be');
  const commit = asked.commit ?? contract?.commit ?? null;
  if (asked.strict && commit === null) throw refuse('--strict says which runs are of a commit: give --commit as well');
  return {
    kinds: contract?.kinds ?? asked.kind,
    commit: commit === null ? null : await toCommit(context, commit),
    isStrict: asked.strict,
    result: asked.result ?? contract?.result ?? null,
    maxAgeMs: asked.maxAge ?? toMs(contract?.max_age),
    require: asked.require ?? contract?.require ?? null,
    contract: asked.contract ?? null,
  };
}

const KIND = new RegExp(`^${KIND_PATTERN}$`);

type Contract = NonNullable<ProofsConfig['contracts']>[string];

function findContract(name: string, contracts: ProofsConfig['contracts'] = {}): Contract {
  const contract = Object.hasOwn(contracts, name) ? contracts[name] : undefined;
  if (contract !== undefined) return contract;
  const known = Object.keys(contracts);
  throw refuse(
    known.length === 0
      ? `there is no contract "${name}": sophia.yaml has none under proofs.contracts`
      : `there is no contract "${name}" in sophia.yaml; there is ${known.join(', ')}`,
  );
}

/** An id or its beginning is taken as it is: the commit need not be here. */
async function toCommit(context: Context, commit: string): Promise<string> {
  return /^[0-9a-f]{7,64}$/i.test(commit) ? commit.toLowerCase() : await resolveCommit(context, commit);
}

function toMs(duration: string | undefined): number | null {
  return duration === undefined ? null : parseDuration(duration);
}

/** Whoever names a key does not want one that the tree itself brings. */
function toTrust(vkeys: readonly string[], trust: ProofsConfig['trust']): Question['trust'] {
  if (vkeys.length > 0) return { source: 'given', identities: [], keys: vkeys.map((vkey) => toKey(vkey, {})) };
  const identities = trust?.identities ?? [];
  const keys = (trust?.keys ?? []).map(({ vkey, ...times }) => toKey(vkey, times));
  return { source: keys.length + identities.length > 0 ? 'tree' : 'none', identities, keys };
}

function toKey(vkey: string, { from, until }: { readonly from?: string; readonly until?: string }): TrustedKey {
  const signer = readVkey(vkey);
  const fromMs = from === undefined ? -Infinity : Date.parse(from);
  const untilMs = until === undefined ? Infinity : Date.parse(until) + (until.includes('T') ? 0 : DAY_MS - 1);
  if (Number.isNaN(fromMs) || Number.isNaN(untilMs)) throw refuse(`there is no such day: ${from ?? ''} ${until ?? ''}`.trim());
  return { signer, fromMs, untilMs };
}

function toOrigins(given: string | undefined, configured: string | undefined): Question['origins'] {
  if (given !== undefined && !isOrigin(given)) throw refuse(`"${given}" is not an origin: a name without spaces and +`);
  return [
    ...(given === undefined ? [] : [{ origin: given, saidBy: '--origin' }]),
    ...(configured === undefined ? [] : [{ origin: configured, saidBy: 'proofs.origin in sophia.yaml' }]),
  ];
}

function toPin(context: Context, option: string, file: string | undefined): Pin | null {
  if (file === undefined) return null;
  const read = parseCheckpoint(readInput(context, file, MAX_NOTE_BYTES));
  if (!read.ok) throw refuse(`${option} ${file} is no checkpoint: ${read.reason}`);
  return { name: file, checkpoint: read.value };
}

/** The only thing in verify that asks anybody. */
async function findRemotes(context: Context, dir: string, branch: string | undefined): Promise<RemoteAnswers> {
  const answers = await askRemotes(context, { branch: branch ?? null, name: nameFrom(context, dir) });
  if (answers !== null) return answers;
  throw refuse(
    '--online asks the remotes of this repository other than origin for their checkpoint, and there is none: add one with git remote add',
  );
}

function readJson(context: Context, file: string): unknown {
  return parseStrict({ file, bytes: readInput(context, file, MAX_JSON_BYTES) }, MAX_DEPTH);
}

function refuse(problem: string): SophiaError {
  return new SophiaError('USAGE', { problem, command: COMMAND });
}
