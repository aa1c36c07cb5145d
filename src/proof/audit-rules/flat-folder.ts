import { defineRule } from './rule.ts';

const MAX_FILES = 25;

export default defineRule({
  id: 'flat-folder',
  level: 'warn',
  summary: 'Too many files lie in one folder',
  mend: 'Sort them by kind and day: git writes a whole folder anew with each commit',
  *conclude({ files }) {
    const folders = Map.groupBy(files, ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    for (const [folder, { length }] of folders)
      if (length > MAX_FILES) yield { path: folder === '' ? '.' : folder, reason: `${length} files` };
  },
});
