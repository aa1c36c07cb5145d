import type { Fact } from '../audit/json-facts.ts';
import { defineRule } from './rule.ts';

interface Reference {
  readonly path: string;
  readonly offset: number;
}

const FILE =
  /^(?:\.\/)?(?:[A-Za-z0-9_][A-Za-z0-9._-]*\/)*[A-Za-z0-9_][A-Za-z0-9._-]*\.(?:json|jsonl|txt|log|md|csv|xml|html|ya?ml|png|jpe?g|gz|zip|pdf|har)$/;
const REFERRING = /file|path|proof|log|artifact|attachment|evidence|report|output|screenshot|reference|ref$|see|link/;

/** A path with a folder below proofs/ or of this directory, or any file under a key that says so. */
function inFact({ name, value, offset }: Fact): readonly Reference[] {
  if (typeof value !== 'string' || value.length > 512 || !FILE.test(value)) return [];
  return REFERRING.test(name) || /^(?:\.\/)?proofs\//.test(value) ? [{ path: value.replace(/^\.\//, ''), offset }] : [];
}

/** Links of Markdown that lead to files, and paths below proofs/. */
function inProse(text: string): readonly Reference[] {
  const links = [...text.matchAll(/\]\(([^)\s#]+)\)/g)].map((match) => ({ path: match[1]!, offset: match.index + 2 }));
  const paths = [...text.matchAll(/(?<![\w/.-])proofs\/[\w./-]+\.[a-z]{2,5}\b/g)].map((match) => ({ path: match[0], offset: match.index }));
  return [...links.filter(({ path }) => FILE.test(path)), ...paths].map(({ path, offset }) => ({
    path: path.replace(/^\.\//, ''),
    offset,
  }));
}

export default defineRule({
  id: 'dangling-reference',
  level: 'fail',
  summary: 'It names a file that is not there',
  mend: 'Keep what a proof refers to beside it, and name it by path and digest',
  *examine({ facts, text, json, hasFile }) {
    const named = json?.ok === true ? facts.flatMap(inFact) : json === null ? inProse(text ?? '') : [];
    for (const { path, offset } of named) if (!hasFile(path)) yield { reason: `there is no ${JSON.stringify(path)}`, offset };
  },
});
