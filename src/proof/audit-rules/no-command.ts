import { isCommand } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-command',
  level: 'warn',
  summary: 'It does not say what was run',
  mend: 'Record the words of the command that was run',
  *examine({ json, facts }) {
    if (json?.ok === true && !facts.some(isCommand)) yield { reason: 'no field holds a command' };
  },
});
