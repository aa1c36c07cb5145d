// actions/run.sh, run by the real bash in an action's tree of its own, with a node and an npm that only say what they got.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../fakes/context.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NODE = `#!/bin/sh
if [ "$1" = --version ]; then echo "$FAKE_NODE_VERSION"; else echo "ran $* as action=$SOPHIA_ACTION service=$SOPHIA_INPUT_SERVICE"; exit 7; fi
`;
const NPM_BUILDS = `#!/bin/sh
echo "npm $*"; env | cut -d= -f1 | grep -Ev '^(_|PWD|SHLVL|OLDPWD)$' | sort > npm-env; mkdir -p dist; echo > dist/sophia.js
`;
const NPM_FAILS = `#!/bin/sh
i=0; while [ $i -lt 30 ]; do echo "line $i 100%"; i=$((i + 1)); done; echo "::set-output name=x::y"; echo "a ##[add-mask]b"; exit 1
`;

interface Tree {
  readonly root: string;
  readonly bin: string;
}

function treeFor(t: TestContext, { hasBundle = true, npm = NPM_BUILDS } = {}): Tree {
  const folder = temporaryFolder(t);
  const tree = { root: path.join(folder, 'action of ours'), bin: path.join(folder, 'bin') };
  for (const each of ['actions/smoke', 'dist']) fs.mkdirSync(path.join(tree.root, each), { recursive: true });
  fs.mkdirSync(tree.bin);
  for (const file of ['actions/run.sh', 'package.json']) fs.copyFileSync(path.join(ROOT, file), path.join(tree.root, file));
  if (hasBundle) fs.writeFileSync(path.join(tree.root, 'dist/sophia.js'), '');
  addProgram(tree, 'node', NODE);
  addProgram(tree, 'npm', npm);
  // A PATH of our own, so that the machine's node is not found where there should be none.
  for (const tool of ['bash', 'sh', 'env', 'tr', 'sed', 'dirname', 'mkdir', 'cat', 'rm', 'mv', 'tee', 'tail', 'sleep', 'cut', 'grep', 'sort']) {
    const found = ['/bin', '/usr/bin'].map((place) => path.join(place, tool)).find((file) => fs.existsSync(file));
    fs.symlinkSync(found!, path.join(tree.bin, tool));
  }
  return tree;
}

function addProgram(tree: Tree, name: string, text: string): void {
  fs.writeFileSync(path.join(tree.bin, name), text, { mode: 0o755 });
}

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: string;
}

async function run(tree: Tree, env: Record<string, string> = {}): Promise<Ran> {
  const outputs = path.join(tree.root, 'outputs');
  fs.writeFileSync(outputs, '');
  const all = { PATH: tree.bin, HOME: tree.root, FAKE_NODE_VERSION: 'v24.21.0', GITHUB_OUTPUT: outputs, ...env };
  return await new Promise((resolve) => {
    execFile(path.join(tree.bin, 'bash'), [path.join(tree.root, 'actions/smoke/../run.sh'), 'proofs', 'verify'], { env: all }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      resolve({ exitCode, stdout, stderr, outputs: fs.readFileSync(outputs, 'utf8') });
    });
  });
}

test('the bundle is run with the words of the command, and its exit code is the exit code of the step', async (t) => {
  const tree = treeFor(t);
  const { stdout, exitCode } = await run(tree, { SOPHIA_INPUT_SERVICE: 'a b' });
  equal(stdout, `ran ${fs.realpathSync(tree.root)}/dist/sophia.js proofs verify as action=1 service=a b\n`);
  equal(exitCode, 7);
});

for (const version of ['v22.22.2', 'v22.30.0', 'v24.15.0', 'v26.0.0', 'v31.0.0-nightly']) {
  test(`Node ${version} is enough`, async (t) => {
    equal((await run(treeFor(t), { FAKE_NODE_VERSION: version })).exitCode, 7);
  });
}

for (const version of ['v20.20.2', 'v22.22.1', 'v23.9.0', 'v24.14.9', 'v25.3.0', 'v6.17.1', 'nonsense', '']) {
  test(`Node "${version}" is refused with one annotation and nothing is run`, async (t) => {
    const { exitCode, stdout, outputs } = await run(treeFor(t), { FAKE_NODE_VERSION: version });
    equal(exitCode, 2);
    match(stdout, /^::error title=ACTION_NODE_TOO_OLD::The Node of this runner is .*; needed is \^22.*%0AAdd this step.*setup-node.*\n$/);
    equal(outputs, 'result=UNKNOWN\nexit-code=2\nproof-path=\nproof-sha256=\n');
  });
}

test('without any Node there is one annotation that says which one is needed', async (t) => {
  const tree = treeFor(t);
  fs.rmSync(path.join(tree.bin, 'node'));
  const { exitCode, stdout, outputs } = await run(tree);
  equal(exitCode, 2);
  match(stdout, /^::error title=ACTION_NODE_MISSING::There is no Node on the PATH of this runner; needed is \^22\.22\.2 \|\| \^24\.15\.0 \|\| >=26\.0\.0%0A/);
  match(outputs, /^result=UNKNOWN\n/);
});

test('a missing bundle is built once, with an empty environment', async (t) => {
  const tree = treeFor(t, { hasBundle: false });
  const { exitCode, stdout, stderr } = await run(tree, { SOPHIA_INPUT_TOKEN: 'x', GITHUB_TOKEN: 'x', npm_config_cache: tree.root, HTTPS_PROXY: 'http://127.0.0.1:9' });
  equal(exitCode, 7);
  match(stdout, /^::notice title=ACTION_BUILD::/);
  equal(stderr, 'npm ci\n');
  deepEqual(fs.readFileSync(path.join(tree.root, 'npm-env'), 'utf8').trim().split('\n'), ['HOME', 'HTTPS_PROXY', 'PATH', 'npm_config_cache']);
  ok(!fs.existsSync(path.join(tree.root, '.sophia-build')), 'the lock is gone');
});

test('two steps at once build once', async (t) => {
  const tree = treeFor(t, { hasBundle: false, npm: NPM_BUILDS.replace('echo "npm', 'sleep 1; echo x >> builds; echo "npm') });
  const [first, second] = await Promise.all([run(tree), run(tree)]);
  deepEqual([first.exitCode, second.exitCode], [7, 7]);
  equal(fs.readFileSync(path.join(tree.root, 'builds'), 'utf8'), 'x\n');
});

test('the lock of a dead build is taken over', async (t) => {
  const tree = treeFor(t, { hasBundle: false });
  fs.mkdirSync(path.join(tree.root, '.sophia-build'));
  fs.writeFileSync(path.join(tree.root, '.sophia-build/pid'), '4194999\n'); // above the highest number that Linux gives
  equal((await run(tree)).exitCode, 7);
});

test('a failed build says so with its last lines, and what npm printed is no command to the runner', async (t) => {
  const tree = treeFor(t, { hasBundle: false, npm: NPM_FAILS });
  const { exitCode, stdout, stderr, outputs } = await run(tree);
  equal(exitCode, 2);
  const annotation = stdout.split('\n')[1]!;
  match(annotation, /^::error title=ACTION_BUILD_FAILED::.*Use a release.*%0Aline 12 100%25%0A.*line 29 100%25%0A/);
  ok(!annotation.includes('line 11 '), 'the last twenty lines');
  match(stderr, /^\\::set-output name=x::y$/m);
  match(stderr, /^a ##\\\[add-mask\]b$/m);
  match(outputs, /^result=UNKNOWN\nexit-code=2\n/);
  ok(!fs.existsSync(path.join(tree.root, '.sophia-build')), 'the next step can try again');
});
