import { defineRule } from './rule.ts';

const FINAL = /(?:^|[^a-z])(?:final(?:ly|ized|ised)?|definitive|ultimate|really|last|latest[_-]?final|done|complete[d]?)(?:[^a-z]|$)/i;

export default defineRule({
  id: 'unclear-final',
  level: 'warn',
  summary: 'Its name says that it is the last word, and a name cannot know that',
  mend: 'Name runs by their time and id, and let a newer one supersede an older one',
  *conclude({ files }) {
    const found = files.filter(({ path }) => FINAL.test(path.slice(path.lastIndexOf('/') + 1)));
    for (const { path } of found) {
      const others = found.length - 1;
      yield { path, reason: others === 0 ? 'final until when?' : `${others} more ${others === 1 ? 'is' : 'are'} called so` };
    }
  },
});
