// Directories of proofs for fuzzing and for measuring, made by the code that makes real ones.
import process from 'node:process';
import type { Context } from '../../src/context.ts';
import { compactProofs } from '../../src/proof/archive/compact.ts';
import { writePrivateKey } from '../../src/proof/keys/private-key.ts';
import { readSigningKey, type SigningKey } from '../../src/proof/keys/signing-key.ts';
import { parseVkey } from '../../src/proof/ledger/note.ts';
import { sealProofs, type Sealing } from '../../src/proof/ledger/seal.ts';
import { recordRun } from '../../src/proof/recording/record.ts';
import { locateStore } from '../../src/proof/store.ts';
import { openProofs } from '../../src/proof/tree.ts';
import { verifyProofs, type Answer, type Question } from '../../src/proof/verification/verify.ts';
import { createContext } from '../../src/platform/context.ts';

/** On the real machine, silent, with nothing of the environment but where programs are. */
export function contextIn(directory: string): Context {
  const real = createContext({
    directory,
    env: { PATH: process.env['PATH'], HOME: directory },
    signal: new AbortController().signal,
    commands: () => Promise.resolve([]),
    log: { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' },
  });
  // A machine of its own: ids only ever grow, and each directory has its own time.
  return { ...real, machine: { ...real.machine } };
}

/** The same at another time. */
export function at(context: Context, startMs: number): Context {
  let now = startMs;
  return { ...context, clock: { ...context.clock, now: () => (now += 7) } };
}

export async function seal(context: Context, key: SigningKey | null = null): Promise<Sealing> {
  const place = locateStore(context);
  const sealing = await sealProofs(context, { place, run: { command: 'proofs seal', argv: ['seal'] }, key, origin: 'example.org/acme/app/proofs' });
  if (sealing.flaws.length > 0) throw new Error(`not sealed: ${JSON.stringify(sealing.flaws)}`);
  return sealing;
}

export function makeKey(seed: number): SigningKey {
  return readSigningKey(writePrivateKey('acme-proofs', Buffer.alloc(32, seed)), { name: 'a test key', file: 'none' });
}

const DAY_MS = 86_400_000;

/** Several seals, attachments, views, letters beyond ASCII, an archive, and what was sealed after it. Returns the vkey where there is a key. */
export async function buildVariedLedger(context: Context, { nowMs, key }: { readonly nowMs: number; readonly key: SigningKey | null }): Promise<string | null> {
  for (const [round, days] of [200, 199, 120, 1].entries()) {
    const then = at(context, nowMs - days * DAY_MS);
    for (const kind of ['smoke', 'context_index', 'smoke']) await recordVaried(then, kind, round);
    await seal(then, key);
  }
  await compactProofs(at(context, nowMs - DAY_MS / 2), {
    store: locateStore(context),
    olderThanMs: 150 * DAY_MS,
    isDryRun: false,
    run: { command: 'proofs compact', argv: ['compact'] },
  });
  await recordVaried(at(context, nowMs - DAY_MS / 3), 'deployment', 9);
  return (await seal(at(context, nowMs - DAY_MS / 4), key)).vkey;
}

async function recordVaried(context: Context, kind: string, round: number): Promise<void> {
  await recordRun(context, { kind, command: kind, argv: [kind, '--service', 'café'] }, ({ record }) => {
    record.find({ check: 'health', target: 'mcp-repo', verdict: round % 2 === 0 ? 'pass' : 'fail', reason: `healthy in ${round} ms, "größtenteils"`, observed: { status: 200 } });
    record.attach('answer.body', Buffer.from(`{"health":"pass","round":${round}}`), 'application/json');
    record.attach('output.log', Buffer.from(`line of ${kind}\n`.repeat(40)), 'text/plain');
    record.view(`healthz/${kind}.txt`, (proof) => `# proof: ${proof}\nhealth: pass\n`);
    record.view(`metrics/${kind}_${round}.json`, (proof) => `${JSON.stringify({ proof, p95: round })}\n`);
    record.input('sophia.yaml', Buffer.from('services: []\n'));
  });
}

export async function verifyIn(context: Context, question: Partial<Question> = {}): Promise<Answer> {
  return await verifyProofs({
    tree: openProofs(context, locateStore(context)),
    wanted: { paths: [], kinds: [], commit: null, isStrict: false, result: null, maxAgeMs: null, require: null, contract: null },
    nowMs: context.clock.now(),
    trust: { source: 'none', keys: [], identities: [] },
    trustedRoot: undefined,
    origins: [],
    since: null,
    witnesses: [],
    silent: [],
    isIgnored: () => false,
    secretPatterns: [],
    isHashOnly: false,
    ...question,
  });
}

export function trustIn(vkey: string): Question['trust'] {
  const read = parseVkey(vkey);
  if (!read.ok) throw new Error(read.reason);
  return { source: 'given', identities: [], keys: [{ signer: read.value, fromMs: -Infinity, untilMs: Infinity }] };
}
