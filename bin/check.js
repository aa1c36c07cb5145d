// `npm run check`: everything that must hold before a commit. The quick gates two at a time, then the tests (the architecture's
// rules among them), whose own counts close the output. Exit 1 when any of them failed.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const AT_ONCE = 2;

const GATES = [
  // First, and before the tests: from the bundle a program starts in a fifth of the time that its sources need.
  { name: 'bundle', command: ['node', 'bin/build.js'] },
  { name: 'generated files', command: ['node', 'src/generate/main.ts', '--check'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
];
const TESTS = { name: 'tests', command: ['node', '--test', '--test-concurrency=3', '--test-timeout=900000', 'test/**/*.test.ts'] };

const waiting = [...GATES];
const failed = [];
await Promise.all(Array.from({ length: AT_ONCE }, runWaiting));
if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(', ')}\n\n`);
const isTested = await run(TESTS, 'inherit').then(({ exitCode }) => exitCode === 0);
process.exitCode = failed.length === 0 && isTested ? 0 : 1;

async function runWaiting() {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
    const { exitCode, output, seconds } = await run(gate, 'pipe');
    process.stdout.write(`${exitCode === 0 ? 'ok  ' : 'FAIL'}  ${gate.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s\n`);
    if (exitCode === 0) continue;
    failed.push(gate.name);
    process.stdout.write(`\n$ ${gate.command.join(' ')}\n${output}\n`);
  }
}

/** The checkout's own tools and Node come first, as they do inside `npm run`. */
async function run({ command }, stdio) {
  const started = performance.now();
  const [file, ...args] = command;
  const PATH = [path.join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter);
  // Taking the types out of the same modules again, in each file of tests, would be a tenth of all.
  const NODE_COMPILE_CACHE = path.join(ROOT, 'node_modules', '.cache', 'compiled');
  const child = spawn(file, args, { cwd: ROOT, env: { ...process.env, PATH, NODE_COMPILE_CACHE }, stdio: ['ignore', stdio, stdio] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const exitCode = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += `${error.message}\n`;
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  return { exitCode, output, seconds: (performance.now() - started) / 1000 };
}
