import { SECRET_PATTERNS } from '../redaction/secret-patterns.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'secret-shaped',
  level: 'fail',
  summary: 'It has what looks like a credential',
  mend: 'Revoke it now: what was committed is known. Then redact before writing',
  *examine({ bytes, text }) {
    const searched = text ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    // What it is, and never what it says.
    for (const { id, anchors, expression } of SECRET_PATTERNS) {
      if (!anchors.some((anchor) => searched.includes(anchor))) continue;
      for (const { index } of searched.matchAll(expression))
        yield text === null ? { reason: `shaped like ${id}` } : { reason: `shaped like ${id}`, offset: index };
    }
  },
});
