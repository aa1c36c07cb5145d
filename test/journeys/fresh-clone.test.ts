// What a newcomer does: clone, and the commands of the README, with this machine's own Node and nothing prepared.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { suite, test, type TestContext } from 'node:test';
import { listFiles, ROOT } from '../architecture/source-tree.ts';
import { HOW_TO_BE_THOROUGH, isThorough } from '../extent.ts';

/** Set for the tests that this test runs in the clone, which must not clone again. */
const MARKER = 'SOPHIA_INSIDE_CLONE';
const MINUTES = 60_000;
const OFFLINE = /ENOTCACHED|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|EHOSTUNREACH/;

const isInside = process.env[MARKER] === '1';
const RUNS_ALL_TESTS = /\bnpm (?:cit|it|test|t)\b/;

suite('fresh clone', { skip: whyNot(), timeout: 20 * MINUTES }, () => {
  test('every command of the README works, and leaves a proof that verifies', (context) => {
    const commands = readCommands();
    assert.ok(commands.length >= 2, `README.md marks only ${commands.length} blocks as \`\`\`sh run`);
    assert.ok(
      commands.some((command) => RUNS_ALL_TESTS.test(command)),
      'README.md does not say how to run the tests',
    );
    const clone = cloneWorkTree(context);
    for (const command of commands) {
      const ended = run(command, clone);
      if (isOffline(ended) && process.env['CI'] === undefined) {
        context.skip(`NOT TESTED: the README's commands, because npm could reach neither registry nor cache:\n${ended.output}`);
        return;
      }
      assert.equal(ended.exitCode, 0, `$ ${command}\n${ended.output}`);
      if (command.includes('sophia index')) assertIndexed(clone, ended.stdout);
    }
  });
});

/** All packages and all tests again, from here, are more than half of all the time. */
function whyNot(): string | false {
  if (isInside) return 'this is the clone already';
  return isThorough ? false : `NOT TESTED: the README's commands in a fresh clone: ${HOW_TO_BE_THOROUGH}`;
}

function assertIndexed(clone: string, stdout: string): void {
  const summary = stdout.split('\n').find((line) => line.startsWith('Indexed ')) ?? stdout;
  const shown = /^```text\n(Indexed .*)$/m.exec(readReadme())?.[1];
  assert.equal(maskFigures(summary), maskFigures(shown ?? ''), 'the README shows another output than the command prints');
  const known = listFiles();
  const proofs = fs.globSync('proofs/context_index/*/*/*/*.json', { cwd: clone }).filter((file) => !known.includes(file));
  assert.equal(proofs.length, 1, `proofs: ${proofs.join(', ')}`);
  const verified = run('npx sophia proofs verify', clone);
  assert.equal(verified.exitCode, 0, verified.output);
}

function maskFigures(line: string): string {
  return line.replaceAll(/\d[\d,.]*( (ms|s|min|k?B|MB))?/g, 'N');
}

function readReadme(): string {
  return fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
}

function readCommands(): string[] {
  return [...readReadme().matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map((match) => match[1]!.trim());
}

/** The work tree as it is, committed or not, as the only commit of a repository; and a clone of that. */
function cloneWorkTree(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sophia-fresh-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const origin = path.join(folder, 'origin');
  for (const file of listFiles()) fs.cpSync(path.join(ROOT, file), path.join(origin, file), { verbatimSymlinks: true });
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid', '-c', 'init.defaultBranch=main', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  };
  git('init', '--quiet', 'origin');
  git('-C', 'origin', 'add', '--all', '--force');
  git('-C', 'origin', 'commit', '--quiet', '--message', 'the work tree');
  git('clone', '--quiet', 'origin', 'clone');
  return path.join(folder, 'clone');
}

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly output: string;
}

function run(command: string, cwd: string): Ended {
  const { status, stdout, stderr, error } = spawnSync('sh', ['-e', '-c', command], {
    cwd,
    env: bareEnvironment(),
    encoding: 'utf8',
    timeout: 15 * MINUTES,
    maxBuffer: 1 << 26,
  });
  return { exitCode: status, stdout, output: `${stdout}${stderr}${error?.message ?? ''}` };
}

function isOffline({ exitCode, output }: Ended): boolean {
  return exitCode !== 0 && /npm (error|ERR!)/.test(output) && OFFLINE.test(output);
}

/** As in a new terminal: without what npm and the test runner add for their children. */
function bareEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(npm_(?!config_(registry|cache|userconfig)$)|NODE_|SOPHIA_|GIT_|INIT_CWD$)/.test(entry[0]),
  );
  const PATH = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((each) => !/node_modules[/\\](\.bin|npm[/\\]node_modules)/.test(each));
  return { ...Object.fromEntries(kept), PATH: PATH.join(path.delimiter), [MARKER]: '1' };
}
