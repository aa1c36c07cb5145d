import { isExitCode, isStatus, judgementOf } from '../audit/fields.ts';
import type { Fact } from '../audit/json-facts.ts';
import { defineRule } from './rule.ts';

/** A text or an entry under `error` or `errors`, or an exit code that is not 0. */
function isError(fact: Fact): boolean {
  const { keys, value } = fact;
  if (isExitCode(fact)) return Number(value) !== 0;
  const isNamed = keys.some((key) => /^(?:last_?)?(?:error|errors|exception|exceptions|traceback|stderr|failures)$/i.test(key));
  const isCount = /count|total/i.test(keys.at(-1) ?? '');
  return (
    isNamed &&
    !isCount &&
    value !== null &&
    value !== false &&
    value !== '' &&
    value !== 0 &&
    !/^(?:none|null|no|no errors?|n\/a|-)$/i.test(String(value))
  );
}

export default defineRule({
  id: 'success-with-errors',
  level: 'fail',
  summary: 'It says success and carries errors',
  mend: 'Compute success from the errors and the exit code',
  *examine({ json, facts }) {
    if (json?.ok !== true) return;
    const good = facts.find((fact) => fact.keys.length <= 2 && isStatus(fact) && judgementOf(fact.value) === 'good');
    if (good === undefined) return;
    const above = good.keys.slice(0, -1);
    const error = facts.find((fact) => isError(fact) && above.every((key, depth) => fact.keys[depth] === key));
    if (error !== undefined)
      yield { reason: `${good.keys.join('.')} is good, and ${error.keys.join('.')} has an error`, offset: error.offset };
  },
});
