import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { registry, sections } from '../../src/commands/registry.generated.ts';
import { SophiaError, type ErrorCode } from '../../src/errors.ts';
import { readConfig } from '../../src/faces/config.ts';
import type { RawOptions } from '../../src/faces/options.ts';
import { proofsSection } from '../../src/proof/section.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';

async function read(t: TestContext, directory: string, config?: string): Promise<RawOptions> {
  const entry = registry.find(({ name }) => name === 'index')!;
  const { options } = await readConfig(contextFor(t, { directory }), { path: config, command: await entry.load(), registry, sections });
  return options;
}

async function refusal(t: TestContext, directory: string, code: ErrorCode, config?: string): Promise<string> {
  const thrown: unknown = await read(t, directory, config).then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SophiaError, String(thrown));
  assert.equal(thrown.code, code);
  assert.equal(thrown.exitCode, 2);
  return thrown.message;
}

test('what is no regular file is refused and never waited for', async (t) => {
  const make: Readonly<Record<string, (file: string) => void>> = {
    directory: (file) => fs.mkdirSync(file),
    FIFO: (file) => execFileSync('mkfifo', [file]),
    'link to itself': (file) => fs.symlinkSync(file, file),
    'link to nowhere': (file) => fs.symlinkSync('nowhere', file),
    'link to a device': (file) => fs.symlinkSync('/dev/zero', file),
    'sparse file of 3 GB': (file) => {
      fs.writeFileSync(file, '');
      fs.truncateSync(file, 3e9);
    },
  };
  for (const [what, place] of Object.entries(make)) {
    const root = temporaryFolder(t);
    place(path.join(root, 'sophia.yaml'));
    assert.match(await refusal(t, root, 'CONFIG_UNREADABLE'), /sophia\.yaml cannot be read/, what);
  }
  await refusal(t, temporaryFolder(t), 'CONFIG_UNREADABLE', '.');
  await refusal(t, temporaryFolder(t), 'CONFIG_NOT_FOUND', 'missing.yaml');
});

test('hostile YAML is refused at its line, quickly and with few words', async (t) => {
  const nine = (alias: string): string => `[${Array.from({ length: 9 }, () => alias).join(', ')}]`;
  const bomb = ['a', 'b', 'c', 'd', 'e', 'f'].map(
    (name, index, names) => `${name}: &${name} ${nine(index === 0 ? 'x' : `*${names[index - 1]!}`)}`,
  );
  const texts: readonly (readonly [string, RegExp])[] = [
    ['index:\n\texclude: [x]\n', /:2:1: /],
    ['index: {full: true}\nindex: {full: false}\n', /:2:1: Map keys must be unique/],
    [`${bomb.join('\n')}\nindex:\n  exclude: *f\n`, /:1:1: unknown section "a".* \(and \d+ more\)/],
    [`index:\n  exclude: &a [x]\n  include: *a\n`, /:3:12: "include" is an alias; write its value out/],
    ['index: &x\n  exclude: *x\n', /:2:12: "exclude" is an alias/],
    ['index: !!js/function "x"\n', /:1:8: Unresolved tag/],
    ['index: {}\n---\nindex: {}\n', /multiple documents/],
    ['- index\n', /:1:1: the file must be a mapping/],
    [`index:\n  exclude: ${'['.repeat(50_000)}`, /sophia\.yaml:2:/],
    ['\u0000\u0001', /sophia\.yaml:1:/],
  ];
  for (const [text, message] of texts) {
    const root = temporaryFolder(t);
    fs.writeFileSync(path.join(root, 'sophia.yaml'), text);
    const startedMs = performance.now();
    const said = await refusal(t, root, 'CONFIG_INVALID');
    assert.match(said, message, text.slice(0, 40));
    assert.ok(said.length < 500 && performance.now() - startedMs < 5000, text.slice(0, 40));
  }
});

test('a file without content, or with comments alone, configures nothing', async (t) => {
  for (const text of ['', '# nothing\n', 'index:\n', '\uFEFFindex: {}\n']) {
    const root = temporaryFolder(t);
    fs.writeFileSync(path.join(root, 'sophia.yaml'), text);
    assert.deepEqual(await read(t, root), {}, JSON.stringify(text));
  }
});

async function readProofs(t: TestContext, text: string) {
  const directory = temporaryFolder(t);
  fs.writeFileSync(path.join(directory, 'sophia.yaml'), text);
  const entry = registry.find(({ name }) => name === 'index')!;
  const { config, file } = await readConfig(contextFor(t, { directory }), {
    path: undefined,
    command: await entry.load(),
    registry,
    sections,
  });
  assert.equal(Buffer.from(file!.bytes).toString(), text);
  return config.read(proofsSection);
}

test('a section of a room is read as it stands, whatever command is run', async (t) => {
  const text = `proofs:
  origin: github.com/acme/app/proofs
  trust: { keys: [{ vkey: "acme-proofs+1f2e3d4c+AQ", from: 2026-01-01 }] }
  freshness: { smoke: 24h, context_index: 6h }
  contracts: { release: { kinds: [deployment, smoke], commit: HEAD, result: PASSED, max_age: 24h, require: L1 } }
  redact: { env: [ACME_PIN], patterns: ["acme-[0-9a-f]{32}"] }
  ignore: ["legacy/**"]
`;
  const proofs = await readProofs(t, text);
  assert.equal(proofs.origin, 'github.com/acme/app/proofs');
  assert.deepEqual(proofs.trust?.keys, [{ vkey: 'acme-proofs+1f2e3d4c+AQ', from: '2026-01-01' }]);
  assert.deepEqual(proofs.freshness, { smoke: '24h', context_index: '6h' });
  assert.deepEqual(proofs.contracts?.['release']?.kinds, ['deployment', 'smoke']);
  assert.deepEqual(proofs.redact, { env: ['ACME_PIN'], patterns: ['acme-[0-9a-f]{32}'] });
  assert.deepEqual(await readProofs(t, 'proofs:\n'), {});
});

test('what is wrong inside a section is named with its path, at its line and column', async (t) => {
  const texts: readonly (readonly [string, RegExp])[] = [
    ['proofs:\n  orign: x\n', /:2:3: unknown key "orign" in proofs, did you mean "origin"/],
    ['proofs:\n  freshness:\n    smoke: soon\n', /:3:12: "freshness.smoke" must be a duration like 500ms, 10s, 5m, 24h or 90d, not "soon"/],
    ['proofs:\n  contracts:\n    a: { kinds: [x], requires: L1 }\n', /:3:32: "contracts.a.requires" is not a field/],
    ['proofs:\n  contracts:\n    a: { result: PASSED }\n', /:3:8: "contracts.a.kinds" is missing/],
    ['proofs:\n  redact: { patterns: ["(unclosed"] }\n', /:2:24: "redact.patterns.0" must be a regular expression/],
    ['proofs:\n  ignore: &all [a]\n  trust: { keys: *all }\n', /:3:18: "trust" has an alias; write its value out/],
    ['proofs:\n  trust:\n    keys: [{ vkey: 7 }]\n', /:3:20: "trust.keys.0.vkey" must be one line of text, not 7/],
  ];
  for (const [text, expected] of texts) {
    const thrown: unknown = await readProofs(t, text).then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof SophiaError && thrown.code === 'CONFIG_INVALID', text);
    assert.match(thrown.message, expected, text);
  }
});
