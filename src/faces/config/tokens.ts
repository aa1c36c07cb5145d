// A secret written into the file would be in the repository, and in every proof that tells what the file said.
import { SECRET_PATTERNS } from '../../proof/redaction/secret-patterns.ts';

export interface Token {
  readonly offset: number;
  /** Not to be printed. */
  readonly text: string;
  readonly problem: string;
}

/** What looks like a credential of a well-known service, comments included. `${env.NAME}` is none. */
export function findTokens(text: string): readonly Token[] {
  const literal = text.replaceAll(/\$\{[^}\n]*\}/g, (substitution) => ' '.repeat(substitution.length));
  return SECRET_PATTERNS.filter(({ anchors }) => anchors.some((anchor) => literal.includes(anchor))).flatMap(({ id, expression }) =>
    [...literal.matchAll(expression)].map((match) => ({
      offset: match.index,
      text: match[0],
      problem: `this looks like a secret (${id}): put it into a variable and write \${env.NAME} here`,
    })),
  );
}

/** Takes tokens out of sentences; with one about, no sentence quotes a value either: cut short, it would not be known again. */
export function maskOf(tokens: readonly Token[]): (problem: string) => string {
  if (tokens.length === 0) return (problem) => problem;
  return (problem) => tokens.reduce((masked, { text }) => masked.replaceAll(text, '…'), problem).replace(/, not "[^]*$/, '');
}
