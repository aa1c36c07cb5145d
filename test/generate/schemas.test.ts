import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fromJSONSchema } from 'zod';
import { configSchemaOf, documentSchemaOf } from '../../src/generate/schemas.ts';
import { readConfig } from '../../src/faces/config.ts';
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
