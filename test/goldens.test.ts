// The help and the action of every command, as users get them, and no golden of what is gone.
import { deepEqual, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { toSlug } from '../src/command.ts';
import { registry } from '../src/commands/registry.generated.ts';
import { GOLDEN_FOLDER, matchGolden } from './golden.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const ACTIONS = fs.readdirSync(path.join(ROOT, 'actions'), { withFileTypes: true }).filter((each) => each.isDirectory());
const run = promisify(execFile);

for (const { name } of registry) {
  test(`sophia ${name} --help is what was agreed`, async () => {
    const { stdout } = await run(process.execPath, ['src/main.ts', ...name.split(' '), '--help'], { cwd: ROOT, env: { NO_COLOR: '1' } });
    matchGolden(`help/${toSlug(name)}.txt`, stdout);
  });
}

for (const { name } of ACTIONS) {
  test(`actions/${name}/action.yml is what was agreed`, () => {
    matchGolden(`actions/${name}.yml`, fs.readFileSync(path.join(ROOT, 'actions', name, 'action.yml'), 'utf8'));
  });
}

test('the root action is what was agreed', () => {
  matchGolden('actions/root.yml', fs.readFileSync(path.join(ROOT, 'action.yml'), 'utf8'));
});

test('no golden is left of a command that is gone', () => {
  ok(registry.length > 0);
  const helps = registry.map(({ name }) => `${toSlug(name)}.txt`);
  deepEqual(strangers('help', helps), []);
  deepEqual(strangers('actions', ['root.yml', ...ACTIONS.map(({ name }) => `${name}.yml`)]), []);
});

function strangers(folder: string, expected: readonly string[]): string[] {
  return fs.readdirSync(path.join(GOLDEN_FOLDER, folder)).filter((file) => !expected.includes(file));
}
