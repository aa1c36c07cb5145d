import { defineRule } from './rule.ts';

export default defineRule({
  id: 'empty-file',
  level: 'fail',
  summary: 'There is nothing in it',
  mend: 'Write the file when there is something to say, or not at all',
  *examine({ bytes, text }) {
    if (bytes.length === 0) yield { reason: 'zero bytes' };
    else if (text?.trim() === '') yield { reason: 'nothing but white space' };
  },
});
