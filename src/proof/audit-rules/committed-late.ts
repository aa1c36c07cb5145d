import { defineRule } from './rule.ts';

const DAY_MS = 86_400_000;

export default defineRule({
  id: 'committed-late',
  level: 'warn',
  summary: 'It was committed more than a day after the newest time in it',
  mend: 'Commit evidence with the run that made it',
  *examine({ times, history }) {
    const newest = Math.max(...times.filter(({ hasTime }) => hasTime).map(({ ms }) => ms ?? -Infinity));
    if (history !== null && Number.isFinite(newest) && history.added.ms - newest > DAY_MS)
      yield { reason: `${Math.floor((history.added.ms - newest) / DAY_MS)} days after it` };
  },
});
