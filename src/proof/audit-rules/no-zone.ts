import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-zone',
  level: 'fail',
  summary: 'It has a time without a time zone',
  mend: 'Write times in UTC, with a Z at their end',
  *examine({ times }) {
    for (const { hasTime, hasZone, offset, text } of times)
      if (hasTime && !hasZone) yield { reason: `${text} may be any of some forty hours`, offset };
  },
});
