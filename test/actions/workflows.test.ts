// The workflows of this repository, read as YAML: what every one of them must have, and what those that leave proofs must do.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { toSlug } from '../../src/command.ts';
import { registry } from '../../src/commands/registry.generated.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: object;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly steps: readonly Step[];
  readonly 'timeout-minutes'?: number;
}

interface Workflow {
  readonly on: { readonly push?: { readonly 'paths-ignore'?: readonly string[] }; readonly schedule?: readonly { readonly cron: string }[] };
  readonly permissions?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, '.github/workflows');
const WORKFLOWS = fs.readdirSync(FOLDER).map((file) => [file, parse(fs.readFileSync(path.join(FOLDER, file), 'utf8')) as Workflow] as const);
const JOBS = WORKFLOWS.flatMap(([file, { jobs }]) => Object.entries(jobs).map(([name, job]) => [`${file}: ${name}`, job] as const));

test('nothing is granted but by a job, and no job runs for ever', () => {
  assert.ok(WORKFLOWS.length > 1);
  for (const [file, { permissions }] of WORKFLOWS) assert.deepEqual(permissions, {}, file);
  for (const [name, job] of JOBS) assert.ok(job.permissions !== undefined && job['timeout-minutes'] !== undefined, name);
});

test('what others wrote is pinned to a commit, what is ours exists, and no checkout leaves a token behind', () => {
  for (const [name, { steps }] of JOBS) {
    for (const { uses, with: inputs } of steps) {
      if (uses === undefined) continue;
      const own = /^\$\/actions\/(.+)$/.exec(uses)?.[1];
      if (own === undefined) assert.match(uses, /^actions\/[\w-]+@[0-9a-f]{40}$/, name);
      else assert.ok(fs.existsSync(path.join(ROOT, 'actions', own, 'action.yml')), `${name}: ${uses}`);
      if (uses.startsWith('actions/checkout@')) assert.equal(inputs?.['persist-credentials'], false, name);
    }
  }
});

test('a job that leaves a proof publishes it, also when it fails', async () => {
  const commands = await Promise.all(registry.map(async ({ load }) => await load()));
  const leaving = new Set(commands.filter(({ kind }) => kind !== undefined).map(({ name }) => `$/actions/${toSlug(name)}`));
  const jobs = JOBS.filter(([, { steps }]) => steps.some(({ uses }) => leaving.has(uses ?? '')));
  assert.ok(jobs.length > 0);
  for (const [name, { steps }] of jobs) {
    const publish = steps.findIndex(({ uses }) => uses === '$/actions/proofs-publish');
    assert.ok(publish > steps.findLastIndex(({ uses }) => leaving.has(uses ?? '')), name);
    assert.equal(steps[publish]?.if, 'always()', name);
  }
});

test('who pushes proofs does not start by them, and one job at a time seals', () => {
  for (const [file, { on, jobs }] of WORKFLOWS) {
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    if (!steps.some(({ uses }) => uses?.startsWith('$/actions/proofs-') === true)) continue;
    if (on.push !== undefined) assert.ok(on.push['paths-ignore']?.includes('proofs/**'), file);
  }
  const sealing = JOBS.filter(([, { steps }]) => steps.some(({ uses }) => uses === '$/actions/proofs-seal'));
  assert.ok(sealing.length > 0);
  // The same words in every file: jobs of different workflows wait for each other only then.
  const groups = new Set(sealing.map(([, { concurrency }]) => concurrency?.group));
  assert.deepEqual([...groups], ['sophia-proofs-${{ github.ref }}']);
  for (const [name, { concurrency }] of sealing) assert.equal(concurrency?.['cancel-in-progress'], false, name);
});

test('what comes from outside reaches no shell', () => {
  for (const [name, { steps }] of JOBS) {
    for (const { run } of steps) assert.doesNotMatch(run ?? '', /\$\{\{/, name);
  }
});

test('services are asked every night and after each deploy, and nothing but our own commands is run there', () => {
  const workflows = new Map(WORKFLOWS);
  assert.deepEqual(workflows.get('nightly_smoke.yml')?.on.schedule, [{ cron: '0 3 * * *' }]);
  for (const [file, command] of [
    ['nightly_smoke.yml', '$/actions/smoke'],
    ['post_deploy_verify.yml', '$/actions/verify'],
  ] as const) {
    const steps = Object.values(workflows.get(file)?.jobs ?? {}).flatMap((job) => job.steps);
    assert.ok(steps.some(({ uses }) => uses === command), file);
    assert.ok(steps.every(({ run }) => run === undefined), file);
  }
});

test('budgets are computed whatever the night was like, and not where nobody has set any', async () => {
  const steps = new Map(WORKFLOWS).get('nightly_smoke.yml')?.jobs['smoke']?.steps ?? [];
  assert.equal(steps.find(({ uses }) => uses === '$/actions/smoke')?.id, 'smoke');
  assert.equal(steps.find(({ uses }) => uses === '$/actions/slo')?.if, "always() && steps.smoke.outputs.samples != '[]'");
  const smoke = await registry.find(({ name }) => name === 'smoke')!.load();
  assert.equal(smoke.outputs?.['samples']?.from, 'samples');
});
