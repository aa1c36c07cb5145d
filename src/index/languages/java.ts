// Java: types, methods and constructors, and constants: enum constants, `static final` fields, fields of interfaces.
// Bodies are passed over, and with them anonymous classes.
import { type Declarations, type Definition, type Grammar, type Scope, scanDeclarations } from '../scanning/declarations.ts';
import { endOfQuotedInLine, skipBlank } from '../scanning/braces.ts';
import { type Head, Token } from '../scanning/head.ts';
import type { Language, SymbolKind } from './language.ts';
import { Roles } from '../scanning/roles.ts';
import { isNameStart, skipName, startsWith } from '../scanning/outline.ts';

const ROLES = new Roles({
  class: Token.Class,
  interface: Token.Interface,
  enum: Token.Enum,
  record: Token.Record,
  import: Token.Import,
  package: Token.Namespace,
  static: Token.Static,
  final: Token.Const,
  public: Token.Public,
  private: Token.Private,
  protected: Token.Modifier,
  abstract: Token.Modifier,
  default: Token.Modifier,
  synchronized: Token.Modifier,
  native: Token.Modifier,
  strictfp: Token.Modifier,
  transient: Token.Modifier,
  volatile: Token.Modifier,
  void: Token.Type,
  int: Token.Type,
  long: Token.Type,
  short: Token.Type,
  byte: Token.Type,
  char: Token.Type,
  float: Token.Type,
  double: Token.Type,
  boolean: Token.Type,
  extends: Token.Where,
  implements: Token.Where,
  permits: Token.Where,
  throws: Token.Where,
});

const GRAMMAR: Grammar = { roleOf: ROLES.roleOf, endOfLiteral, open, end, isLocalType, hasAnnotations: true, hasEnumMembers: true };

export default {
  name: 'java',
  extensions: ['.java'],
  scan: (source) => scanDeclarations(source, GRAMMAR),
} satisfies Language;

const KINDS: ReadonlyMap<number, SymbolKind> = new Map([
  [Token.Class, 'class'],
  [Token.Interface, 'interface'],
  [Token.Enum, 'enum'],
  [Token.Record, 'class'],
]);

function open(head: Head, scope: Scope): Definition | null {
  if (head.isAssigned) return null;
  for (let at = 0; at + 1 < head.length; at += 1) {
    const kind = KINDS.get(head.kinds[at]!);
    if (kind === undefined || head.kinds[at + 1] !== Token.Name || head.kinds[at - 1] === 46) continue;
    const inside = kind === 'enum' ? 'constants' : 'members';
    return { name: head.text(at + 1), kind, at: head.starts[at + 1]!, exported: isExported(head, scope), inside };
  }
  const name = method(head, scope);
  return name === -1 ? null : { ...named(head, name), kind: 'method', exported: isExported(head, scope), inside: 'code' };
}

/** Index of the name of a method, or of a record's constructor without parameters: `Range { ... }`. */
function method(head: Head, scope: Scope): number {
  const name = head.findCallable();
  if (name !== -1) return name;
  const last = head.length - 1;
  return last >= 0 && head.kinds[last] === Token.Name && head.text(last) === scope.name ? last : -1;
}

function named(head: Head, index: number): { name: string; at: number } {
  return { name: head.text(index), at: head.starts[index]! };
}

/** Members of interfaces are public without saying so. */
function isExported(head: Head, scope: Scope): boolean {
  return head.has(Token.Public) || (scope.kind === 'interface' && !head.has(Token.Private));
}

/** `class Name`, `record Name(`, also behind annotations, `final` or `abstract`. */
function isLocalType(source: Uint8Array, from: number): boolean {
  let at = from;
  while (source[at] === 64) at = skipBlank(source, endOfAnnotation(source, at));
  let role: number;
  do {
    const end = skipName(source, at);
    role = ROLES.roleOf(source, at, end);
    at = skipBlank(source, end);
  } while (role === Token.Const || role === Token.Modifier);
  if (!KINDS.has(role) || !isNameStart(source[at])) return false;
  const next = source[skipBlank(source, skipName(source, at))];
  return role !== Token.Record || next === 40 || next === 60;
}

function endOfAnnotation(source: Uint8Array, from: number): number {
  let end = skipName(source, from + 1);
  while (source[end] === 46) end = skipName(source, end + 1);
  if (source[end] !== 40) return end;
  const closer = source.subarray(end, end + 400).indexOf(41);
  return closer === -1 ? end : end + closer + 1;
}

function end(head: Head, scope: Scope, file: Declarations): false {
  if (head.kinds[0] === Token.Import) file.outline.import(head.path(head.kinds[1] === Token.Static ? 2 : 1).text);
  if (scope.depth === 0 || head.length < 2) return false;
  const exported = isExported(head, scope);
  const name = head.findCallable();
  if (name !== -1) file.declare({ ...named(head, name), kind: 'method', end: head.end, exported });
  else if (scope.kind === 'interface' || (head.has(Token.Static) && head.has(Token.Const))) constants(head, exported, file);
  return false;
}

/** `A = 1, B[] = {}`: each name stands before `=`, at the end or before brackets. */
function constants(head: Head, exported: boolean, file: Declarations): void {
  for (let at = 1; at < head.length; at += 1) {
    const next = head.kinds[at + 1];
    const isLast = next === Token.Assign || at + 1 === head.length || (next === Token.Brackets && head.kinds[at + 2] === Token.Assign);
    if (head.kinds[at] === Token.Name && isLast) file.declare({ ...named(head, at), kind: 'constant', end: head.end, exported });
  }
}

/** A string, a character, or a text block. */
function endOfLiteral(source: Uint8Array, at: number): number {
  if (source[at] !== 34 || !startsWith(source, '"""', at)) return endOfQuotedInLine(source, at, source[at]!);
  for (let end = at + 3; end < source.length; end += 1) {
    if (source[end] === 92) end += 1;
    else if (source[end] === 34 && startsWith(source, '"""', end)) return end + 3;
  }
  return source.length;
}
