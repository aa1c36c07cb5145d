import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { contextFor, git, temporaryFolder } from '../fakes/context.ts';

function repository(t: TestContext): string {
  const root = fs.realpathSync(temporaryFolder(t));
  git(root, 'init', '-q');
  fs.writeFileSync(path.join(root, 'a.txt'), 'a\n');
  fs.writeFileSync(path.join(root, '.gitattributes'), '*.txt filter=evil diff=evil\n*.txt filter=x=y\n');
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'first');
  return root;
}

/** A configuration in which every program git could start leaves a file. */
function arm(root: string): () => boolean {
  const mark = path.join(root, 'PWNED');
  const program = `touch ${mark}; cat`;
  const sections = [
    `[core]\n fsmonitor = "${program}"\n hooksPath = ${root}/hooks\n pager = "${program}"\n sshCommand = "${program}"\n gitProxy = "${program}"`,
    `[diff]\n external = "${program}"`,
    `[diff "evil"]\n textconv = "${program}"\n command = "${program}"`,
    ...['evil', 'x=y'].map(
      (name) => `[filter "${name}"]\n clean = "${program}"\n smudge = "${program}"\n process = "${program}"\n required = true`,
    ),
    `[alias]\n status = "!${program}"\n ls-files = "!${program}"`,
    `[include]\n path = more`,
    `[remote "origin"]\n url = ssh://example.invalid/x\n promisor = true`,
    `[extensions]\n partialClone = origin`,
  ];
  fs.appendFileSync(path.join(root, '.git/config'), `${sections.join('\n')}\n`);
  fs.writeFileSync(path.join(root, '.git/more'), `[filter "evil"]\n clean = "${program}"\n`);
  fs.mkdirSync(path.join(root, 'hooks'));
  fs.writeFileSync(path.join(root, 'hooks/post-index-change'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  return () => fs.existsSync(mark);
}

test('a hostile configuration starts nothing, whatever is asked', async (t) => {
  const root = repository(t);
  const isPwned = arm(root);
  fs.writeFileSync(path.join(root, 'a.txt'), 'b\n');
  const context = contextFor(t);
  const asked = [
    ['status', '--porcelain=v2', '-z'],
    ['diff', '--binary', '--no-ext-diff', '--no-textconv', 'HEAD'],
    ['diff-files', '-z'],
    ['ls-files', '-s', '-z'],
    ['log', '-z', '--no-ext-diff', '--name-only', '-n', '3'],
  ];
  for (const args of asked) {
    const { exitCode, stderr } = await context.git.run(root, args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${Buffer.from(stderr).toString()}`);
    assert.equal(isPwned(), false, args.join(' '));
  }
  await context.git.workTree(root);
  assert.equal(isPwned(), false);
});

test('an object that is missing in a partial clone is missing: nothing is fetched, and those after it are answered', async (t) => {
  const root = repository(t);
  const isPwned = arm(root);
  const there = git(root, 'rev-parse', 'HEAD:a.txt');
  const blobs: (string | null)[] = [];
  for await (const { bytes } of contextFor(t).git.blobs(root, [there, '1'.repeat(40), there])) {
    blobs.push(bytes === null ? null : Buffer.from(bytes).toString());
  }
  assert.equal(blobs.length, 3);
  assert.deepEqual(blobs.slice(0, 2), ['a\n', null]);
  assert.equal(isPwned(), false);
});
