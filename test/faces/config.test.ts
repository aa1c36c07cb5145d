import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { registry } from '../../src/commands/registry.generated.ts';
import { SophiaError, type ErrorCode } from '../../src/errors.ts';
import { readConfig } from '../../src/faces/config.ts';
import type { RawOptions } from '../../src/faces/options.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';

async function read(t: TestContext, directory: string, config?: string): Promise<RawOptions> {
  const entry = registry.find(({ name }) => name === 'index')!;
  return await readConfig(contextFor(t, { directory }), { path: config, command: await entry.load(), registry });
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
