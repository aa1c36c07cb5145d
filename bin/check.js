// `npm run check`: everything that must hold before a commit. The quick gates two at a time, then the tests (the architecture's
// rules among them), whose own counts, and what they left out, close the output. Exit 1 when any of them failed.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const AT_ONCE = 2;
/** What one run knows for the next. `npm ci` removes it, so CI starts from nothing. */
const CACHE = 'node_modules/.cache';

const GATES = [
  // First, and before the tests: from the bundle a program starts in a fifth of the time that its sources need.
  { name: 'bundle', command: ['node', 'bin/build.js'] },
  { name: 'generated files', command: ['node', 'src/generate/main.ts', '--check'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'types', command: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHE}/types.tsbuildinfo`] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'dead code', command: ['knip', '--no-progress', '--cache', '--cache-location', `${CACHE}/knip`] },
];

/** Rooms whose files take seconds each, mostly in programs that they start: one after another they would be the last to end. */
const LONG = new Set(['test/journeys', 'test/proof/publishing']);

const waiting = [...GATES];
const failed = [];
await Promise.all(Array.from({ length: AT_ONCE }, runWaiting));
if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(', ')}\n\n`);
const isTested = await runTests();
process.exitCode = failed.length === 0 && isTested ? 0 : 1;

async function runWaiting() {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
    const { exitCode, output, seconds } = await run(gate.command);
    process.stdout.write(`${exitCode === 0 ? 'ok  ' : 'FAIL'}  ${gate.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s\n`);
    if (exitCode === 0) continue;
    failed.push(gate.name);
    process.stdout.write(`\n$ ${gate.command.join(' ')}\n${output}\n`);
  }
}

async function runTests() {
  const files = fs.globSync('test/**/*.test.ts', { cwd: ROOT }).sort();
  // Each file in a process of its own, as in CI, shows that it leans on no other; starting them would be a tenth of the time at a desk.
  const entries = process.env.CI === undefined ? shareProcesses(files) : files;
  const command = ['node', '--test', '--test-concurrency=3', '--test-timeout=900000', ...entries];
  const { exitCode, output } = await run(command, (chunk) => process.stdout.write(chunk));
  const leftOut = [...new Set(output.match(/NOT TESTED.*/g))];
  if (leftOut.length > 0) process.stdout.write(`\n${leftOut.join('\n')}\n`);
  // A run of nothing passes as well.
  return exitCode === 0 && /^\S+ tests [1-9]/m.test(output);
}

/** Modules that import all tests of a room, and the long ones as they are. */
function shareProcesses(files) {
  // Not in the cache: the test runner passes over whatever lies in node_modules, without a word.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sophia-rooms-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const rooms = Map.groupBy(files, roomOf);
  return [...rooms].flatMap(([room, members]) => {
    if (LONG.has(room)) return members;
    const entry = path.join(folder, `${room.replaceAll('/', '-')}.test.mjs`);
    fs.writeFileSync(entry, members.map((file) => `import ${JSON.stringify(pathToFileURL(path.join(ROOT, file)).href)};\n`).join(''));
    return [entry];
  });
}

/** `test/proof/ledger` for what lies there, `test/commands` for the many folders of one file each. */
function roomOf(file) {
  const room = path.posix.dirname(file);
  return room.startsWith('test/commands/') ? 'test/commands' : room;
}

/** The checkout's own tools and Node come first, as they do inside `npm run`. */
async function run([file, ...args], onOutput = () => {}) {
  const started = performance.now();
  const PATH = [path.join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter);
  // Taking the types out of the same modules again, in each file of tests, would be a tenth of all.
  const NODE_COMPILE_CACHE = path.join(ROOT, CACHE, 'compiled');
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { ...process.env, PATH, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      onOutput(chunk);
    });
  }
  const exitCode = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += `${error.message}\n`;
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  return { exitCode, output, seconds: (performance.now() - started) / 1000 };
}
