import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import type { Context, Files } from '../../../src/context.ts';
import { SophiaError } from '../../../src/errors.ts';
import { readSigningKey, type SigningKey } from '../../../src/proof/keys/signing-key.ts';
import { writePrivateKey } from '../../../src/proof/keys/private-key.ts';
import { writeCheckpoint } from '../../../src/proof/ledger/checkpoint.ts';
import { readLedger } from '../../../src/proof/ledger/ledger.ts';
import { leafHash } from '../../../src/proof/ledger/merkle.ts';
import { judgeNote, keyIdOf, parseNote, type Signer } from '../../../src/proof/ledger/note.ts';
import { sealProofs, type Sealing, type SealRequest } from '../../../src/proof/ledger/seal.ts';
import { recordRun } from '../../../src/proof/recording/record.ts';
import { MAX_VIEW_BYTES, type Statement } from '../../../src/proof/statement.ts';
import { openProofs } from '../../../src/proof/tree.ts';
import { contextFor, git } from '../../fakes/context.ts';

const RUN = { command: 'proofs seal', argv: ['proofs', 'seal'] };

function placeIn({ directory }: Context): SealRequest['place'] {
  return { proofs: `${directory}/proofs`, name: 'proofs' };
}

async function seal(context: Context, request: Partial<SealRequest> = {}): Promise<Sealing> {
  return await sealProofs(context, { place: placeIn(context), run: RUN, key: null, ...request });
}

async function record(context: Context, count = 1): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let each = 0; each < count; each += 1) {
    const { proof } = await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, ({ record: to }) => {
      to.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
      to.attach('a.txt', Buffer.from(`attached ${each}`), 'text/plain');
      to.view('healthz/api.txt', (path) => `proof: ${path}\n${each}\n`);
    });
    paths.push(proof!.path);
  }
  return paths;
}

/** Everything below proofs/, path → content. */
function contentOf({ directory }: Context): Readonly<Record<string, string>> {
  const root = `${directory}/proofs`;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(`${root}/${path}`).isFile());
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(`${root}/${path}`, 'latin1')]));
}

function edit({ directory }: Context, path: string, change: (text: string) => string): void {
  writeFileSync(`${directory}/proofs/${path}`, change(readFileSync(`${directory}/proofs/${path}`, 'latin1')), 'latin1');
}

/** The ledger is whole, covers each proof there is by its leaf, and nothing lies about. */
async function assertSealed(context: Context, message = ''): Promise<void> {
  const ledger = await readLedger(openProofs(context, placeIn(context)));
  assert.deepEqual([ledger.flaws, ledger.tail], [[], []], message);
  assert.equal(ledger.root, ledger.checkpoint?.root, message);
  const content = contentOf(context);
  const proofs = Object.keys(content).filter((path) => /\/[0-9A-Z]{26}\.json$/.test(path));
  assert.deepEqual(ledger.entries.map(({ path }) => path).toSorted(), proofs.toSorted(), message);
  for (const { path, leaf } of ledger.entries) assert.equal(leafHash(Buffer.from(content[path]!, 'latin1')).toString('hex'), leaf);
  assert.deepEqual(
    Object.keys(content).filter((path) => /\.(?:tmp|new)$/.test(path)),
    [],
    message,
  );
}

function codeOf(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SophiaError && error.code === code;
}

function keyNamed(name: string, byte = 1): { readonly key: SigningKey; readonly signer: Signer } {
  const key = readSigningKey(writePrivateKey(name, Buffer.alloc(32, byte)), { name: 'key', file: null });
  return { key, signer: { name, keyId: keyIdOf(name, key.publicKey), publicKey: key.publicKey } };
}

function signersOf({ directory }: Context, known: readonly Signer[]): readonly string[] {
  const note = parseNote(readFileSync(`${directory}/proofs/ledger/checkpoint`));
  assert.ok(note.ok);
  return judgeNote(note.value, known).signers.map(({ name }) => name);
}

