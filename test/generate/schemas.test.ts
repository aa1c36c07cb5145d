import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { fromJSONSchema } from 'zod';
import { sections as registered } from '../../src/commands/registry.generated.ts';
import { configSchemaOf, documentSchemaOf } from '../../src/generate/schemas.ts';
import { readConfig } from '../../src/faces/config.ts';
import { FULL } from '../checks/sections/full.ts';
import { extent } from '../extent.ts';
import { contextFor } from '../fakes/context.ts';
import { everythingUnit } from './sample.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { command } = everythingUnit;

function accepts(schema: string, value: unknown): boolean {
  return fromJSONSchema(JSON.parse(schema) as Parameters<typeof fromJSONSchema>[0]).safeParse(value).success;
}

const finding = { check: 'a', target: 'b', verdict: 'pass', reason: 'c' };
const good = { command: command.name, result: 'PASSED', findings: [finding], data: { found: 1 }, error: null, proof: null };
const problem = {
  type: 'urn:sophia:error:USAGE',
  code: 'USAGE',
  title: 'a',
  status: 400,
  detail: '',
  hint: 'b',
  retryable: false,
  errors: [],
};

for (const [what, document, expected] of [
  ['a complete document', good, true],
  ['a failure with no data', { ...good, result: 'UNKNOWN', data: {}, error: problem }, true],
  ['a document of another command', { ...good, command: 'index' }, false],
  ['a result that is none', { ...good, result: 'OK' }, false],
  ['data of the wrong form', { ...good, data: { found: 'many' } }, false],
  ['a key too many', { ...good, status: 'ok' }, false],
  ['a verdict that is none', { ...good, findings: [{ ...finding, verdict: 'ok' }] }, false],
  ['an error code that is none', { ...good, error: { ...problem, code: 'OOPS' } }, false],
] as const) {
  test(`${what} is ${expected ? 'accepted' : 'refused'}`, () => equal(accepts(documentSchemaOf(command), document), expected));
}

for (const args of [['help'], ['explain'], ['explain', 'usage'], ['explain', 'nothing'], ['help', '--nonsense']]) {
  test(`sophia ${args.join(' ')} --json is what its schema says`, async () => {
    const ended = await promisify(execFile)(process.execPath, ['bin/sophia.js', ...args, '--json'], { cwd: ROOT, env: {} }).catch(
      (error: unknown) => error,
    );
    const { stdout } = ended as { readonly stdout: string };
    ok(accepts(fs.readFileSync(path.join(ROOT, `schemas/${args[0]}.schema.json`), 'utf8'), JSON.parse(stdout)));
  });
}

test('the schema of sophia.yaml and its reader agree on every value of every option', async (t) => {
  const schema = configSchemaOf({ commands: [command], sections: [] });
  const registry = [{ name: command.name, summary: command.summary, load: () => Promise.resolve(command) }];
  const values = ['text', 'fast', '10s', '1MiB', '', true, 7, 1.5, ['a', 'b'], [], [1], null, { a: 1 }];
  const keys = ['text', 'mode', 'is_loud', 'times', 'share', 'timeout', 'max_file_size', 'include', 'file', 'isLoud', 'place', 'nonsense'];
  const context = contextFor(t);
  const disagreed: string[] = [];
  for (const key of keys) {
    for (const value of values) {
      const config = { proofs_try_out: { [key]: value } };
      fs.writeFileSync(path.join(context.directory, 'sophia.yaml'), JSON.stringify(config));
      const isRead = await readConfig(context, { path: undefined, command, registry, sections: [] }).then(
        () => true,
        () => false,
      );
      if (isRead !== accepts(schema, config))
        disagreed.push(`${key}: ${JSON.stringify(value)}, which the reader ${isRead ? 'takes' : 'refuses'}`);
    }
  }
  deepEqual(disagreed, []);
});

test('an empty file, an empty section and an unknown section are judged alike by schema and reader', async (t) => {
  const registry = [{ name: command.name, summary: command.summary, load: () => Promise.resolve(command) }];
  const context = contextFor(t);
  for (const [config, expected] of [
    [null, true],
    [{ proofs_try_out: null }, true],
    [{ proofs_try_out: ['a'] }, false],
    [{ nonsense: {} }, false],
    [['a'], false],
  ] as const) {
    fs.writeFileSync(path.join(context.directory, 'sophia.yaml'), config === null ? '' : JSON.stringify(config));
    const isRead = await readConfig(context, { path: undefined, command, registry, sections: [] }).then(
      () => true,
      () => false,
    );
    deepEqual(
      [isRead, accepts(configSchemaOf({ commands: [command], sections: [] }), config)],
      [expected, expected],
      JSON.stringify(config),
    );
  }
});

test('the published schema of sophia.yaml takes every part that its reader takes, and refuses what has one key too many', async () => {
  const schema = JSON.parse(fs.readFileSync(path.join(ROOT, 'schemas/sophia.schema.json'), 'utf8')) as object;
  const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const full = parse(FULL) as { readonly [key: string]: unknown };
  ok(isValid(full), JSON.stringify(isValid.errors));
  const sections = await Promise.all(registered.map((entry) => entry.load()));
  const pointers = pointersOf(full, []);
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...pointers), fc.constantFrom(...VALUES), fc.boolean(), (place, value, isNew) => {
      const changed = structuredClone(full);
      const kept = put(changed, isNew ? [...place, 'nonsense'] : place, isNew ? NONSENSE : value);
      const name = place[0] ?? '';
      const section = sections.find((each) => each.name === name);
      if (!kept || section === undefined) return;
      const isRead = section.shape.accepts(changed[name]);
      taken += Number(isRead);
      ok(!isRead || isValid(changed), `the reader takes ${JSON.stringify(value)} at ${place.join('.')}: ${JSON.stringify(isValid.errors)}`);
      if (isNew && !isRead) ok(!isValid(changed), `the schema takes a key "nonsense" at ${place.join('.')}`);
    }),
    { numRuns: extent(10_000, 1500) },
  );
  ok(taken > 0);
});

/** No free key takes that for a value, but where any JSON may stand. */
const NONSENSE = { nonsense: { nonsense: 1 } };
const VALUES = [
  'text',
  '10s',
  '1MiB',
  '',
  true,
  0,
  7,
  0.5,
  1e9,
  [],
  ['a'],
  [1],
  {},
  { a: 1 },
  '0.99',
  '/x',
  '$.a',
  'https://a.example',
  '${env.X}',
  null,
];

function pointersOf(value: unknown, place: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [...(place.length === 0 ? [] : [place]), ...Object.entries(value).flatMap(([key, item]) => pointersOf(item, [...place, key]))];
}

/** False where the place has no room for it. */
function put(root: object, place: readonly string[], value: unknown): boolean {
  let here: unknown = root;
  for (const key of place.slice(0, -1)) here = (here as Record<string, unknown>)[key];
  if (typeof here !== 'object' || here === null || Array.isArray(here) !== /^\d+$/.test(place.at(-1)!)) return false;
  (here as Record<string, unknown>)[place.at(-1)!] = value;
  return true;
}
