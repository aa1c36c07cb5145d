import { isDuration } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'epoch-as-duration',
  level: 'fail',
  summary: 'A duration is a time of day since 1970',
  mend: 'Subtract the start from the end, on a monotonic clock',
  *examine({ facts }) {
    for (const fact of facts) {
      // Ten years in seconds, and the same in milliseconds for what is called so: nothing runs that long.
      if (isDuration(fact) && typeof fact.value === 'number' && fact.value >= 1e9 && fact.value < 1e19)
        yield { reason: `${fact.keys.join('.')} is some decades`, offset: fact.offset };
    }
  },
});
