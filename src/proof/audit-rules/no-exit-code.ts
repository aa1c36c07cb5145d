import { isExitCode } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-exit-code',
  level: 'warn',
  summary: 'It does not say how the program ended',
  mend: 'Record the exit code of the program that was run',
  *examine({ json, facts }) {
    if (json?.ok === true && !facts.some(isExitCode)) yield { reason: 'no field holds an exit code' };
  },
});
