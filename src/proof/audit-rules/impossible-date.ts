import { defineRule } from './rule.ts';

export default defineRule({
  id: 'impossible-date',
  level: 'fail',
  summary: 'It has a date that no calendar has',
  mend: 'Let the program write the date',
  *examine({ times }) {
    for (const { ms, hasWrongWeekday, offset, text } of times) {
      if (ms === null) yield { reason: `there is no ${text}`, offset };
      else if (hasWrongWeekday) yield { reason: `${text} was another day of the week`, offset };
    }
  },
});
