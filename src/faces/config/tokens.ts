// A secret written into the file would be in the repository, and in every proof that tells what the file said.
import { SECRET_PATTERNS } from '../../proof/redaction/secret-patterns.ts';
import { escapePointer } from '../../shape.ts';

export interface Token {
  /** Not to be printed. */
  readonly text: string;
  readonly problem: string;
}

/** What looks like a credential of a well-known service, comments included. `${env.NAME}` is none. */
export function findTokens(text: string): readonly (Token & { readonly offset: number })[] {
  const literal = text.replaceAll(/\$\{[^}\n]*\}/g, (substitution) => ' '.repeat(substitution.length));
  return SECRET_PATTERNS.filter(({ anchors }) => anchors.some((anchor) => literal.includes(anchor))).flatMap(({ id, expression }) =>
    [...literal.matchAll(expression)].map((match) => ({
      offset: match.index,
      text: match[0],
      problem: `this looks like a secret (${id}): put it into a variable and write \${env.NAME} here`,
    })),
  );
}

/** In the texts of a value, with their keys: one on several lines or with escapes in it is none as it is written. */
export function findTokensIn(value: unknown, written: readonly Token[]): readonly (Token & { readonly pointer: string })[] {
  return [...textsIn(value, '', '')]
    .flatMap(({ pointer, text }) => findTokens(text).map((token) => ({ ...token, pointer })))
    .filter(({ text }) => !written.some((token) => token.text.includes(text)));
}

/** Takes tokens out of sentences; with one about, no sentence quotes a value either: cut short, it would not be known again. */
export function maskOf(tokens: readonly Token[]): (problem: string) => string {
  if (tokens.length === 0) return (problem) => problem;
  return (problem) => tokens.reduce((masked, { text }) => masked.replaceAll(text, '…'), problem).replace(/, not "[^]*$/, '');
}

function* textsIn(value: unknown, pointer: string, key: string): Iterable<{ readonly pointer: string; readonly text: string }> {
  if (typeof value === 'string') yield { pointer, text: `${key}: ${value}` };
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) yield* textsIn(item, `${pointer}/${escapePointer(name)}`, name);
}
