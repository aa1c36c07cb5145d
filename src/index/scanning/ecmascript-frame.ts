// The state of one open bracket while EcmaScript is scanned: what it holds, and which statement is under way in it.
import type { SymbolKind } from '../languages/language.ts';

export const Holds = { Anything: 0, Statements: 1, Class: 2, Interface: 3, Enum: 4, Pattern: 5, ArrayPattern: 6, Exports: 7 } as const;

/** Where a frame is in its statement, member or pattern. */
export const Mode = {
  Idle: 0,
  /** After `function`, `class`, `interface`…: a name comes. */
  Naming: 1,
  /** Named; the body comes, unless the statement ends before. */
  Header: 2,
  /** After `const`, or a comma of its list: a name or a pattern comes. */
  Binding: 3,
  /** After the name of a variable or a member: a type, `=`, `(` or the end comes. */
  Named: 4,
  /** After `=`: the first token of the value comes. */
  Start: 5,
  /** In parentheses that begin the value and may turn out to be an arrow function's parameters. */
  Parameters: 6,
  Value: 7,
  /** In the type of `type X =`. */
  Alias: 8,
  /** In `import …` or `export … from`: a module comes. */
  Module: 9,
  Decorator: 10,
  ComputedName: 11,
} as const;

/** What surrounds a definition. */
export interface Scope {
  readonly path: string | null;
  readonly exported: boolean;
  /** The top-level name whose later export exports this too. */
  readonly root: string | null;
}

/** A name that waits for its value to say what it is. */
export interface Pending {
  readonly name: string;
  readonly start: number;
}

/** Frames are reused by depth: opening a bracket allocates nothing. */
export class Frame {
  holds: number = Holds.Anything;
  bracket = 0;
  mode: number = Mode.Idle;
  scope: Scope;
  /** The scope of brackets that open inside the statement under way. */
  inner: Scope;
  /** Closing this bracket ends the statement around it. */
  isBody = false;
  /** Of a pattern: the frame whose declaration it belongs to. */
  declaring: Frame;

  /** Offset of the first modifier or word of the statement, or -1. */
  start = -1;
  kind: SymbolKind = 'function';
  /** What the awaited body will hold, or -1 when none is awaited. */
  body = -1;
  exported = false;
  isDefault = false;
  /** Open `<` of types. */
  angles = 0;
  /** A `:` came after the name. */
  typed = false;
  names: Pending[] = [];
  /** Definitions that end with the statement. */
  handles: number[] = [];
  /** What the pending names are when the value is neither function nor class; null: no definitions. */
  fallback: SymbolKind | null = null;
  /** The pending name is `a.b.c`, the target of an assignment. */
  isAssigned = false;

  /** Of a member: offset and word of its name, which may turn out to be a modifier, and the modifiers before. */
  nameStart = -1;
  nameWord = 0;
  isStatic = false;
  isReadonly = false;
  isPrivate = false;

  constructor(scope: Scope) {
    this.scope = scope;
    this.inner = scope;
    this.declaring = this;
  }

  /** Every frame is left as `reset` leaves it, so there is nothing to clear. */
  open(holds: number, bracket: number, scope: Scope): void {
    this.holds = holds;
    this.bracket = bracket;
    this.scope = scope;
    this.inner = scope;
  }

  /** Between two statements. */
  reset(): void {
    this.mode = Mode.Idle;
    this.inner = this.scope;
    this.start = -1;
    this.body = -1;
    this.exported = false;
    this.isDefault = false;
    this.angles = 0;
    this.typed = false;
    if (this.names.length > 0) this.names = [];
    if (this.handles.length > 0) this.handles = [];
    this.fallback = null;
    this.isAssigned = false;
    this.isStatic = false;
    this.isReadonly = false;
    this.isPrivate = false;
  }
}
