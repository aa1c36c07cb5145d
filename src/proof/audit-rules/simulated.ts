import { defineRule } from './rule.ts';

const WORDS =
  /(?<![A-Za-z])(?:simulat(?:ed?|ion|ing)|mock(?:ed|[ _-]?(?:data|mode|response|results?|run))?|dummy|fake[dr]?|placeholders?|hypothetical(?:ly)?|lorem ipsum|sample[ _-](?:data|output|response)|to be (?:filled|determined|done|run)|not (?:yet )?(?:actually )?(?:run|executed|deployed|tested)|would (?:have )?(?:return|respond|pass|succeed)(?:ed)?|TBD|changeme)(?![A-Za-z])/i;

export default defineRule({
  id: 'simulated',
  level: 'fail',
  summary: 'It says of itself that it did not happen',
  mend: 'Run the thing, or do not call it evidence',
  *examine({ text, path }) {
    const named = WORDS.exec(path.replaceAll(/[._/-]/g, ' '));
    if (named !== null) yield { reason: `it is called ${JSON.stringify(named[0])}` };
    for (const { index, 0: found } of (text ?? '').matchAll(new RegExp(WORDS, 'gi')))
      yield { reason: `it says ${JSON.stringify(found)}`, offset: index };
  },
});
