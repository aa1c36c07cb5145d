// The languages that a question may name.
import { SophiaError } from '../../errors.ts';
import { suggest } from '../../suggest.ts';
import { grammars } from '../languages/grammars.ts';
import { languages } from '../languages/registry.generated.ts';

/** Files of no known language. */
const TEXT = 'text';

/** Throws `LANGUAGE_UNKNOWN` for the first that is none: no file could ever have it, so that nothing found would say nothing. */
export function refuseUnknown(names: readonly string[]): void {
  const known = [...[...languages, ...grammars].map(({ name }) => name), TEXT].sort();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SophiaError('LANGUAGE_UNKNOWN', { name: unknown, suggestion: nearest(unknown.toLowerCase(), known), known: known.join(', ') });
}

/** Many say the ending of its files for a language: `ts`, `py`. */
function nearest(name: string, known: readonly string[]): string {
  const byEnding = [...languages, ...grammars].find(({ extensions }) => extensions.includes(`.${name.replace(/^\./, '')}`));
  return byEnding === undefined ? suggest(name, known) : `, did you mean "${byEnding.name}"?`;
}
