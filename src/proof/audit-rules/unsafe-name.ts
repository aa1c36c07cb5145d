import { defineRule } from './rule.ts';

const SAFE = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$|^\.[A-Za-z][A-Za-z0-9._-]{0,126}$/;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$/i;

function describe(part: string): string {
  if (part.includes('\uFFFD')) return 'is not UTF-8';
  if (part.startsWith('-')) return 'begins like an option';
  if (/\s/.test(part)) return 'has white space';
  if (part.length > 128) return 'is too long';
  return RESERVED.test(part) ? 'is reserved on Windows' : 'has characters that shells and systems understand otherwise';
}

export default defineRule({
  id: 'unsafe-name',
  level: 'fail',
  summary: 'Its name is not one that every system and tool takes',
  mend: 'Use letters, digits, dot, _ and -, a letter or digit first, at most 128',
  *examine({ path }) {
    const part = path.split('/').find((each) => !SAFE.test(each) || RESERVED.test(each));
    if (part !== undefined) yield { reason: `${JSON.stringify(part)} ${describe(part)}` };
  },
});