test('proofs are appended in the order of their ids, then the seal itself, and the seal says what was there before', async (t) => {
  const context = contextFor(t);
  const paths = await record(context, 3);
  const first = await seal(context);
  assert.deepEqual([first.flaws, first.sealed, first.from.size, first.checkpoint?.size], [[], 3, 0, 4]);
  await assertSealed(context);
  const ledger = await readLedger(openProofs(context, placeIn(context)));
  assert.deepEqual(
    ledger.entries.map(({ path }) => `proofs/${path}`),
    [...paths, first.proof!.path],
  );
  await record(context);
  const second = await seal(context);
  const { predicate } = JSON.parse(readFileSync(`${context.directory}/${second.proof!.path}`, 'utf8')) as Statement;
  const { origin, size, root } = first.checkpoint!;
  assert.deepEqual(predicate.data, { origin, from: { size, root }, sealed: 1, signer: null });
  assert.deepEqual(predicate.ledger, { origin, size, root });
  assert.deepEqual([predicate.kind, predicate.result, second.checkpoint?.size], ['seal', 'PASSED', 6]);
  await assertSealed(context);
});

test('a proof cites the last checkpoint there was when it started', async (t) => {
  const context = contextFor(t);
  const [before] = await record(context);
  const { checkpoint } = await seal(context);
  const [after] = await record(context);
  const ledgerOf = (path: string | undefined) =>
    (JSON.parse(readFileSync(`${context.directory}/${path}`, 'utf8')) as Statement).predicate.ledger;
  assert.equal(ledgerOf(before), null);
  assert.deepEqual(ledgerOf(after), { origin: checkpoint?.origin, size: 2, root: checkpoint?.root });
});

