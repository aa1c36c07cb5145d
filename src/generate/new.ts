// `npm run new -- <kind> <name>`: a unit with its test, ready to be filled in. No existing file is edited by hand for it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { toSlug } from '../command.ts';
import { readSource, writeFiles } from './disk.ts';
import type { Files } from './source.ts';
import { isUnitKind, planUnit, UNIT_KINDS, type UnitKind } from './units.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
process.exitCode = await main(process.argv.slice(2));

async function main([kind = '', ...words]: readonly string[]): Promise<number> {
  if (!isUnitKind(kind))
    return complain(`${kind === '' ? 'what shall it be?' : `there is no unit "${kind}";`} npm run new -- ${UNIT_KINDS.join('|')} <name>`);
  const name = words.join(' ').trim();
  const { units } = await readSource(ROOT);
  const commands = units.map(({ command }) => command.name);
  const planned = planUnit(kind, name, { commands, isFile: (file) => fs.existsSync(path.join(ROOT, file)) });
  if ('problem' in planned) return complain(planned.problem);
  write(planned.files);
  return finish(kind, name);
}

/** Generated files first, because the command can only say its own help when it is registered. */
function finish(kind: UnitKind, name: string): number {
  const generated = run(['src/generate/main.ts']);
  if (generated.status !== 0) return complain(generated.stderr);
  if (kind === 'command') write(goldensOf(name));
  process.stdout.write(`next: fill them in, then npm run generate && npm run check\n`);
  return 0;
}

/** What users read of a command must not change unseen: its tests compare with these. */
function goldensOf(name: string): Files {
  const slug = toSlug(name);
  return new Map([
    [`test/golden/help/${slug}.txt`, run(['src/main.ts', ...name.split(' '), '--help']).stdout],
    [`test/golden/actions/${slug}.yml`, read(`actions/${slug}/action.yml`)],
    ['test/golden/actions/root.yml', read('action.yml')], // it lists the commands
  ]);
}

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

function run(args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const env = { NO_COLOR: '1', NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env });
}

function write(files: Files): void {
  writeFiles(ROOT, files);
  for (const file of files.keys()) process.stdout.write(`wrote ${file}\n`);
}

function complain(problem: string): number {
  process.stderr.write(`${problem.trim()}\n`);
  return 2;
}
