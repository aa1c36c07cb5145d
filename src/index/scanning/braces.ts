// What the languages with brackets share: which brackets are open and whose body each one is, comments, strings.
import { endOfLine, isSpace, type Outline } from './outline.ts';
import type { SymbolKind } from '../languages/language.ts';

/** A definition that has begun and whose body, or end, is still to come. */
export interface Pending {
  /** Symbols that end with it: several in `const A, B = 1, 2`, none for Rust's `impl`. */
  readonly handles: number[];
  /** Container and role of what stands inside its body. */
  readonly container: string | null;
  readonly role: number;
  /** Whether the next `{` at this level is its body; else it runs on to its end. */
  readonly takesBlock: boolean;
}

/** A bracket that says something about its inside; of the others only the closer is kept. */
export interface Block {
  /** How many brackets were open when it had opened, itself included. */
  readonly depth: number;
  readonly handles: readonly number[];
  readonly container: string | null;
  /** What the language wants to know about the inside; 0 is plain code. */
  role: number;
  /** What the language goes back to when it closes: the string around an interpolation. 0 is nothing. */
  readonly resume: number;
  pending: Pending | null;
}

export interface Definition {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly start: number;
  readonly exported: boolean;
  readonly takesBlock: boolean;
  readonly role?: number;
  /** When the enclosing definition is not the one that brackets say: the receiver of a Go method. */
  readonly container?: string | null;
}

/** Closes what is closed by no bracket: Ruby's `end`, the next `namespace` of PHP. */
export const END = 1;

const CURLY = 125;
const NOBODY: readonly number[] = [];
/** A path of names stops growing here, so that nested definitions cost linear memory. */
const DEPTH_LIMIT = 64;

/** The stack of open brackets. A stray closer is ignored; `}` and END also close what was left open within. */
export class Blocks {
  readonly #outline: Outline;
  readonly #stack: Block[] = [];
  readonly #closers: number[] = [];
  readonly #openOf = new Uint32Array(256);
  top: Block;

  constructor(outline: Outline, role = 0) {
    this.#outline = outline;
    this.top = { depth: 0, handles: NOBODY, container: null, role, resume: 0, pending: null };
  }

  /** Opens a symbol whose body or end is awaited at this level. */
  define({ name, kind, start, exported, takesBlock, role = 0, container = this.top.container }: Definition): number {
    const handle = this.#outline.open(name, kind, start, { container, exported });
    this.top.pending = { handles: [handle], container: this.#within(container, name), role, takesBlock };
    return handle;
  }

  /** A body is awaited that is no definition of its own: Rust's `impl Name`, PHP's `new class`, which has no name. */
  expect(name: string | null, role: number): void {
    const { container } = this.top;
    const inside = name === null ? container : this.#within(container, name);
    this.top.pending = { handles: [], container: inside, role, takesBlock: true };
  }

  /** A definition without a symbol runs up to its end: `const _: () = …;`. */
  ignore(): void {
    this.top.pending = { handles: [], container: this.top.container, role: 0, takesBlock: false };
  }

  /** A bracket that is nobody's body. */
  open(closer: number, role = 0, resume = 0): void {
    const { top } = this;
    this.#openOf[closer]! += 1;
    this.#closers.push(closer);
    if (top.role === role && top.pending === null && resume === 0) return;
    this.#push({ depth: this.#closers.length, handles: NOBODY, container: top.container, role, resume, pending: null });
  }

  /** The `{` of the awaited body, when one is awaited; else a bracket of that role. */
  openBody(role = 0, closer = CURLY): void {
    const { pending } = this.top;
    if (pending === null || !pending.takesBlock) return this.open(closer, role);
    this.#openOf[closer]! += 1;
    this.#closers.push(closer);
    this.top.pending = null;
    this.#push({ ...pending, depth: this.#closers.length, resume: 0, pending: null });
  }

  /** What `closer` at `at` goes back to (see `resume`); a stray one is ignored. */
  close(closer: number, at: number): number {
    const isOpen = closer === CURLY || closer === END ? this.#openOf[closer]! > 0 : this.#closers.at(-1) === closer;
    if (!isOpen) return 0;
    while (this.#closers.at(-1) !== closer) this.#pop(at);
    return this.#pop(at);
  }

  /** Ends the definition awaited at this level, whose last byte is at `at`. */
  settle(at: number): void {
    if (this.top.pending === null) return;
    for (const handle of this.top.pending.handles) this.#outline.close(handle, at);
    this.top.pending = null;
  }

  /** Closes everything at the end of the file. */
  finish(at: number): void {
    while (this.#closers.length > 0) this.#pop(at);
    this.settle(at);
  }

  #within(container: string | null, name: string): string | null {
    if (this.#stack.length >= DEPTH_LIMIT) return container;
    return container === null ? name : `${container}.${name}`;
  }

  #push(block: Block): void {
    this.#stack.push(this.top);
    this.top = block;
  }

  #pop(at: number): number {
    const { top } = this;
    const isPlain = top.depth < this.#closers.length;
    this.#openOf[this.#closers.pop()!]! -= 1;
    if (isPlain) return 0;
    this.settle(at);
    for (const handle of top.handles) this.#outline.close(handle, at);
    this.top = this.#stack.pop()!;
    return top.resume;
  }
}

/** Offset after the string that opens at `from`; `\` escapes. Without its end: the whole rest. */
export function endOfQuoted(source: Uint8Array, from: number, quote: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === quote) return at + 1;
    if (source[at] === 92) at += 1;
  }
  return source.length;
}

/** The same where a string ends with its line at the latest. */
export function endOfQuotedInLine(source: Uint8Array, from: number, quote: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === quote) return at + 1;
    if (source[at] === 10) return at;
    if (source[at] === 92 && source[at + 1] !== 10) at += 1;
  }
  return source.length;
}

/** Offset after the next `byte` that is followed by `count` of `mark`: the ends of raw strings and of comments. */
export function endOfRaw(source: Uint8Array, from: number, byte: number, mark: number, count: number): number {
  let at = source.indexOf(byte, from);
  while (at !== -1) {
    const start = (at += 1);
    while (at - start < count && source[at] === mark) at += 1;
    if (at - start === count) return at;
    at = source.indexOf(byte, at);
  }
  return source.length;
}

/** Offset after the comment that `/*` opens at `from`. */
export function endOfComment(source: Uint8Array, from: number): number {
  return endOfRaw(source, from + 2, 42, 47, 1);
}

/** The same where comments nest. */
export function endOfNestedComment(source: Uint8Array, from: number): number {
  let depth = 1;
  for (let at = from + 2; at < source.length; at += 1) {
    if (source[at] === 42 && source[at + 1] === 47) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    } else if (source[at] === 47 && source[at + 1] === 42) {
      depth += 1;
      at += 1;
    }
  }
  return source.length;
}

/** Offset of the first byte at or after `from` that is neither blank nor in a `//` or `/*` comment. */
export function skipBlank(source: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    while (isSpace(source[at])) at += 1;
    if (source[at] !== 47) return at;
    if (source[at + 1] === 47) at = endOfLine(source, at);
    else if (source[at + 1] === 42) at = endOfComment(source, at);
    else return at;
  }
}
