import { defineRule } from './rule.ts';

const UNEXPANDED = /\$\([^)]*\)?|\$\{[^}]*\}?|\$[A-Za-z_]\w*|`[^`]*`?|%[A-Za-z_]+%|%[YmdHMS](?:[-_%]|$)|\{\{.*?\}\}|<[A-Za-z_ -]+>/;

export default defineRule({
  id: 'unexpanded-name',
  level: 'fail',
  summary: 'Its name has a variable or command that a shell should have replaced',
  mend: 'Compute the name in a program, or put it in double quotes',
  *examine({ path }) {
    const found = UNEXPANDED.exec(path);
    if (found !== null) yield { reason: `the name still has ${JSON.stringify(found[0])}` };
  },
});
