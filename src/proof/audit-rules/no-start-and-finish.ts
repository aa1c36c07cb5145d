import { isFinish, isStart } from '../audit/fields.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'no-start-and-finish',
  level: 'warn',
  summary: 'It does not say when the run began and when it ended',
  mend: 'Record both times, in UTC',
  *examine({ json, facts }) {
    if (json?.ok !== true) return;
    const [start, finish] = [facts.some(isStart), facts.some(isFinish)];
    if (!start || !finish)
      yield { reason: start ? 'no time of the end' : finish ? 'no time of the start' : 'neither a time of the start nor one of the end' };
  },
});