test('nothing to seal changes no file, and an absent directory is nothing to seal', async (t) => {
  const context = contextFor(t);
  assert.deepEqual(await seal(context), {
    flaws: [],
    sealed: 0,
    from: { size: 0, root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
    checkpoint: null,
    isSigned: false,
    vkey: null,
    proof: null,
    countersigned: null,
  });
  assert.deepEqual(readdirSync(context.directory), []);
  await record(context);
  await seal(context);
  const before = contentOf(context);
  assert.equal((await seal(context)).sealed, 0);
  assert.deepEqual(contentOf(context), before);
});

test('more proofs than one file of entries holds: full files never change again', async (t) => {
  const context = contextFor(t);
  await recordMany(context, 300);
  await seal(context);
  await assertSealed(context);
  const full = contentOf(context)['ledger/entries/000'];
  assert.equal(full?.split('\n').length, 257);
  await record(context, 2);
  await seal(context);
  await assertSealed(context);
  assert.equal(contentOf(context)['ledger/entries/000'], full);
});

/** A run that took so long: proofs that are equal but for the id are one that was replayed. */
function lasting(proof: string, durationMs: number): string {
  return proof.replace(/"durationMs": \d+/, `"durationMs": ${1_000_000 + durationMs}`);
}

/** Like one proof, under other ids of its millisecond: recording hundreds takes long. */
async function recordMany(context: Context, count: number): Promise<void> {
  const { proof } = await recordRun(context, { kind: 'many', command: 'many', argv: [] }, ({ record: to }) => {
    to.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
  });
  const { id, path } = proof!;
  const text = readFileSync(`${context.directory}/${path}`, 'utf8');
  for (let each = 1; each < count; each += 1) {
    const other = `${id.slice(0, 20)}${String(each).padStart(6, '0')}`;
    writeFileSync(`${context.directory}/${path.replace(id, other)}`, lasting(text.replaceAll(id, other), each));
  }
}

test('a proof that does not hold is not sealed, nor is any other, and nothing changes', async (t) => {
  const vectors: Readonly<Record<string, (context: Context, path: string) => void>> = {
    contradiction: (context, path) => edit(context, path, (text) => text.replace('"exitCode": 0', '"exitCode": 1')),
    'not-canonical': (context, path) => edit(context, path, (text) => `${text}\n`),
    'path-law': ({ directory }, path) =>
      renameSync(`${directory}/proofs/${path}`, `${directory}/proofs/${path.replace(/.{4}\.json$/, '0000.json')}`),
    'attachment-tampered': (context, path) => edit(context, path.replace('.json', '.a.txt'), (text) => text.replace('a', 'b')),
    'attachment-missing': ({ directory }, path) => rmSync(`${directory}/proofs/${path.replace('.json', '.a.txt')}`),
    'view-tampered': (context) => edit(context, 'healthz/api.txt', (text) => `${text}x`),
    'view-missing': ({ directory }) => rmSync(`${directory}/proofs/healthz/api.txt`),
    replayed: ({ directory }, path) => {
      mkdirSync(`${directory}/proofs/other/${path.split('/').slice(1, 4).join('/')}`, { recursive: true });
      cpSync(`${directory}/proofs/${path}`, `${directory}/proofs/${path.replace('demo', 'other')}`);
    },
    schema: ({ directory }, path) => writeFileSync(`${directory}/proofs/${path}`, Buffer.alloc(300 * 1024, 0x20)),
  };
  for (const [check, spoil] of Object.entries(vectors)) {
    const context = contextFor(t);
    await record(context);
    await seal(context);
    const [, last] = await record(context, 2);
    spoil(context, last!.slice('proofs/'.length));
    const before = contentOf(context);
    const { flaws, proof } = await seal(context);
    assert.ok(
      flaws.some((flaw) => flaw.check === check),
      `${check}: ${JSON.stringify(flaws)}`,
    );
    assert.equal(proof, null);
    assert.deepEqual(contentOf(context), before, check);
  }
});

test('what verify would never forgive is not sealed: a proof that is another one again, a time to come, a secret', async (t) => {
  const twins = contextFor(t);
  const { proof } = await recordRun(twins, { kind: 'demo', command: 'demo', argv: [] }, () => {});
  const copy = (character: string): void => {
    const text = readFileSync(`${twins.directory}/${proof!.path}`, 'utf8');
    const other = `${proof!.id.slice(0, -1)}${character}`;
    writeFileSync(`${twins.directory}/${proof!.path.replace(proof!.id, other)}`, text.replaceAll(proof!.id, other));
  };
  copy(proof!.id.endsWith('A') ? 'B' : 'A');
  assert.deepEqual(
    (await seal(twins)).flaws.map(({ check, reason }) => [check, reason.includes('again, but for the id')]),
    [['replayed', true]],
  );
  rmSync(`${twins.directory}/proofs`, { recursive: true });
  const fresh = await recordRun(twins, { kind: 'demo', command: 'demo', argv: [] }, () => {});
  await seal(twins);
  cpSync(`${twins.directory}/${fresh.proof!.path}`, `${twins.directory}/once`);
  const replay = `${fresh.proof!.id.slice(0, -1)}${fresh.proof!.id.endsWith('A') ? 'B' : 'A'}`;
  const text = readFileSync(`${twins.directory}/once`, 'utf8').replaceAll(fresh.proof!.id, replay);
  writeFileSync(`${twins.directory}/${fresh.proof!.path.replace(fresh.proof!.id, replay)}`, text);
  assert.deepEqual(
    (await seal(twins)).flaws.map(({ check, path }) => [check, path.includes(replay)]),
    [['replayed', true]],
  );

  const early = contextFor(t);
  await record(early);
  const clock = { ...early.clock, now: () => Date.now() - 3_600_000 };
  assert.deepEqual(
    (await seal({ ...early, clock })).flaws.map(({ check }) => check),
    ['skew'],
  );

  const leaky = contextFor(t);
  const [path] = await record(leaky);
  writeFileSync(
    `${leaky.directory}/${path}`,
    readFileSync(`${leaky.directory}/${path}`, 'utf8').replace('"reason": "r"', `"reason": "ghp_${'a1B2'.repeat(9)}"`),
  );
  assert.deepEqual(
    (await seal(leaky)).flaws.map(({ check }) => check),
    ['secret'],
  );
});

test('a name of the ledger that redaction would take out of its own seals is refused', async (t) => {
  const context = contextFor(t, { env: { DEPLOY_TOKEN: 'acme-corp' } });
  await record(context);
  const before = contentOf(context);
  await assert.rejects(seal(context, { origin: 'github.com/acme-corp/app/proofs' }), codeOf('LEDGER_ORIGIN_SECRET'));
  assert.deepEqual(contentOf(context), before);
});

test('links and pipes among the proofs are named and not waited for', async (t) => {
  const context = contextFor(t);
  const [path] = await record(context);
  const folder = `${context.directory}/${path!.slice(0, path!.lastIndexOf('/'))}`;
  const day = path!.slice(path!.lastIndexOf('/') + 1, -7);
  symlinkSync('/etc/hostname', `${folder}/${day}00.json`);
  execFileSync('mkfifo', [`${folder}/${day}01.json`]);
  const { flaws } = await seal(context);
  assert.deepEqual(
    flaws.map(({ check }) => check),
    ['schema', 'schema'],
  );
});

test('a view that a newer proof has taken over is no fault of the older one, also where the newer one is sealed', async (t) => {
  const context = contextFor(t);
  const [late] = await record(context);
  // The late proof, as if it were still on its way.
  const away = `${context.directory}/away`;
  mkdirSync(away);
  const files = [late!, late!.replace('.json', '.a.txt')];
  for (const [index, file] of files.entries()) renameSync(`${context.directory}/${file}`, `${away}/${index}`);
  await record(context);
  await seal(context);
  for (const [index, file] of files.entries()) renameSync(`${away}/${index}`, `${context.directory}/${file}`);
  assert.deepEqual((await seal(context)).flaws, []);
  await assertSealed(context);
});

test('a folder that may not be looked into is named, since what is in it would be left out', async (t) => {
  const context = contextFor(t);
  const [path] = await record(context);
  const { files } = context;
  for (const closed of ['', '/demo', '/ledger']) {
    const scan: Files['scan'] = (folder) => {
      if (folder === `${context.directory}/proofs${closed}`)
        throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
      return files.scan(folder);
    };
    if (closed === '/ledger') mkdirSync(`${context.directory}/proofs/ledger`);
    const { flaws, sealed } = await seal({ ...context, files: { ...files, scan } });
    assert.deepEqual([sealed, flaws.map((flaw) => `${flaw.check} ${flaw.path}`)], [0, [`foreign ${closed.slice(1)}`]]);
  }
  assert.deepEqual((await seal(context)).flaws, []);
  assert.ok((await readLedger(openProofs(context, placeIn(context)))).entries.some((entry) => path === `proofs/${entry.path}`));
});

test('whatever size of a view can be recorded can be sealed and verified', async (t) => {
  const context = contextFor(t);
  const viewOf = async (sizeBytes: number) =>
    await recordRun(context, { kind: 'demo', command: 'demo', argv: [] }, (run) => {
      run.record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
      run.record.view('healthz/large.txt', (path) => `proof: ${path}\n`.padEnd(sizeBytes, '\n'));
    });
  assert.equal((await viewOf(MAX_VIEW_BYTES)).error, null);
  assert.deepEqual((await seal(context)).flaws, []);
  await assertSealed(context);
  assert.equal((await viewOf(MAX_VIEW_BYTES + 1)).error?.code, 'PROOF_TOO_LARGE');
  assert.deepEqual((await seal(context)).flaws, []);
});

test('a ledger that was tampered with is not continued', async (t) => {
  const other = `${'ab'.repeat(32)} demo/2026/11/22/01M80K4KWV7Q2M9XC4W0RZ5T8A.json`;
  const vectors: Readonly<Record<string, (context: Context) => void>> = {
    'a leaf': (context) => edit(context, 'ledger/entries/000', (text) => text.replace(/^1 [0-9a-f]{4}/m, '1 0000')),
    'a path': (context) => edit(context, 'ledger/entries/000', (text) => text.replace(/^1 (\S+) \S+$/m, `1 ${other}`)),
    'a line less': (context) => edit(context, 'ledger/entries/000', (text) => text.replace(/^1 .*\n/m, '')),
    'no line': (context) => edit(context, 'ledger/entries/000', () => ''),
    'no file': ({ directory }) => rmSync(`${directory}/proofs/ledger/entries/000`),
    'the root': (context) => edit(context, 'ledger/checkpoint', (text) => text.replace(/^.{4}(?=.{40}$)/m, 'AAAA')),
    'the size': (context) => edit(context, 'ledger/checkpoint', (text) => text.replace('\n2\n', '\n1\n')),
    'a greater size': (context) => edit(context, 'ledger/checkpoint', (text) => text.replace('\n2\n', '\n9007199254740991\n')),
    'line ends': (context) => edit(context, 'ledger/checkpoint', (text) => text.replaceAll('\n', '\r\n')),
    'spare bits': (context) =>
      edit(context, 'ledger/checkpoint', (text) => text.replace(/.(?==$)/m, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1))),
    'a link': ({ directory }) => {
      renameSync(`${directory}/proofs/ledger/checkpoint`, `${directory}/checkpoint`);
      symlinkSync('../../checkpoint', `${directory}/proofs/ledger/checkpoint`);
    },
    'a pipe': ({ directory }) => {
      rmSync(`${directory}/proofs/ledger/checkpoint`);
      execFileSync('mkfifo', [`${directory}/proofs/ledger/checkpoint`]);
    },
    'a large file': (context) => edit(context, 'ledger/entries/000', (text) => text.repeat(2000)),
  };
  for (const [name, spoil] of Object.entries(vectors)) {
    const context = contextFor(t);
    await record(context);
    await seal(context);
    await record(context);
    spoil(context);
    const before = contentOf(context);
    const { flaws } = await seal(context);
    assert.ok(flaws.length > 0 && flaws.every(({ path }) => path.startsWith('ledger/')), name);
    assert.deepEqual(contentOf(context), before, name);
  }
});

