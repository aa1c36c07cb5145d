// Which secrets a text of a workflow names: in `${{ … }}`, by GitHub's own lexical rules, so that a word in quotes is none.

export interface Named {
  /** In upper case: GitHub does not tell them apart. */
  readonly names: readonly string[];
  /** `secrets[…]` of something computed, `toJSON(secrets)`, `secrets.*`: it may be any of them. */
  readonly isAny: boolean;
}

/** Of a text with expressions in it. */
export function namesInText(text: string): Named {
  const names: string[] = [];
  let isAny = false;
  for (let start = text.indexOf('${{'); start !== -1; start = text.indexOf('${{', start)) {
    const { tokens, end } = tokensOf(text, start + 3);
    const found = namesIn(tokens);
    names.push(...found.names);
    isAny ||= found.isAny;
    start = end;
  }
  return { names, isAny };
}

/** Of a condition, which is an expression also without `${{ }}` around it. */
export function namesInCondition(text: string): Named {
  return text.includes('${{') ? namesInText(text) : namesIn(tokensOf(text, 0).tokens);
}

/** A text in single quotes (a quote inside is doubled), a word, the end of the expression, or one character of anything else. */
const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_][\w-]*)|(\}\})|([^\s]))/y;

type Token = { readonly text: string } | { readonly word: string } | { readonly sign: string };

function tokensOf(text: string, from: number): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = [];
  TOKEN.lastIndex = from;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const end = TOKEN.lastIndex;
    const [, quoted, word, closing, sign] = match;
    if (closing !== undefined) return { tokens, end };
    if (quoted !== undefined) tokens.push({ text: quoted.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ word });
    else tokens.push({ sign: sign! });
    TOKEN.lastIndex = end;
  }
  return { tokens, end: text.length };
}

function namesIn(tokens: readonly Token[]): Named {
  const names: string[] = [];
  let isAny = false;
  for (const [at, token] of tokens.entries()) {
    if (!('word' in token) || token.word.toLowerCase() !== 'secrets' || isSign(tokens[at - 1], '.')) continue;
    const name = nameBehind(tokens, at);
    if (name === null) isAny = true;
    else names.push(name.toUpperCase());
  }
  return { names, isAny };
}

/** `.NAME` or `['NAME']` behind the word at `at`; null for anything else. */
function nameBehind(tokens: readonly Token[], at: number): string | null {
  const [sign, key, closing] = tokens.slice(at + 1, at + 4);
  if (isSign(sign, '.') && key !== undefined && 'word' in key) return key.word;
  if (isSign(sign, '[') && key !== undefined && 'text' in key && isSign(closing, ']')) return key.text;
  return null;
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token !== undefined && 'sign' in token && token.sign === sign;
}
