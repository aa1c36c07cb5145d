import { defineRule } from './rule.ts';

const SKEW_MS = 5 * 60_000;
const ZONE_MS = 14 * 3_600_000;

export default defineRule({
  id: 'time-after-commit',
  level: 'fail',
  summary: 'It tells of a time after it was committed',
  mend: 'Let the program write the time it was run at',
  *examine({ times, history }) {
    if (history === null) return;
    // Without a zone it may be up to fourteen hours off.
    const late = times.find(({ ms, hasTime, hasZone }) => hasTime && ms !== null && ms - history.added.ms > (hasZone ? SKEW_MS : ZONE_MS));
    if (late !== undefined && history.modified.length === 0)
      yield { reason: `${late.text}, committed at ${new Date(history.added.ms).toISOString()}`, offset: late.offset };
  },
});