test('a ledger that was rolled back, swapped, renamed or taken away is not continued where a proof has seen it', async (t) => {
  const context = contextFor(t);
  const { directory } = context;
  const keep = (name: string): void => cpSync(`${directory}/proofs/ledger`, `${directory}/${name}`, { recursive: true });
  const restore = (name: string): void => {
    rmSync(`${directory}/proofs/ledger`, { recursive: true, force: true });
    if (name !== '') cpSync(`${directory}/${name}`, `${directory}/proofs/ledger`, { recursive: true });
  };
  const checks = async (): Promise<readonly string[]> => [...new Set((await seal(context)).flaws.map(({ check }) => check))];
  await record(context);
  await seal(context);
  keep('small');
  await record(context);
  await seal(context);
  keep('large');
  await record(context);
  restore('small');
  assert.deepEqual(await checks(), ['rollback']);
  restore('');
  assert.deepEqual(await checks(), ['ledger-missing']);
  const stranger = contextFor(t);
  await record(stranger, 3);
  await seal(stranger, { origin: (await readLedger(openProofs(context, { proofs: directory, name: 'p' }))).checkpoint?.origin });
  cpSync(`${stranger.directory}/proofs/ledger`, `${directory}/strange`, { recursive: true });
  restore('strange');
  assert.deepEqual(await checks(), ['wrong-origin']);
  edit(context, 'ledger/checkpoint', (text) => text.replace(/^.*\n/, `${originIn(directory, 'large')}\n`));
  assert.deepEqual(await checks(), ['fork']);
  restore('large');
  assert.deepEqual(await checks(), []);
  await assertSealed(context);
});

