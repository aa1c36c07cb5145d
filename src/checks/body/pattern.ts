// Regular expressions in time that grows with the text and no faster: the text is a stranger's, and `^(a+)+$` on thirty letters would
// keep the engine's own busy for minutes. All states of an automaton are followed at once (Thompson, 1968); single letters are still
// the engine's. Look-around and back references cannot be had this way, and are refused when sophia.yaml is read.

export interface Pattern {
  /** Whether it holds somewhere in the text; null for a text that is too long to say. */
  test(text: string): boolean | null;
}

/** A longer text would cost seconds where the pattern is large as well. */
export const MAX_MATCHED_LENGTH = 262_144;

const MAX_STATES = 1000;

type Compiled = Pattern | { readonly problem: string };

/** Every answer is compared with the same few patterns. */
const known = new Map<string, Compiled>();
const MAX_KNOWN = 500;

export function compilePattern(source: string): Compiled {
  const compiled = known.get(source) ?? compileSource(source);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(source, compiled);
  return compiled;
}

function compileSource(source: string): Compiled {
  try {
    const native = new RegExp(source, 'u');
    const program = compile(new Reader(native.source).read());
    return { test: (text) => (text.length > MAX_MATCHED_LENGTH ? null : run(program, text)) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { problem: thrown.message.replace(/^[^]*\/u?: /, '') };
    if (thrown instanceof Refusal) return { problem: thrown.message };
    throw thrown;
  }
}

class Refusal extends Error {}

type Test = (codePoint: number) => boolean;
type Edge = '^' | '$' | 'b' | 'B';

type Node =
  | { readonly kind: 'letter'; readonly test: Test }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
const ATOM = /\[(?:[^\]\\]|\\[^])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|x..|c.|[^])|[^]/uy;

/** Of a source that the engine has accepted: nothing is checked a second time. */
class Reader {
  readonly #source: string;
  #at = 0;

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
    const node = this.read();
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

const ASCII = 128;

/** What the engine thinks of each letter, asked once. */
function testOf(atom: string): Test {
  const single = new RegExp(`^${atom}$`, 'u');
  const known = Array.from({ length: ASCII }, (_, codePoint) => single.test(String.fromCodePoint(codePoint)));
  return (codePoint) => (codePoint < ASCII ? known[codePoint]! : single.test(String.fromCodePoint(codePoint)));
}

type State =
  | { readonly kind: 'letter'; readonly test: Test }
  | { readonly kind: 'edge'; readonly edge: Edge }
  /** Goes on at each of these; a state of another kind at the next one. */
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'end' };

function compile(node: Node): readonly State[] {
  if (sizeOf(node) >= MAX_STATES) throw new Refusal('it repeats too much');
  const states: State[] = [];
  emit(node, states);
  states.push({ kind: 'end' });
  return states;
}

/** Before anything is repeated: `(a{999}){999}` would fill the memory. */
function sizeOf(node: Node): number {
  switch (node.kind) {
    case 'letter':
    case 'edge':
      return 1;
    case 'sequence':
    case 'choice':
      return node.nodes.reduce((sum, each) => sum + sizeOf(each) + 2, 0);
    case 'repeat':
      return (sizeOf(node.node) + 2) * (Number.isFinite(node.max) ? node.max : node.min + 1);
    default:
      return unreachable(node);
  }
}

function emit(node: Node, states: State[]): void {
  switch (node.kind) {
    case 'letter':
    case 'edge':
      states.push(node);
      return;
    case 'sequence':
      for (const each of node.nodes) emit(each, states);
      return;
    case 'choice':
      emitChoice(node.nodes, states);
      return;
    case 'repeat':
      for (let count = 0; count < node.min; count += 1) emit(node.node, states);
      if (node.max === Infinity) emitLoop(node.node, states);
      else for (let count = node.min; count < node.max; count += 1) emitChoice([node.node, NOTHING], states);
      return;
    default:
      unreachable(node);
  }
}

const NOTHING: Node = { kind: 'sequence', nodes: [] };

function emitChoice(nodes: readonly Node[], states: State[]): void {
  const fork: number[] = [];
  const ends: number[][] = [];
  states.push({ kind: 'fork', to: fork });
  for (const node of nodes) {
    fork.push(states.length);
    emit(node, states);
    const end: number[] = [];
    ends.push(end);
    states.push({ kind: 'fork', to: end });
  }
  for (const end of ends) end.push(states.length);
}

function emitLoop(node: Node, states: State[]): void {
  const start = states.length;
  const fork = [start + 1];
  states.push({ kind: 'fork', to: fork });
  emit(node, states);
  states.push({ kind: 'fork', to: [start] });
  fork.push(states.length);
}

function run(program: readonly State[], text: string): boolean {
  const letters = Array.from(text, (letter) => letter.codePointAt(0)!);
  const seenAt = new Int32Array(program.length).fill(-1);
  let reached: number[] = [];
  for (let at = 0; at <= letters.length; at += 1) {
    const before = reached;
    reached = [];
    const arrival: Arrival = { program, letters, at, seenAt, reached };
    if (follow(0, arrival)) return true;
    for (const state of before) if (follow(state + 1, arrival)) return true;
    reached = at === letters.length ? [] : reached.filter((state) => takes(program[state]!, letters[at]!));
  }
  return false;
}

interface Arrival {
  readonly program: readonly State[];
  readonly letters: readonly number[];
  readonly at: number;
  /** By state, where it was last reached: once at each place is enough, and ends loops over nothing. */
  readonly seenAt: Int32Array;
  /** States that wait for the next letter. */
  readonly reached: number[];
}

/** True at the end of the pattern. */
function follow(first: number, { program, letters, at, seenAt, reached }: Arrival): boolean {
  const open = [first];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const state = program[index]!;
    if (seenAt[index] === at) continue;
    seenAt[index] = at;
    if (state.kind === 'end') return true;
    if (state.kind === 'letter') reached.push(index);
    else if (state.kind === 'fork') open.push(...state.to);
    else if (isEdge(state.edge, letters, at)) open.push(index + 1);
  }
  return false;
}

function takes(state: State, letter: number): boolean {
  return state.kind === 'letter' && state.test(letter);
}

function isEdge(edge: Edge, letters: readonly number[], at: number): boolean {
  if (edge === '^') return at === 0;
  if (edge === '$') return at === letters.length;
  return (isWord(letters[at - 1]) !== isWord(letters[at])) === (edge === 'b');
}

function isWord(letter: number | undefined): boolean {
  return letter !== undefined && letter < ASCII && /\w/.test(String.fromCharCode(letter));
}

function unreachable(value: never): never {
  throw new TypeError(`a case was forgotten: ${JSON.stringify(value)}`);
}
