// Programs that stand in for those of a platform: scripts first on the PATH, each with a log of how it was called.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

export interface FakeTools {
  /** With these programs before all others. */
  readonly PATH: string;
  /** The arguments of each call of a program, in the order of the calls. */
  calls(tool: string): readonly (readonly string[])[];
}

/** `scripts`: the body of a module for each program; `args` are its arguments. */
export function fakeTools(folder: string, scripts: Readonly<Record<string, string>>): FakeTools {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [tool, body] of Object.entries(scripts)) {
    const file = path.join(bin, tool);
    const log = JSON.stringify(path.join(folder, `${tool}.calls`));
    const lines = [
      `#!${process.execPath}`,
      `const args = process.argv.slice(2);`,
      `process.getBuiltinModule('node:fs').appendFileSync(${log}, JSON.stringify(args) + '\\n');`,
      body,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    chmodSync(file, 0o755);
  }
  return {
    PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
    calls: (tool) => readLines(path.join(folder, `${tool}.calls`)),
  };
}

/** A program that answers by its arguments: the first of these words that is among them says what it prints. */
export function saying(answers: Readonly<Record<string, string>>, exitCode = 0): string {
  return [
    `const answers = ${JSON.stringify(answers)};`,
    `for (const word of Object.keys(answers)) if (args.includes(word)) { process.stdout.write(answers[word]); break; }`,
    `process.exitCode = ${exitCode};`,
  ].join('\n');
}

function readLines(file: string): readonly (readonly string[])[] {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as readonly string[]);
  } catch {
    return [];
  }
}
