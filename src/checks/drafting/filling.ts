// What sophia.yaml leaves open is filled in when a check is asked, and not before: another check may have captured it.
import type { Json } from '../../outcome.ts';
import type { Unaskable } from '../inquiry.ts';
import type { PlanRequest } from '../planning.ts';
import { substitute } from '../substitution.ts';

export interface Filling {
  /** In every text of the value; its form stays. */
  readonly fill: <Value>(value: Value) => Filled<Value>;
  /** By name; null for one that lacks something. */
  readonly origins: () => Readonly<Record<string, string | null>>;
}

export type Filled<Value> = { readonly value: Value } | { readonly lack: Unaskable };

export function fillingOf({ env, expectedCommit: sha, operations }: PlanRequest, captured: Readonly<Record<string, string>>): Filling {
  const fill = <Value>(value: Value): Filled<Value> => {
    const filled = substitute(value as Json, { env, sha, captured });
    return 'missing' in filled ? { lack: lackOf(filled.missing) } : { value: filled.value as Value };
  };
  const origins = (): Readonly<Record<string, string | null>> =>
    Object.fromEntries(
      Object.entries(operations.origins).map(([name, written]) => {
        const origin = fill(written);
        return [name, 'lack' in origin ? null : origin.value];
      }),
    );
  return { fill, origins };
}

/** `env.NAME`, `deploy.sha`, `capture.NAME`. */
function lackOf(missing: string): Unaskable {
  if (missing === 'deploy.sha')
    return { code: 'VERSION_NO_EXPECTATION', reason: 'nobody said which commit was deployed, and ${deploy.sha} is asked for' };
  const name = missing.slice(missing.indexOf('.') + 1);
  if (missing.startsWith('capture.'))
    return { code: 'BODY_FIELD_MISSING', reason: `no check that this one needs has captured \`${name}\`` };
  return {
    code: 'ENV_MISSING',
    reason: `the variable ${name} is not set or empty (on GitHub: Settings → Secrets → Actions, and \`env:\` of the step)`,
  };
}
