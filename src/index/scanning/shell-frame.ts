// What the shell scanner knows about each construct that is open around the byte it reads.

export type FrameKind =
  | 'top'
  | 'brace'
  | 'subshell'
  | 'substitution'
  | 'if'
  | 'do'
  | 'case-head'
  | 'case-pattern'
  | 'case-body'
  | 'test'
  | 'array'
  | 'glob'
  | 'quote'
  | 'parameter'
  | 'arithmetic';

export interface Frame {
  kind: FrameKind;
  /** The function whose body this is, or -1. */
  readonly definition: number;
  readonly start: number;
  /** Neither in a function nor in a subshell: what is declared here is seen by who sources the file. */
  readonly isTopLevel: boolean;
  /** The next word is a command or a reserved word, not an argument. */
  isCommand: boolean;
  isInWord: boolean;
  wordStart: number;
  /** The next word is a redirection's target or a loop's variable; then `isCommand` takes this value. */
  skipsTo: boolean | null;
  declares: 'none' | 'constants' | 'capitals' | 'exports';
  isSource: boolean;
  assignments: Assignment[];
  /** Open parentheses of arithmetic; for `"${x:-it's}"`, 1 when single quotes are plain text. */
  count: number;
}

export interface Assignment {
  readonly name: string;
  readonly start: number;
  readonly exported: boolean;
  end: number;
}

export function newFrame(kind: FrameKind, from: Pick<Frame, 'definition' | 'start' | 'isTopLevel'>): Frame {
  return {
    kind,
    definition: from.definition,
    start: from.start,
    isTopLevel: from.isTopLevel,
    isCommand: kind !== 'array' && kind !== 'glob',
    isInWord: false,
    wordStart: -1,
    skipsTo: null,
    declares: 'none',
    isSource: false,
    assignments: [],
    count: 0,
  };
}

/** What leaves its commands where they are: seen from outside as far as what holds it is. */
export function isBlock(kind: FrameKind): boolean {
  return kind === 'brace' || kind === 'if' || kind === 'do' || kind === 'case-head';
}

/** What may be the body of a function. */
export function isCompound(kind: FrameKind): boolean {
  return isBlock(kind) || kind === 'subshell' || kind === 'test' || kind === 'arithmetic';
}
