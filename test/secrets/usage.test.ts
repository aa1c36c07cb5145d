import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import * as yaml from 'yaml';
import { readUsage, usesIn, type Usage } from '../../src/secrets/usage.ts';
import { contextFor } from '../fakes/context.ts';
import { write } from '../journeys/sophia.ts';

function usesOf(text: string): { readonly names: readonly string[]; readonly isAny: boolean } {
  const uses = usesIn(yaml, text);
  assert.ok('names' in uses, JSON.stringify(uses));
  return { names: [...uses.names].toSorted(), isAny: uses.isAny };
}

async function usageOf(t: TestContext, files: Readonly<Record<string, string>>): Promise<Usage> {
  const context = contextFor(t);
  write(context.directory, files);
  return await readUsage(context);
}

test('a secret is named by a dot or in brackets, in any case, once or several times in a text', () => {
  const text = "env: {a: 'x ${{ secrets.A }}-${{secrets[''b'']}}', c: '${{ format(''{0}{1}'', Secrets.C , secrets . d) }}'}";
  assert.deepEqual(usesOf(text), { names: ['A', 'B', 'C', 'D'], isAny: false });
});

test('a word in quotes, in a comment, behind a dot or outside of an expression is no use', () => {
  const text = `
# \${{ secrets.COMMENT }}
a: secrets.OUTSIDE and \${{ 'secrets.QUOTED' }} \${{ inputs.secrets.MEMBER }} \${{ 'it''s secrets.Q2' }} $\{ secrets.SHELL }
b: \${{ mysecrets.OTHER }}
c: \${{ '}}' }} secrets.AFTER
d: \${{ secrets.GITHUB_TOKEN || github.token }}
`;
  assert.deepEqual(usesOf(text), { names: [], isAny: false });
});

test('a condition is an expression also without its braces', () => {
  assert.deepEqual(usesOf("jobs: {a: {if: secrets.A != '' && always()}, b: {if: '${{ secrets.B }}'}}").names, ['A', 'B']);
});

test('what hands on all secrets, or one that is computed, may use any', () => {
  for (const text of [
    'jobs: {a: {uses: ./b, secrets: inherit}}',
    'a: ${{ toJSON(secrets) }}',
    'a: ${{ secrets[matrix.name] }}',
    'a: ${{ secrets.* }}',
  ]) {
    assert.equal(usesOf(text).isAny, true, text);
  }
  assert.equal(usesOf('jobs: {a: {uses: ./b, secrets: {x: "${{ secrets.X }}"}}}').isAny, false);
});

test('a workflow that is only called gets what it declares from its caller, and the rest from the repository', () => {
  const body = 'jobs: {a: {env: {t: "${{ secrets.token }}", u: "${{ secrets.OWN }}"}}}';
  assert.deepEqual(usesOf(`on: {workflow_call: {secrets: {TOKEN: {required: true}}}}\n${body}`).names, ['OWN']);
  assert.deepEqual(usesOf(`on: {push: {}, workflow_call: {secrets: {TOKEN: {required: true}}}}\n${body}`).names, ['OWN', 'TOKEN']);
});

test('what nothing but jobs with an environment uses is told apart', async (t) => {
  const job = (name: string, more = ''): string => `{${more} steps: [{run: "\${{ secrets.${name} }} \${{ secrets.BOTH }}"}]}`;
  const usage = await usageOf(t, {
    '.github/workflows/deploy.yml': `on: push\njobs: {a: ${job('DEPLOY', 'environment: production,')}}\n`,
    '.github/workflows/two.yml': `on: push\nenv: {T: "\${{ secrets.TOP }}"}\njobs: {a: ${job('E', 'environment: {name: x},')}, b: ${job('PLAIN')}}\n`,
  });
  assert.deepEqual([...usage.names.keys()].toSorted(), ['BOTH', 'DEPLOY', 'E', 'PLAIN', 'TOP']);
  assert.deepEqual([...usage.ofEnvironments].toSorted(), ['DEPLOY', 'E']);
});

test('a file of several documents says nothing: which of them is the workflow?', () => {
  assert.deepEqual(usesIn(yaml, 'on: push\n---\na: ${{ secrets.A }}\n'), { reason: 'it holds several documents' });
});

test('workflows and actions are read, and what Dependabot has of its own is not', async (t) => {
  const usage = await usageOf(t, {
    '.github/workflows/a.yml': 'a: ${{ secrets.A }}',
    '.github/workflows/deep/b.yaml': 'a: ${{ secrets.A }} ${{ secrets.B }}',
    '.github/workflows/notes.md': '${{ secrets.NOTE }}',
    '.github/actions/x/action.yml': 'a: ${{ secrets.C }}',
    '.github/dependabot.yml': 'a: ${{ secrets.DEPENDABOT }}',
    'actions/y/action.yaml': 'a: ${{ secrets.D }}',
    'actions/y/fixture.yaml': 'a: ${{ secrets.FIXTURE }}',
    'action.yml': 'a: ${{ secrets.E }}',
  });
  assert.deepEqual(Object.fromEntries(usage.names), {
    A: ['.github/workflows/a.yml', '.github/workflows/deep/b.yaml'],
    B: ['.github/workflows/deep/b.yaml'],
    C: ['.github/actions/x/action.yml'],
    D: ['actions/y/action.yaml'],
    E: ['action.yml'],
  });
  assert.deepEqual([usage.files, usage.open, usage.unreadable], [5, [], []]);
});

test('what cannot be read is said, and the others go on', async (t) => {
  const usage = await usageOf(t, {
    '.github/workflows/broken.yml': 'a: [\nb: }',
    '.github/workflows/twice.yml': 'a: 1\na: ${{ secrets.A }}',
    '.github/workflows/large.yml': `# ${'x'.repeat(1 << 20)}`,
    '.github/workflows/right.yml': 'a: ${{ secrets.RIGHT }}',
  });
  assert.deepEqual([...usage.names.keys()], ['RIGHT']);
  assert.deepEqual(
    usage.unreadable.map(({ file }) => file.slice('.github/workflows/'.length)),
    ['broken.yml', 'large.yml', 'twice.yml'],
  );
  for (const { reason } of usage.unreadable) assert.ok(reason.length > 3 && !reason.includes('\n'), reason);
});

test(
  'a folder of workflows that cannot be read is said, too',
  { skip: process.getuid?.() === 0 ? 'root reads everything' : false },
  async (t) => {
    const context = contextFor(t);
    mkdirSync(`${context.directory}/.github/workflows`, { recursive: true });
    chmodSync(`${context.directory}/.github/workflows`, 0o000);
    const { unreadable } = await readUsage(context);
    // Before the folder is removed, which whoever may not look into it cannot do.
    chmodSync(`${context.directory}/.github/workflows`, 0o755);
    assert.deepEqual(
      unreadable.map(({ file }) => file),
      ['.github/workflows'],
    );
  },
);

test('a link leads nowhere', async (t) => {
  const context = contextFor(t);
  write(context.directory, { 'elsewhere/a.yml': 'a: ${{ secrets.A }}', '.github/workflows/b.yml': 'b: 1' });
  symlinkSync('../../elsewhere/a.yml', `${context.directory}/.github/workflows/a.yml`);
  const { names, files } = await readUsage(context);
  assert.deepEqual([names.size, files], [0, 1]);
});
