import { defineRule } from './rule.ts';

export default defineRule({
  id: 'not-json',
  level: 'warn',
  summary: 'A program cannot read it',
  mend: 'Keep evidence as JSON with a schema; prose may lie beside it and name it',
  *examine({ json, text, bytes, path }) {
    if (bytes.length === 0 || text?.trim() === '') return;
    if (text === null) yield { reason: 'not text, so nobody can say what it shows' };
    else if (json === null || !/^\s*[{[]/.test(text))
      yield { reason: path.endsWith('.json') ? 'called JSON, but it is prose' : 'prose', offset: 0 };
  },
});
