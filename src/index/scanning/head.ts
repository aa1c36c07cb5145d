// The tokens of the declaration that is being read. Groups, type arguments and braces are one token each.
import { isNameStart, skipName, textOf } from './outline.ts';

/** A punctuation mark's kind is its byte; keywords get a role. */
export const Token = {
  Name: 1,
  Text: 34,
  Group: 40,
  Assign: 61,
  Number: 48,
  Angles: 60,
  Brackets: 91,
  Braces: 123,
  Scope: 256,
  Class: 257,
  Interface: 258,
  Enum: 259,
  Record: 260,
  Namespace: 261,
  Typedef: 262,
  Using: 263,
  Import: 264,
  Template: 265,
  Extern: 266,
  Static: 267,
  Const: 268,
  Public: 269,
  Private: 270,
  Modifier: 271,
  Type: 272,
  /** Dropped together with the parentheses that follow. */
  Attribute: 273,
  /** Begins a statement or an expression: never the name of a function. */
  Statement: 274,
  Operator: 275,
  Friend: 276,
  Where: 278,
  Delegate: 279,
} as const;

/** A line may be the whole file: what stands further before a name is not looked at. */
const LOOK_BACK_LIMIT = 400;

export class Head {
  readonly kinds: number[] = [0, 0, 0];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  length = 0;
  /** Index of the first `=`, or the length. */
  #assigned = -1;
  readonly source: Uint8Array;

  constructor(source: Uint8Array) {
    this.source = source;
  }

  get end(): number {
    return this.length === 0 ? 0 : this.ends[this.length - 1]! - 1;
  }

  /** Index of the first `=`, or the length: what stands before it says what is defined. */
  get declared(): number {
    return this.#assigned === -1 ? this.length : this.#assigned;
  }

  get isAssigned(): boolean {
    return this.#assigned !== -1;
  }

  push(kind: number, start: number, end: number): void {
    this.kinds[this.length] = kind;
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
    // Whoever looks a token or two ahead must not see an older head.
    this.kinds[this.length] = 0;
    this.kinds[this.length + 1] = 0;
  }

  assign(at: number, end: number): void {
    if (this.#assigned === -1) this.#assigned = this.length;
    this.push(Token.Assign, at, end);
  }

  clear(): void {
    this.length = 0;
    this.kinds[0] = 0;
    this.kinds[1] = 0;
    this.kinds[2] = 0;
    this.#assigned = -1;
  }

  text(index: number): string {
    return textOf(this.source, this.starts[index]!, this.ends[index]!);
  }

  /** Index of the first token of that kind before `=`, or -1. */
  find(kind: number, from = 0): number {
    const end = this.declared;
    for (let index = from; index < end; index += 1) if (this.kinds[index] === kind) return index;
    return -1;
  }

  has(kind: number): boolean {
    return this.find(kind) !== -1;
  }

  /** Index after the name at `index` and its type arguments. */
  afterName(index: number): number {
    return this.kinds[index + 1] === Token.Angles ? index + 2 : index + 1;
  }

  /** Index of the first name that parameters follow, or -1. */
  findCallable(from = 0): number {
    const end = this.declared;
    for (let index = from; index < end; index += 1) {
      const kind = this.kinds[index];
      const isName = kind === Token.Name || kind === Token.Operator;
      if (isName && this.kinds[this.afterName(index)] === Token.Group && this.afterName(index) < end) return index;
    }
    return -1;
  }

  /** Index of the last group that another one follows, or -1: the first of `(*name)(int)`. */
  findCalledGroup(): number {
    for (let index = this.declared - 2; index >= 0; index -= 1) {
      if (this.kinds[index] === Token.Group && this.kinds[index + 1] === Token.Group) return index;
    }
    return -1;
  }

  /** `name:` or `public:`, `public slots:`. */
  isLabel(): boolean {
    const first = this.kinds[0];
    if (this.length === 1) return first === Token.Name || first === Token.Public || first === Token.Private;
    return this.length === 2 && (first === Token.Public || first === Token.Private) && this.kinds[1] === Token.Name;
  }

  /** The dotted or qualified name that begins at `index`, without blanks. */
  path(index: number): { text: string; next: number } {
    let text = '';
    let at = index;
    for (; at < this.length; at += 1) {
      const kind = this.kinds[at];
      if (kind !== Token.Name && kind !== 46 && kind !== Token.Scope && kind !== 42) break;
      if (at > index && kind === Token.Name && this.kinds[at - 1] === Token.Name) break;
      text += this.text(at);
    }
    return { text, next: at };
  }

  /** The text after the first `=`. */
  value(): string {
    const index = this.declared;
    return textOf(this.source, this.starts[index]! + 1, this.ends[index]!).trim();
  }

  /**
   * Where the definition whose name is at `nameAt` begins: at the first of its tokens on the line of the name.
   * What stands on lines before (annotations, `template <...>`, a return type) would make poor a signature.
   */
  startOf(nameAt: number): number {
    const floor = Math.max(this.starts[0] ?? nameAt, nameAt - LOOK_BACK_LIMIT);
    let line = nameAt;
    while (line > floor && this.source[line - 1] !== 10) line -= 1;
    return Math.min(this.#firstFrom(line), nameAt);
  }

  /** The start of the first token at or after `offset`. */
  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low < this.length ? this.starts[low]! : offset;
  }

  /** In `void (*name(int))(int)` and `int (name)(int)`: offset of the name inside the group, or -1. */
  nameInGroup(index: number): number {
    const { source } = this;
    const end = Math.min(this.ends[index]! - 1, this.starts[index]! + 300);
    for (let at = this.starts[index]! + 1; at < end; at += 1) {
      if (!isNameStart(source[at])) continue;
      const start = at;
      at = skipName(source, at);
      while (source[at] === 32) at += 1;
      if (source[at] === 40 || source[at] === 41 || source[at] === 91) return start;
      at -= 1;
    }
    return -1;
  }
}