function originIn(directory: string, ledger: string): string {
  return readFileSync(`${directory}/${ledger}/checkpoint`, 'utf8').split('\n')[0]!;
}

test('the origin is that of the configuration, else of the remote, else of the folder, and then it stays', async (t) => {
  const local = contextFor(t);
  await record(local);
  assert.match((await seal(local)).checkpoint!.origin, /^localhost\/sophia-test-[A-Za-z0-9]+\/proofs$/);

  const context = contextFor(t);
  git(context.directory, 'init', '-q');
  git(context.directory, 'remote', 'add', 'origin', 'git@GitHub.com:acme/app.git');
  await record(context);
  assert.equal((await seal(context)).checkpoint?.origin, 'github.com/acme/app/proofs');
  git(context.directory, 'remote', 'set-url', 'origin', 'https://user:secret@example.org/fork/app');
  await record(context);
  assert.equal((await seal(context)).checkpoint?.origin, 'github.com/acme/app/proofs');
  await record(context);
  await assert.rejects(seal(context, { origin: 'example.org/mine' }), codeOf('LEDGER_ORIGIN_DIFFERS'));

  const configured = contextFor(t);
  await record(configured);
  assert.equal((await seal(configured, { origin: 'example.org/mine' })).checkpoint?.origin, 'example.org/mine');
});

test('a signed ledger is never continued unsigned, and each key signs under one name', async (t) => {
  const context = contextFor(t);
  const { key, signer } = keyNamed('acme-proofs');
  await record(context);
  const first = await seal(context, { key });
  assert.equal(first.vkey, `acme-proofs+${signer.keyId}+${Buffer.concat([Buffer.of(1), signer.publicKey]).toString('base64')}`);
  assert.deepEqual(signersOf(context, [signer]), ['acme-proofs']);
  await record(context);
  const before = contentOf(context);
  await assert.rejects(seal(context), codeOf('LEDGER_SIGNED'));
  assert.deepEqual(contentOf(context), before);
  // The same key without its name: the checkpoint knows under which it has signed.
  const bare = { ...key, name: null } as SigningKey;
  await seal(context, { key: bare });
  assert.deepEqual(signersOf(context, [signer]), ['acme-proofs']);
});

