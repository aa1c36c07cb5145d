// Where a run took place: a short list of named facts, never the environment itself.
import type { Context } from '../../context.ts';
import type { Redactor } from '../redaction/redaction.ts';
import type { Environment } from '../statement.ts';

const GITHUB_FACTS = {
  runId: 'GITHUB_RUN_ID',
  runAttempt: 'GITHUB_RUN_ATTEMPT',
  job: 'GITHUB_JOB',
  event: 'GITHUB_EVENT_NAME',
  workflowRef: 'GITHUB_WORKFLOW_REF',
  runnerEnvironment: 'RUNNER_ENVIRONMENT',
} as const;

export function describeEnvironment({ env, machine }: Context): Environment {
  const where = { os: machine.os, node: machine.node };
  if (env['GITHUB_ACTIONS'] !== 'true') return { kind: 'local', ...where };
  const facts = Object.entries(GITHUB_FACTS).flatMap(([name, variable]) => {
    const value = env[variable];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { kind: 'github', ...where, ...Object.fromEntries(facts) };
}

/** The words of the system itself stay as they are: they are no one's secret. */
export function cleanEnvironment(redactor: Redactor, environment: Environment): Environment {
  const { kind, os, node, ...facts } = environment;
  const clean = Object.entries(facts).map(
    ([name, value]) => [name, redactor.text(value.toWellFormed(), `/predicate/environment/${name}`)] as const,
  );
  return { kind, os, node, ...Object.fromEntries(clean) };
}
