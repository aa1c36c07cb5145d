import { isCommit } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-commit',
  level: 'warn',
  summary: 'It does not say which code it is about',
  mend: 'Record the full commit id (40 or 64 hex digits) of what was looked at',
  *examine({ json, facts }) {
    if (json?.ok === true && !facts.some(isCommit)) yield { reason: 'no field holds a full commit id' };
  },
});