test('a key without a name signs under the one it is trusted by, else under the origin', async (t) => {
  const { key, signer } = keyNamed('trusted.example');
  const bare = { ...key, name: null } as SigningKey;
  const context = contextFor(t);
  await record(context);
  await seal(context, { key: bare, trusted: [signer] });
  assert.deepEqual(signersOf(context, [signer]), ['trusted.example']);
  const other = contextFor(t);
  await record(other);
  const { checkpoint, vkey } = await seal(other, { key: bare });
  assert.ok(vkey?.startsWith(`${checkpoint?.origin}+`));
});

test('a signature that was lost or forged stops the next seal', async (t) => {
  const { key } = keyNamed('acme-proofs');
  const { signer: impostor } = keyNamed('acme-proofs', 2);
  const context = contextFor(t);
  await record(context);
  await seal(context, { key });
  await record(context);
  const signed = contentOf(context)['ledger/checkpoint']!;
  edit(context, 'ledger/checkpoint', (text) => text.replace(/^\u00e2.*\n/m, ''));
  for (const asked of [key, null])
    assert.deepEqual(
      (await seal(context, { key: asked })).flaws.map(({ check }) => check),
      ['downgraded'],
    );
  // The name and id of the key, and a signature of something else.
  edit(context, 'ledger/checkpoint', () => signed.replace(/.{20}(?=.{4}\n$)/, 'A'.repeat(20)));
  assert.deepEqual(
    (await seal(context, { key })).flaws.map(({ check }) => check),
    ['bad-signature'],
  );
  edit(context, 'ledger/checkpoint', () => signed);
  assert.deepEqual((await seal(context, { key, trusted: [impostor] })).flaws, []);
});

/** A disk on which everything that would change something fails from the n-th time on, as if the run had been killed there. */
function dyingFiles(files: Files, survives: number): { readonly files: Files; readonly count: () => number } {
  let count = 0;
  const before = <Act extends (...args: never[]) => void>(act: Act): Act => {
    const guarded = (...args: Parameters<Act>): void => {
      count += 1;
      if (count > survives) throw new Error('killed');
      act(...args);
    };
    return guarded as Act;
  };
  return {
    files: {
      ...files,
      replace: before((...args) => files.replace(...args)),
      create: before((...args) => files.create(...args)),
      rename: before((...args) => files.rename(...args)),
      remove: before((...args) => files.remove(...args)),
      link: before((...args) => files.link(...args)),
      append: before((...args) => files.append(...args)),
      makeDirectory: before((...args) => files.makeDirectory(...args)),
    },
    count: () => count,
  };
}

for (const [name, key] of [['unsigned', null] as const, ['signed', keyNamed('acme-proofs').key] as const]) {
  test(`a seal that is cut off at any write is finished by the next, ${name}`, async (t) => {
    const context = contextFor(t);
    const proofs = `${context.directory}/proofs`;
    const changing = ['ledger', 'seal', 'demo', 'healthz'];
    await recordMany(context, 252);
    await seal(context, { key });
    await record(context, 4); // the next seal fills a file of entries and begins another
    for (const folder of changing) cpSync(`${proofs}/${folder}`, `${context.directory}/before/${folder}`, { recursive: true });
    let survives = 0;
    for (let isCut = true; isCut; survives += 1) {
      const { files, count } = dyingFiles(context.files, survives);
      // What tidies up at the end may fail without a word.
      await seal({ ...context, files }, { key }).catch(() => {});
      isCut = count() > survives;
      rmSync(`${context.directory}/.sophia`, { recursive: true, force: true });
      assert.deepEqual((await seal(context, { key })).flaws, [], `after ${survives} writes`);
      await record(context);
      assert.deepEqual((await seal(context, { key })).flaws, []);
      await assertSealed(context, `after ${survives} writes`);
      for (const folder of changing) {
        rmSync(`${proofs}/${folder}`, { recursive: true });
        cpSync(`${context.directory}/before/${folder}`, `${proofs}/${folder}`, { recursive: true });
      }
    }
    assert.ok(survives > 10);
  });
}

test('a first seal that is cut off before its checkpoint is finished by the next', async (t) => {
  const context = contextFor(t);
  await record(context, 3);
  await seal(context);
  rmSync(`${context.directory}/proofs/ledger/checkpoint`);
  const { sealed, flaws } = await seal(context);
  assert.deepEqual([sealed, flaws], [4, []]);
  await assertSealed(context);
});

