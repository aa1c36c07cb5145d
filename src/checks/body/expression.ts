// The source of a regular expression, taken apart.

/** What no automaton can do in time that grows with the text. */
export class Refusal extends Error {}

export type Test = (codePoint: number) => boolean;
export type Edge = '^' | '$' | 'b' | 'B';

export type Node =
  | { readonly kind: 'letter'; readonly test: Test }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

/** Of a source that the engine has accepted: nothing is checked a second time. */
export function readExpression(source: string): Node {
  return new Reader(source).read();
}

/** The stack of whoever reads this grows with it. */
const MAX_DEPTH = 100;

const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
const ATOM = /\[(?:[^\]\\]|\\[^])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|x..|c.|[^])|[^]/uy;

class Reader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Node {
    const nodes = [this.#sequence()];
    while (this.#takes('|')) nodes.push(this.#sequence());
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at]!)) nodes.push(this.#quantified(this.#term()));
    return { kind: 'sequence', nodes };
  }

  #term(): Node {
    if (this.#takes('(?:')) return this.#group();
    if (/^\(\?(?:<?[=!])/.test(this.#source.slice(this.#at, this.#at + 4))) throw new Refusal('it looks ahead or behind');
    const name = /^\(\?<[^>]*>/u.exec(this.#source.slice(this.#at))?.[0];
    if (name !== undefined && this.#takes(name)) return this.#group();
    if (this.#source.startsWith('(?', this.#at)) throw new Refusal('it has modifiers');
    if (this.#takes('(')) return this.#group();
    const atom = this.#match(ATOM)![0];
    if (atom === '^' || atom === '$') return { kind: 'edge', edge: atom };
    if (atom === String.raw`\b`) return { kind: 'edge', edge: 'b' };
    if (atom === String.raw`\B`) return { kind: 'edge', edge: 'B' };
    if (/^\\[1-9k]/.test(atom)) throw new Refusal('it refers back to a group');
    return { kind: 'letter', test: testOf(atom) };
  }

  #group(): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Refusal('its groups stand too deep in each other');
    const node = this.read();
    this.#depth -= 1;
    this.#takes(')');
    return node;
  }

  #quantified(node: Node): Node {
    const found = this.#match(QUANTIFIER);
    if (found === null) return node;
    const [, sign, least, comma, most] = found;
    if (sign !== undefined) return { kind: 'repeat', node, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
    return { kind: 'repeat', node, min: Number(least), max: most !== '' ? Number(most) : comma === '' ? Number(least) : Infinity };
  }

  #takes(text: string): boolean {
    const isThere = this.#source.startsWith(text, this.#at);
    if (isThere) this.#at += text.length;
    return isThere;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source);
    this.#at += found?.[0].length ?? 0;
    return found;
  }
}

export const ASCII = 128;

/** What the engine thinks of each letter, asked once. */
function testOf(atom: string): Test {
  const single = new RegExp(`^${atom}$`, 'u');
  const known = Array.from({ length: ASCII }, (_, codePoint) => single.test(String.fromCodePoint(codePoint)));
  return (codePoint) => (codePoint < ASCII ? known[codePoint]! : single.test(String.fromCodePoint(codePoint)));
}
