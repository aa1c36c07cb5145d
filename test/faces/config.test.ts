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

import { defineSection, defineValue, type Config, type SectionEntry } from '../../src/section.ts';
import { integer, listOf, literal, mapOf, object, text } from '../../src/shape.ts';
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
    ['index: {full: true}\nindex: {full: false}\n', /:2:1: the key "index" is there twice/],
    [
      `${bomb.join('\n')}\nindex:\n  exclude: *f\n`,
      /:5:8: with "\*d" aliases stand for more than 10000 values; write them out \(and \d+ more\)/,
    ],
    [
      `index:\n  exclude:\n${bomb.map((line) => `  - ${line.slice(3)}`).join('\n')}\n`,
      /:7:9: with "\*d" aliases stand for more than 10000 values/,
    ],
    ['index: &x\n  exclude: *x\n', /:2:12: "\*x" is a part of what it stands for/],
    ['index:\n  exclude: *x\n', /:2:12: there is no anchor "x" before this/],
    ['index: {<<: {full: true}}\n', /:1:9: "<<" is a merge key, which is not part of YAML 1.2/],
    ['index: {? [a] : b}\n', /:1:11: a key must be text/],
    ['index: !!js/function "x"\n', /:1:8: Unresolved tag/],
    ['index: !!binary aGVsbG8=\n', /:1:8: Unresolved tag/],
    ['index: {exclude: [!!timestamp 2001-01-01]}\n', /:1:19: Unresolved tag/],
    ['# as of old\n%YAML 1.1\n---\nindex: {full: yes}\n', /:2:1: the file is read as YAML 1\.2: leave this line out/],
    ['index: {}\n---\nindex: {}\n', /:2:1: a second document begins here: the file is one/],
    ['- index\n', /:1:1: the file must be a mapping/],
    [`index:\n  exclude: ${'['.repeat(50_000)}`, /sophia\.yaml:2:/],
    ['\u0000\u0001', /sophia\.yaml:1:/],
    [`index: {${'a'.repeat(200_000)}: 1}\n`, /:1:9: unknown key "a{300,400}…$/],
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

test('bytes that are no text of YAML are refused where they stand, and never read as something else', async (t) => {
  const texts: readonly (readonly [Uint8Array, RegExp])[] = [
    [Buffer.from('index: {}\n# caf\u00e9\n', 'latin1'), /:2:6: this is not UTF-8/],
    [
      Buffer.concat([Buffer.from('\ufeff# \ufffd\nindex: {exclude: ["'), Buffer.of(0xff), Buffer.from('"]}\n')]),
      /:2:20: this is not UTF-8/,
    ],
    [Buffer.from('\ufeffindex: {}\n', 'utf16le'), /:1:1: this is not UTF-8/],
    [Buffer.from('\ufeffindex: {}\n', 'utf16le').swap16(), /:1:1: this is not UTF-8/],
    [
      Buffer.from('index: {exclude: ["a\u0000"]}\n'),
      /:1:21: the character U\+0000 cannot stand in the file: write "\\u0000", in double quotes/,
    ],
    [Buffer.from('index:\n  exclude: ["\u001b[31m"]\n'), /:2:14: the character U\+001B/],
    [Buffer.from('index: {}\rproofs: {}\r'), /:1:10: a carriage return alone ends no line/],
    [Buffer.from('\ufeffindx: {}\n'), /:1:1: unknown section "indx"/],
  ];
  for (const [bytes, message] of texts) {
    const root = temporaryFolder(t);
    fs.writeFileSync(path.join(root, 'sophia.yaml'), bytes);
    assert.match(await refusal(t, root, 'CONFIG_INVALID'), message);
  }
  const root = temporaryFolder(t);
  fs.writeFileSync(path.join(root, 'sophia.yaml'), '# \ufffd \u{1f4a5}\r\nindex:\r\n  exclude: ["\ufffd", "\\e"]\r\n');
  assert.deepEqual(await read(t, root), { exclude: ['\ufffd', '\u001b'] });
});

test('what no option can be is refused at its place, whatever command is run', async (t) => {
  const texts: readonly (readonly [string, RegExp])[] = [
    ['proofs_freshness: {period: soon}\n', /:1:28: "proofs_freshness\.period" must be a duration like/],
    ['proofs_freshness: {period: 0s}\n', /:1:28: "proofs_freshness\.period" must be a duration like/],
    ['slo: {window: 1s}\n', /:1:15: "slo\.window" must be a duration .*, at least 60000ms/],
    ['index: {max_file_size: huge}\n', /:1:24: "index\.max_file_size" must be a size like 1MiB/],
    ['index: {workers: 0}\n', /:1:18: "index\.workers" must be a whole number from 1/],
    ['smoke: {expect_commit: 1234567}\n', /:1:24: "smoke\.expect_commit" must be text: quote it, because YAML takes it for a number/],
    ['metrics_check: {format: prometeus}\n', /:1:25: "metrics_check\.format" must be one of .*, did you mean "prometheus"\?/],
    ["metrics_check: {file: ''}\n", /:1:17: unknown key "file"/],
    ['slo: [{id: a}]\n', /:1:6: "slo" must be a mapping of options, did you mean "slos"\?/],
  ];
  for (const [text, message] of texts) {
    const root = temporaryFolder(t);
    fs.writeFileSync(path.join(root, 'sophia.yaml'), text);
    assert.match(await refusal(t, root, 'CONFIG_INVALID'), message, text);
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
    [
      'proofs:\n  freshness:\n    smoke: soon\n',
      /:3:12: "proofs.freshness.smoke" must be a duration like 500ms, 10s, 5m, 24h or 90d, not "soon"/,
    ],
    [
      'proofs:\n  contracts:\n    a: { kinds: [x], requires: L1 }\n',
      /:3:22: unknown key "requires" in proofs.contracts.a, did you mean "require"\?/,
    ],
    ['proofs:\n  contracts:\n    a: { result: PASSED }\n', /:3:5: "proofs.contracts.a.kinds" is missing/],
    ['proofs:\n  redact: { patterns: ["(unclosed"] }\n', /:2:24: "proofs.redact.patterns\[0\]" must be a regular expression/],
    ['proofs:\n  ignore: &all [a]\n  trust: { keys: *all }\n', /:2:17: "proofs.trust.keys\[0\]" must be an object, not "a"/],
    ['proofs:\n  trust:\n    keys: [{ vkey: 7 }]\n', /:3:20: "proofs.trust.keys\[0\].vkey" must be one line of text, not 7/],
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

const versionSection = defineValue({ name: 'version', summary: 'v', shape: literal(1), absent: 1 });
const hostsSection = defineValue({
  name: 'hosts',
  summary: 'h',
  shape: listOf(object({ name: text() }, { port: integer(1) })),
  absent: [],
  meaning: (value, file, report) => {
    const routes: unknown = file['routes'];
    for (const [index, host] of (Array.isArray(value) ? value : []).entries()) {
      const name: unknown = (host as { name?: unknown } | null)?.name;
      if (typeof name === 'string' && (typeof routes !== 'object' || routes === null || !Object.hasOwn(routes, name)))
        report(`/${index}/name`, `no route leads to "${name}"`);
    }
  },
  secretNames: (hosts) => hosts.map(({ name }) => name.toUpperCase()),
});
const routesSection = defineValue({
  name: 'routes',
  summary: 'r',
  shape: mapOf({ pattern: '[a-z/~]+', what: 'a to z' }, object({}, { to: listOf(text()) })),
  absent: {},
});
const indexSection = defineSection({ name: 'index', summary: 'i', fields: { colour: text() } });
const SECTIONS = [versionSection, hostsSection, routesSection, indexSection];

async function readSample(t: TestContext, yaml: string, name = 'sophia.yaml'): Promise<Config> {
  const directory = temporaryFolder(t);
  fs.writeFileSync(path.join(directory, name), yaml);
  const command = await registry.find((entry) => entry.name === 'index')!.load();
  const entries: readonly SectionEntry[] = SECTIONS.map((section) => ({ name: section.name, load: () => Promise.resolve(section) }));
  const { config } = await readConfig(contextFor(t, { directory }), { path: name, command, registry, sections: entries });
  return config;
}

async function problemsOf(t: TestContext, yaml: string): Promise<readonly string[]> {
  const thrown: unknown = await readSample(t, yaml).then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SophiaError && thrown.code === 'CONFIG_INVALID', `${yaml}\n${String(thrown)}`);
  return thrown.errors.map(({ message, location }) => {
    const { file, line, column } = location as { readonly file: string; readonly line: number; readonly column: number };
    assert.ok(
      typeof message === 'string' && message.startsWith(`${file}:${line}:${column}: `),
      'the place is there for people and for programs',
    );
    return message.slice('sophia.yaml:'.length);
  });
}

test('a section may be a list, one value, or a mapping with keys of its own, and share its name with a command', async (t) => {
  const config = await readSample(
    t,
    'version: 1\nhosts: [{name: a}]\nroutes: {a: {to: [x]}}\nindex: {full: true, colour: red}\n',
    'other.yaml',
  );
  assert.equal(config.read(versionSection), 1);
  assert.deepEqual(config.read(hostsSection), [{ name: 'a' }]);
  assert.deepEqual(config.read(routesSection), { a: { to: ['x'] } });
  assert.deepEqual(config.read(indexSection), { colour: 'red' });
  assert.equal(config.file, 'other.yaml');
  assert.deepEqual(config.secretNames, ['A']);
});

test('what the file does not say is what the section calls absent', async (t) => {
  const config = await readSample(t, 'hosts:\n');
  assert.deepEqual([config.read(versionSection), config.read(hostsSection), config.read(indexSection)], [1, [], {}]);
  assert.deepEqual(config.secretNames, []);
});

test('a thing is found where its key stands, an item where it begins, and what is not there at what should have it', async (t) => {
  const config = await readSample(t, 'routes:\n  a/b~:\n    to: &list\n      - x\n      - y\n  c: {to: *list}\nhosts: [{name: c}]\n');
  for (const [pointer, line, column] of [
    ['', 1, 1],
    ['/a~1b~0', 2, 3],
    ['/a~1b~0/to', 3, 5],
    ['/a~1b~0/to/1', 5, 9],
    ['/a~1b~0/to/7', 3, 5],
    ['/c/to/0', 4, 9],
    ['/c/nothing/at/all', 6, 3],
    ['/gone', 1, 1],
  ] as const)
    assert.deepEqual(config.locate(routesSection, pointer), { file: 'sophia.yaml', line, column }, pointer);
  assert.equal(config.locate(indexSection, ''), null);
});

test('wrong forms, names that lead nowhere and keys that come twice are told together, in the order of the file', async (t) => {
  const yaml =
    'version: 2\nroutes:\n  B: {}\n  a: {tto: [x]}\n  a: {}\nhosts:\n  - {name: nowhere, prot: 1}\n  - port: 0\n  - {name: a, port: 0}\nindex: {fulll: true, color: red}\n';
  assert.deepEqual(await problemsOf(t, yaml), [
    '5:3: the key "a" is there twice',
    '1:10: "version" must be 1, not 2',
    '3:3: "routes.B" must be called a to z',
    '4:7: unknown key "tto" in routes.a, did you mean "to"?',
    '7:12: hosts[0].name: no route leads to "nowhere"',
    '7:21: unknown key "prot" in hosts[0], did you mean "port"?',
    '8:5: "hosts[1].name" is missing',
    '8:11: "hosts[1].port" must be a whole number from 1, not 0',
    '9:21: "hosts[2].port" must be a whole number from 1, not 0',
    '10:9: unknown key "fulll" in index, did you mean "full"?',
    '10:22: unknown key "color" in index, did you mean "colour"?',
  ]);
});

test('once the parser has lost its way, the first word about it is enough', async (t) => {
  const [first, ...more] = await problemsOf(t, 'routes: {a: {to: [x]}, b: {to: $.x[0].y}}\nhosts: [{name: a}]\n');
  assert.equal(first, '1:35: this does not belong to the value before it: put the whole value in quotes if it should');
  assert.ok(
    more.every((each) => !/Unexpected|in YAML stream/.test(each)),
    more.join('\n'),
  );
});

test('a secret in the file is refused at its place, and nowhere printed', async (t) => {
  const github = `ghp_${'aB3'.repeat(12)}`;
  const jwt = `eyJ${'a'.repeat(70)}.eyJ${'b'.repeat(60)}.${'c'.repeat(40)}`;
  for (const [yaml, at] of [
    [`hosts: [{name: a, port: ${github}}]\nroutes: {a: {}}\n`, '1:25: '],
    [`hosts: [{name: ${github}}]\n`, '1:16: '],
    [`routes: {${github}: {}}\n`, '1:10: '],
    [`version: ${jwt}\n`, '1:10: '],
    [`version: 1 # ${github}\n`, '1:14: '],
    ['routes: {a: {to: ["authorization: Bearer abcdefgh12345678"]}}\n', '1:35: '],
    ['hosts: [{authorization: "Bearer\\x20abcdefgh12345678"}]\n', '1:25: '],
    ['hosts:\n - authorization: >-\n    Bearer\n    abcdefgh12345678\n', '2:19: '],
    [`hosts: [{name: "g\\x68${github.slice(2)}"}]\n`, '1:16: '],
  ] as const) {
    const problems = await problemsOf(t, yaml);
    assert.ok(
      problems.some((each) => each.startsWith(`${at}this looks like a secret (`)),
      problems.join('\n'),
    );
    assert.doesNotMatch(problems.join('\n'), /aB3aB3|aaaaaaaaaa|bbbbbbbb|12345678/);
  }
});

test('a variable is no secret in the file, however it is written', async (t) => {
  const texts = [
    'Authorization: Bearer ${env.TOKEN_1234567890}',
    'cookie: sid=${env.SESSION_1234}',
    'https://${env.USER}:${env.PASSWORD}@host',
  ];
  await readSample(t, `routes: {a: {to: ${JSON.stringify(texts)}}}\n`);
});

test('an alias stands for what its anchor has', async (t) => {
  const config = await readSample(t, 'routes: {a: &x {to: &y [p, q]}, b: *x, c: {to: *y}}\n');
  assert.deepEqual(config.read(routesSection), { a: { to: ['p', 'q'] }, b: { to: ['p', 'q'] }, c: { to: ['p', 'q'] } });
});

test('only what the file speaks of is loaded', async (t) => {
  const directory = temporaryFolder(t);
  fs.writeFileSync(path.join(directory, 'sophia.yaml'), 'version: 1\n');
  const loaded: string[] = [];
  const note = <Loaded>(name: string, load: () => Promise<Loaded>) => ({ name, summary: '', load: () => (loaded.push(name), load()) });
  const command = await registry[0]!.load();
  await readConfig(contextFor(t, { directory }), {
    path: undefined,
    command,
    registry: registry.map(({ name, load }) => note(name, load)),
    sections: SECTIONS.map((section) => note(section.name, () => Promise.resolve(section))),
  });
  assert.deepEqual(loaded, ['version']);
});

test('keys of objects are keys of the file, whatever they are called', async (t) => {
  const problems = await problemsOf(t, 'routes: {__proto__: {to: [x]}}\nhosts: [{name: constructor}]\n');
  assert.deepEqual(problems, ['1:10: "routes.__proto__" must be called a to z', '2:16: hosts[0].name: no route leads to "constructor"']);
});
