import { defineRule } from './rule.ts';

export default defineRule({
  id: 'duplicate-bytes',
  level: 'warn',
  summary: 'Another file has the very same bytes',
  mend: 'Let every run write its own file; a copy proves nothing new',
  *conclude({ files }) {
    for (const group of Map.groupBy(
      files.filter(({ sizeBytes }) => sizeBytes > 0),
      ({ sha256 }) => sha256,
    ).values()) {
      const [first, ...others] = group;
      for (const { path } of others) yield { path, reason: `the same bytes as ${first!.path}` };
    }
  },
});
