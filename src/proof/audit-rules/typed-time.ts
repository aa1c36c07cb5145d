import { defineRule } from './rule.ts';

export default defineRule({
  id: 'typed-time',
  level: 'warn',
  summary: 'A time has no seconds: a clock shows that once in sixty, a person nearly always',
  mend: 'Let the program write the time it was run at',
  *examine({ times }) {
    for (const { hasTime, seconds, hasFraction, offset, text } of times) {
      if (hasTime && !hasFraction && (seconds ?? 0) === 0) yield { reason: `${text} looks typed`, offset };
    }
  },
});
