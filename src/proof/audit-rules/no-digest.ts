import { isDigest } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-digest',
  level: 'warn',
  summary: 'It binds nothing by digest',
  mend: 'Record the SHA-256 of what was observed',
  *examine({ json, facts }) {
    if (json?.ok === true && !facts.some(isDigest)) yield { reason: 'no field holds a digest of anything that was observed' };
  },
});
