#!/usr/bin/env node
// Plain JavaScript without dependencies, for any Node: finds one that can run sophia, and runs it there.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// `process` is not imported, and the disk not where Node has another way: their ES module faces would be a tenth of every start.
const { existsSync, readdirSync, readFileSync, statSync } = process.getBuiltinModule?.('node:fs') ?? (await import('node:fs'));
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

if (satisfies(process.versions.node, engines.node)) {
  await import(pathToFileURL(entry()).href);
} else {
  const newer = path.join(root, 'node_modules', '.bin', 'node');
  if (existsSync(newer) && process.env.SOPHIA_REEXECUTED !== '1') {
    await reExecute(newer);
  } else {
    process.stderr.write(
      `error: sophia needs Node ${engines.node}; this is ${process.version} [NODE_TOO_OLD]\n  Install a newer Node, or run "npm ci" in ${root}: it brings one.\n`,
    );
    process.exitCode = 2;
  }
}

/** The bundle, unless a source file is newer: a checkout never runs a stale bundle silently. */
function entry() {
  const bundle = path.join(root, 'dist', 'sophia.js');
  const source = path.join(root, 'src', 'main.ts');
  if (!existsSync(source)) return bundle;
  if (!existsSync(bundle) || newestOf(path.join(root, 'src')) > statSync(bundle).mtimeMs) return source;
  return bundle;
}

function newestOf(directory) {
  let newest = statSync(directory).mtimeMs;
  for (const each of readdirSync(directory, { withFileTypes: true })) {
    const child = path.join(directory, each.name);
    newest = Math.max(newest, each.isDirectory() ? newestOf(child) : statSync(child).mtimeMs);
  }
  return newest;
}

/** Ranges as in package.json: `^22.22.2 || ^24.15.0 || >=26.0.0`. */
function satisfies(version, range) {
  return range.split('||').some((part) => {
    const [, operator, wanted] = /^\s*(\^|>=)(\S+)\s*$/.exec(part);
    const have = version.split('.').map(Number);
    const want = wanted.split('.').map(Number);
    const isEnough = have[0] - want[0] || have[1] - want[1] || have[2] - want[2];
    return isEnough >= 0 && (operator === '>=' || have[0] === want[0]);
  });
}

/** Signals reach the real process; its end, signal included, becomes ours. */
async function reExecute(node) {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SOPHIA_REEXECUTED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`error: ${node} could not be started: ${error.message} [NODE_TOO_OLD]\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
