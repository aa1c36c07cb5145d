import { defineRule } from './rule.ts';

export default defineRule({
  id: 'invalid-json',
  level: 'fail',
  summary: 'It begins like JSON and cannot be parsed',
  mend: 'Write JSON with a program, not by gluing text in a shell',
  *examine({ json, text }) {
    if (json?.ok === false && /^\s*[{[]/.test(text ?? '')) yield { reason: json.reason, offset: json.offset };
  },
});