test('entries of proofs that are gone again, and files of killed runs, are cleared away', async (t) => {
  const context = contextFor(t);
  const { directory } = context;
  await record(context);
  await seal(context);
  const ledger = contentOf(context);
  const [path] = await record(context);
  await seal(context);
  writeFileSync(`${directory}/proofs/ledger/checkpoint`, ledger['ledger/checkpoint']!);
  const gone = Object.keys(contentOf(context)).filter((file) => !(file in ledger));
  for (const file of gone) rmSync(`${directory}/proofs/${file}`);
  assert.ok(gone.includes(path!.slice('proofs/'.length)));
  writeFileSync(`${directory}/proofs/ledger/.checkpoint.0123456789ab.tmp`, 'x');
  writeFileSync(`${directory}/proofs/ledger/entries/.000.0123456789ab.tmp`, 'x');
  assert.equal((await seal(context)).sealed, 0);
  await assertSealed(context);
  assert.equal(contentOf(context)['ledger/entries/000'], ledger['ledger/entries/000']);
});

test('whoever comes second waits for the first, and says who that is when it takes too long', async (t) => {
  const context = contextFor(t);
  await record(context);
  mkdirSync(`${context.directory}/.sophia`, { recursive: true });
  const path = `${context.directory}/.sophia/seal.lock`;
  const lock = context.files.lock(path);
  assert.ok('release' in lock);
  let now = 0;
  const clock = { ...context.clock, monotonicMs: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
  await assert.rejects(
    seal({ ...context, clock }),
    (error) => error instanceof SophiaError && error.code === 'LEDGER_LOCKED' && error.message.includes(`process ${process.pid}`),
  );
  const released = { ...clock, sleep: () => Promise.resolve(lock.release()) };
  assert.equal((await seal({ ...context, clock: released })).sealed, 1);
  assert.ok(!existsSync(path));
});

test('what looks broken while another one writes is looked at again once that one is done', async (t) => {
  const context = contextFor(t);
  await record(context);
  await seal(context);
  const checkpoint = contentOf(context)['ledger/checkpoint']!;
  mkdirSync(`${context.directory}/.sophia`, { recursive: true });
  const lock = context.files.lock(`${context.directory}/.sophia/seal.lock`);
  assert.ok('release' in lock);
  edit(context, 'ledger/checkpoint', () => 'half of');
  const finish = (): Promise<void> => {
    edit(context, 'ledger/checkpoint', () => checkpoint);
    return Promise.resolve(lock.release());
  };
  assert.deepEqual((await seal({ ...context, clock: { ...context.clock, sleep: finish } })).flaws, []);
});

test('two seals at once leave one ledger, which has everything', async (t) => {
  const context = contextFor(t);
  await record(context, 5);
  const sealings = await Promise.all([seal(context), seal(context), seal(context)]);
  assert.deepEqual(
    sealings.map(({ sealed }) => sealed).toSorted((a, b) => a - b),
    [0, 0, 5],
  );
  await assertSealed(context);
});

test('nothing is written through a link', async (t) => {
  for (const link of ['ledger', 'ledger/entries']) {
    const context = contextFor(t);
    const { directory } = context;
    await record(context);
    mkdirSync(`${directory}/elsewhere`);
    if (link !== 'ledger') mkdirSync(`${directory}/proofs/ledger`);
    symlinkSync(`${directory}/elsewhere`, `${directory}/proofs/${link}`);
    await assert.rejects(seal(context), codeOf('LEDGER_NOT_WRITTEN'));
    assert.deepEqual(readdirSync(`${directory}/elsewhere`), []);
  }
  const context = contextFor(t);
  await record(context);
  renameSync(`${context.directory}/proofs`, `${context.directory}/elsewhere`);
  symlinkSync('elsewhere', `${context.directory}/proofs`);
  await assert.rejects(seal(context), codeOf('LEDGER_NOT_WRITTEN'));
});

test('a disk that is full and a folder that is not ours are told apart, and the next seal finishes', async (t) => {
  const context = contextFor(t);
  await record(context);
  for (const [system, code] of [
    ['ENOSPC', 'LEDGER_NOT_WRITTEN'],
    ['EACCES', 'LEDGER_FORBIDDEN'],
  ] as const) {
    const replace = (path: string): never => {
      throw Object.assign(new Error(`${system}: ${path}`), { code: system });
    };
    await assert.rejects(seal({ ...context, files: { ...context.files, replace } }), codeOf(code));
  }
  assert.equal((await seal(context)).sealed, 3); // those that were cut off left their own proofs
  await assertSealed(context);
});

test('what countersigns gets the checkpoint that stands in the end, new or not', async (t) => {
  const context = contextFor(t);
  const seen: string[] = [];
  const countersign: SealRequest['countersign'] = ({ proofs, checkpoint }) => {
    assert.equal(readFileSync(`${proofs}/ledger/checkpoint`, 'utf8'), writeCheckpoint(checkpoint));
    seen.push(`${checkpoint.size}`);
    return Promise.resolve({ state: 'pending', reason: 'a test' });
  };
  assert.equal((await seal(context, { countersign })).countersigned, null);
  await record(context);
  for (let each = 0; each < 2; each += 1)
    assert.deepEqual((await seal(context, { countersign })).countersigned, { state: 'pending', reason: 'a test' });
  assert.deepEqual(seen, ['2', '2']);
});

test('a key that an agent holds signs through ssh-keygen, and without the agent nothing is written', async (t) => {
  const agent = startAgent(t);
  if (agent === null) return t.skip('no ssh-agent on this machine');
  const context = contextFor(t, { env: { SSH_AUTH_SOCK: agent.socket } });
  const key = readSigningKey(agent.line, { name: 'key.pub', file: agent.file });
  await record(context);
  assert.ok((await seal(context, { key })).isSigned);
  const { sshSigner, flaws } = await readLedger(openProofs(context, placeIn(context)));
  assert.deepEqual([Buffer.from(sshSigner ?? []), flaws], [Buffer.from(key.publicKey), []]);
  const allowed = `${context.directory}/allowed`;
  writeFileSync(allowed, `acme namespaces="sophia-proofs" ${agent.line}`);
  const text = contentOf(context)['ledger/checkpoint']!.slice(0, -1);
  const args = [
    '-Y',
    'verify',
    '-f',
    allowed,
    '-I',
    'acme',
    '-n',
    'sophia-proofs',
    '-s',
    `${context.directory}/proofs/ledger/checkpoint.sshsig`,
  ];
  assert.equal(spawnSync('ssh-keygen', args, { input: text }).status, 0);

  await record(context);
  const before = contentOf(context);
  await assert.rejects(seal(context), codeOf('LEDGER_SIGNED'));
  await assert.rejects(seal({ ...contextFor(t), directory: context.directory }, { key }), codeOf('SIGNING_FAILED'));
  assert.deepEqual(contentOf(context), before);

  edit(context, 'ledger/checkpoint.sshsig', (signature) => signature.replace('\n-----END', ' \n-----END'));
  assert.deepEqual(
    (await seal(context, { key })).flaws.map(({ check }) => check),
    ['bad-signature'],
  );
});

test('a seal with an agent that is cut off between signature and checkpoint is finished by the next', async (t) => {
  const agent = startAgent(t);
  if (agent === null) return t.skip('no ssh-agent on this machine');
  const context = contextFor(t, { env: { SSH_AUTH_SOCK: agent.socket } });
  const key = readSigningKey(agent.line, { name: 'key.pub', file: agent.file });
  await record(context);
  await seal(context, { key });
  const { 'ledger/checkpoint': checkpoint } = contentOf(context);
  await record(context);
  await seal(context, { key });
  writeFileSync(`${context.directory}/proofs/ledger/checkpoint`, checkpoint!);
  assert.deepEqual((await seal(context, { key })).flaws, []);
  await assertSealed(context);
});

/** An agent with one key whose private file is gone. */
function startAgent(t: TestContext): { readonly socket: string; readonly line: string; readonly file: string } | null {
  const { directory } = contextFor(t);
  const socket = `${directory}/agent`;
  const started = spawnSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started.stdout ?? '')?.[1]);
  if (started.status !== 0 || !Number.isSafeInteger(pid)) return null;
  t.after(() => process.kill(pid));
  const file = `${directory}/key`;
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  rmSync(file);
  return { socket, line: readFileSync(`${file}.pub`, 'utf8'), file: `${file}.pub` };
}
