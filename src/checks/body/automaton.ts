// An expression as a list of states, and a text led through all of them at once.
import { ASCII, Refusal, type Edge, type Node, type Test } from './expression.ts';

const MAX_STATES = 1000;

export type State =
  | { readonly kind: 'letter'; readonly test: Test }
  | { readonly kind: 'edge'; readonly edge: Edge }
  /** Goes on at each of these; a state of another kind at the next one. */
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'end' };

export function compile(node: Node): readonly State[] {
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

/** Whether it comes to its end somewhere in the text. */
export function run(program: readonly State[], text: string): boolean {
  const letters = lettersOf(text);
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

/** Code points. A loop, because `Array.from` goes by an iterator, and most texts are short. */
function lettersOf(text: string): readonly number[] {
  const letters: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.codePointAt(at)!;
    letters.push(letter);
    if (letter > 0xffff) at += 1;
  }
  return letters;
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
