// What a run is to do, and all that can be wrong with the question: found before anything is asked.
import type { Plan } from '../checks/plan.ts';
import { planOf } from '../checks/planning.ts';
import { readOperations } from '../checks/reading.ts';
import type { Operations, Service } from '../checks/service.ts';
import type { Context } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { suggest } from '../suggest.ts';
import { readNamedFile, refuseMissingFiles, toProblem } from './named-files.ts';
import { MAX_CONCURRENCY, type DeployOptions, type RunOptions } from './options.ts';
import { problemOfReports } from './report-files.ts';
import { warnOfObjectives } from './slo/warnings.ts';

export interface RunRequest {
  readonly command: 'verify' | 'smoke';
  readonly options: RunOptions & Partial<DeployOptions>;
}

export interface Prepared {
  readonly operations: Operations;
  /** Those that were asked for, in the order of the file. */
  readonly services: readonly Service[];
  readonly plan: Plan;
  /** Null where nobody said which. */
  readonly expectedCommit: string | null;
}

/** Null where there is nothing to check. Throws `USAGE` and `CONFIG_INVALID`. */
export async function prepareRun(context: Context, request: RunRequest): Promise<Prepared | null> {
  const { command, options } = request;
  refuseOptions(context, request);
  const read = readOperations(context.config);
  if (read.services.length === 0) return null;
  const operations = withOptions(read, options);
  const services = chooseServices(operations.services, request);
  if (options.allowCommands === false) refuseCommands(context, services);
  refuseMissingFiles(context, services);
  for (const warning of warnOfObjectives(operations)) context.log.warn(warning);
  const expectedCommit = await findExpectedCommit(context, request);
  const plan = planOf({
    operations,
    services: services.map(({ id }) => id),
    env: context.env,
    expectedCommit,
    isDeploy: command === 'verify',
    nowMs: context.clock.now(),
    fileText: (name) => readNamedFile(context, name),
    locate: (pointer) => context.config.locate({ name: 'services' }, pointer),
  });
  return { operations, services, plan, expectedCommit };
}

function refuseOptions(context: Context, { command, options }: RunRequest): void {
  const refuse = (problem: string): never => {
    throw new SophiaError('USAGE', { problem, command });
  };
  if (options.concurrency > MAX_CONCURRENCY) refuse(`--concurrency: at most ${MAX_CONCURRENCY}`);
  if (options.expectCommit?.trim() === '') refuse('--expect-commit is empty');
  const problem = problemOfReports(context, options);
  if (problem !== null) refuse(problem);
}

function withOptions(operations: Operations, { timeout, within }: RunRequest['options']): Operations {
  const { defaults, services } = operations;
  return {
    ...operations,
    defaults:
      timeout === undefined
        ? defaults
        : { ...defaults, timeoutMs: timeout, connectTimeoutMs: Math.min(timeout, defaults.connectTimeoutMs) },
    services: within === undefined ? services : services.map((each) => ({ ...each, ready: { ...each.ready, withinMs: within } })),
  };
}

function chooseServices(services: readonly Service[], { command, options: { service: asked } }: RunRequest): readonly Service[] {
  const ids = services.map(({ id }) => id);
  for (const id of asked) {
    if (ids.includes(id)) continue;
    throw new SophiaError('USAGE', { problem: `there is no service "${id}" in sophia.yaml${suggest(id, ids)}`, command });
  }
  return asked.length === 0 ? services : services.filter(({ id }) => asked.includes(id));
}

/** sophia.yaml is data that a pull request may edit: a program of its choice is started only by who says so outside of it. */
function refuseCommands(context: Context, services: readonly Service[]): void {
  for (const { id, deploy, skip } of services) {
    if (deploy?.kind !== 'command' || skip !== null) continue;
    const problem = toProblem(
      context,
      `/${id}/deploy/kind`,
      `"services.${id}.deploy.kind" is command, which is run only with --allow-commands`,
    );
    throw new SophiaError('CONFIG_INVALID', { ...problem.location, problem: problem.problem }, { errors: [problem] });
  }
}

/** What is checked out is what was deployed only right after a deploy: a nightly run compares with nothing that it was not told. */
async function findExpectedCommit(context: Context, { command, options }: RunRequest): Promise<string | null> {
  if (options.expectCommit !== undefined) return options.expectCommit.trim().toLowerCase();
  return command === 'verify' ? await findHead(context) : null;
}

async function findHead({ git, directory, signal }: Context): Promise<string | null> {
  try {
    const { exitCode, stdout } = await git.run(directory, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { signal });
    const head = Buffer.from(stdout).toString('utf8').trim();
    return exitCode === 0 && head !== '' ? head : null;
  } catch (error) {
    if (error instanceof SophiaError && error.code === 'TOOL_MISSING') return null;
    throw error;
  }
}
