// `npm run generate`: writes what is made from the definitions. `-- --check`: writes nothing and says what is not fresh.
import path from 'node:path';
import process from 'node:process';
import { readPresent, readSource, removeGenerated, writeFiles } from './disk.ts';
import { compare, generate, type Differences } from './tree.ts';
import type { Files } from './source.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--check');
  if (unknown !== undefined) return complain([`unknown option ${unknown}; there is --check`], 2);
  const source = await readSource(ROOT);
  const generated = generate(source);
  if ('problems' in generated) return complain(generated.problems, 1);
  const differences = compare(generated.files, readPresent(ROOT, generated.files.keys()));
  const seen = `${source.units.length} commands, ${generated.files.size} files`;
  return args.includes('--check') ? check(differences, seen) : write(generated.files, differences, seen);
}

function check(differences: Differences, seen: string): number {
  const lines = linesOf(differences);
  if (lines.length > 0) return complain([...lines, 'run npm run generate'], 1);
  process.stdout.write(`generated files are fresh: ${seen}\n`);
  return 0;
}

function write(files: Files, { stale, missing, orphaned }: Differences, seen: string): number {
  const changed = [...stale, ...missing];
  writeFiles(
    ROOT,
    changed.map((file) => [file, files.get(file)!]),
  );
  const kept = orphaned.filter((file) => !removeGenerated(ROOT, file));
  for (const file of changed) process.stdout.write(`wrote ${file}\n`);
  for (const file of orphaned) if (!kept.includes(file)) process.stdout.write(`removed ${file}\n`);
  if (kept.length > 0)
    return complain(
      kept.map((file) => `${file} belongs to no command and was not generated: remove it by hand`),
      1,
    );
  process.stdout.write(`generated: ${seen}\n`);
  return 0;
}

function linesOf(differences: Differences): readonly string[] {
  return (['stale', 'missing', 'orphaned'] as const).flatMap((kind) => differences[kind].map((file) => `${kind}: ${file}`));
}

function complain(lines: readonly string[], exitCode: number): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return exitCode;
}
