import { defineRule } from './rule.ts';

export default defineRule({
  id: 'history-mutated',
  level: 'fail',
  summary: 'It was changed or deleted after it was committed',
  mend: 'Write a new file for a new run; evidence is only added',
  *conclude({ files, history }) {
    const present = new Set(files.map(({ path }) => path));
    for (const [path, { modified, deleted }] of history ?? []) {
      if (deleted !== null && !present.has(path)) yield { path, reason: `deleted by ${deleted.commit.slice(0, 12)}` };
      if (modified.length > 0) yield { path, reason: `changed ${modified.length} times, last by ${modified.at(-1)!.commit.slice(0, 12)}` };
    }
  },
});
