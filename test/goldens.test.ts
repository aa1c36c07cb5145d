// The help and the action of every command, as users get them, and no golden of what is gone.
import { deepEqual, ok } from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { toSlug } from '../src/command.ts';
import { registry, sections } from '../src/commands/registry.generated.ts';
import { runCli } from '../src/faces/cli.ts';
import { GOLDEN_FOLDER, matchGolden } from './golden.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const ACTIONS = fs.readdirSync(path.join(ROOT, 'actions'), { withFileTypes: true }).filter((each) => each.isDirectory());

for (const { name } of registry) {
  test(`sophia ${name} --help is what was agreed`, async () => {
    matchGolden(`help/${toSlug(name)}.txt`, await helpOf(name));
  });
}

/** As the terminal gets it; nothing of the machine is asked for it. */
async function helpOf(name: string): Promise<string> {
  let out = '';
  let err = '';
  const exitCode = await runCli({
    registry,
    sections,
    terminal: {
      argv: [...name.split(' '), '--help'],
      env: {},
      version: '',
      stdoutHasColour: false,
      stderrHasColour: false,
      out: (text) => (out += text),
      err: (text) => (err += text),
    },
    createContext: () => Promise.reject(new Error('help needs no machine')),
  });
  deepEqual([exitCode, err], [0, '']);
  return out;
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
