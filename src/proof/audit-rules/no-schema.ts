import { isSchema } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-schema',
  level: 'warn',
  summary: 'It does not say what its fields mean',
  mend: 'Name the schema: "$schema", "_type" or "predicateType"',
  *examine({ json, facts }) {
    if (json?.ok === true && !facts.some(isSchema)) yield { reason: 'no field holds the name of a schema' };
  },
});
