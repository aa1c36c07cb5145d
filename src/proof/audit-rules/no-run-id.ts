import { isRunId } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-run-id',
  level: 'warn',
  summary: 'It does not say which run it is of',
  mend: 'Record the id of the run, as in GITHUB_RUN_ID',
  *examine({ json, facts }) {
    if (json?.ok === true && !facts.some(isRunId)) yield { reason: 'no field holds the id of a run' };
  },
});
