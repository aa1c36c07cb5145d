// C#: namespaces, types, methods, constructors, operators, delegates, and constants: names of enumerations, `const`
// and `static readonly` fields. Properties and events are left out, as fields are.
import { type Declarations, type Definition, type Grammar, type Scope, scanDeclarations } from '../scanning/declarations.ts';
import { endOfQuotedInLine } from '../scanning/braces.ts';
import { endOfInterpolated } from '../scanning/interpolation.ts';
import { type Head, Token } from '../scanning/head.ts';
import type { Language, SymbolKind } from './language.ts';
import { Roles } from '../scanning/roles.ts';

const ROLES = new Roles({
  class: Token.Class,
  struct: Token.Class,
  interface: Token.Interface,
  enum: Token.Enum,
  record: Token.Record,
  namespace: Token.Namespace,
  using: Token.Using,
  delegate: Token.Delegate,
  event: Token.Friend,
  operator: Token.Operator,
  const: Token.Const,
  readonly: Token.Const,
  static: Token.Static,
  public: Token.Public,
  private: Token.Private,
  where: Token.Where,
  internal: Token.Private,
  protected: Token.Private,
  abstract: Token.Modifier,
  virtual: Token.Modifier,
  override: Token.Modifier,
  sealed: Token.Modifier,
  partial: Token.Modifier,
  async: Token.Modifier,
  unsafe: Token.Modifier,
  extern: Token.Modifier,
  new: Token.Modifier,
  volatile: Token.Modifier,
  ref: Token.Modifier,
  implicit: Token.Modifier,
  explicit: Token.Modifier,
  void: Token.Type,
  int: Token.Type,
  uint: Token.Type,
  long: Token.Type,
  ulong: Token.Type,
  short: Token.Type,
  ushort: Token.Type,
  byte: Token.Type,
  sbyte: Token.Type,
  char: Token.Type,
  float: Token.Type,
  double: Token.Type,
  decimal: Token.Type,
  bool: Token.Type,
  object: Token.Type,
  string: Token.Type,
  if: Token.Statement,
  for: Token.Statement,
  foreach: Token.Statement,
  while: Token.Statement,
  switch: Token.Statement,
  return: Token.Statement,
  throw: Token.Statement,
  catch: Token.Statement,
  lock: Token.Statement,
  fixed: Token.Statement,
  else: Token.Statement,
  do: Token.Statement,
  await: Token.Statement,
  yield: Token.Statement,
  this: Token.Statement,
  base: Token.Statement,
  typeof: Token.Statement,
});

const GRAMMAR: Grammar = { roleOf: ROLES.roleOf, endOfLiteral, open, end, hasDirectives: true, hasAttributes: true };

export default {
  name: 'csharp',
  extensions: ['.cs'],
  scan: (source) => scanDeclarations(source, GRAMMAR),
} satisfies Language;

const KINDS: ReadonlyMap<number, SymbolKind> = new Map([
  [Token.Class, 'class'],
  [Token.Interface, 'interface'],
  [Token.Enum, 'enum'],
  [Token.Record, 'class'],
]);

function open(head: Head, scope: Scope): Definition | null {
  if (head.isAssigned || head.kinds[0] === Token.Statement) return null;
  if (head.kinds[0] === Token.Namespace) return { ...namespace(head), inside: 'members' };
  const type = typeKey(head);
  if (type !== -1) return typeDefinition(head, type, scope);
  const name = method(head, scope);
  return name === -1 ? null : { ...methodDefinition(head, name, scope), inside: 'code' };
}

function namespace(head: Head): { name: string; kind: SymbolKind; at: number; exported: boolean } {
  return { name: head.path(1).text, kind: 'namespace', at: head.starts[1] ?? 0, exported: true };
}

/** Index of the word before a type's name; not that of the constraint `where T : class`. */
function typeKey(head: Head): number {
  const limit = head.find(Token.Where);
  const end = limit === -1 ? head.length : limit;
  for (let at = 0; at + 1 < end; at += 1) {
    const kind = head.kinds[at]!;
    if (kind === Token.Group && head.kinds[at - 1] === Token.Name) return -1;
    if (KINDS.has(kind) && head.kinds[at + 1] === Token.Name && head.kinds[at + 2] !== Token.Name) return at;
  }
  return -1;
}

function typeDefinition(head: Head, key: number, scope: Scope): Definition {
  // In `record struct` the first word decides nothing.
  const kind = KINDS.get(head.kinds[key]!)!;
  const inside = kind === 'enum' ? 'constants' : 'members';
  return { name: head.text(key + 1), kind, at: head.starts[key + 1]!, exported: isExported(head, scope), inside };
}

/** Index of the name of a method, or -1. At the top of a file a call looks like one: there a type must stand before. */
function method(head: Head, scope: Scope): number {
  const name = head.findCallable();
  if (name === -1 || head.kinds[0] === Token.Statement) return -1;
  const before = head.kinds[name - 1];
  if (scope.kind !== 'namespace') return name;
  return name > 0 && before !== 46 && before !== Token.Statement ? name : -1;
}

function methodDefinition(head: Head, index: number, scope: Scope): Omit<Definition, 'inside'> {
  const isOperator = head.kinds[index] === Token.Operator;
  const isDestructor = head.kinds[index - 1] === 126;
  const text = head.text(index);
  const name = isOperator ? operatorName(text) : isDestructor ? `~${text}` : text;
  const kind = scope.kind === 'namespace' ? 'function' : 'method';
  return { name, kind, at: head.starts[index]!, exported: isExported(head, scope) };
}

/** `operator ==` is operator==; a conversion is `operator int`. */
function operatorName(text: string): string {
  const symbol = text.slice('operator'.length).replaceAll(/\s+/g, ' ').trim();
  return /^\w/.test(symbol) ? `operator ${symbol}` : `operator${symbol}`;
}

function isExported(head: Head, scope: Scope): boolean {
  return head.has(Token.Public) || (scope.kind === 'interface' && !head.has(Token.Private));
}

function end(head: Head, scope: Scope, file: Declarations): boolean {
  if (head.length < 2) return false;
  if (head.has(Token.Using)) return using(head, file);
  if (head.kinds[0] === Token.Namespace) return fileNamespace(head, file);
  const type = head.isAssigned ? -1 : typeKey(head);
  if (type !== -1) file.declare({ ...typeDefinition(head, type, scope), end: head.end });
  else if (!head.has(Token.Friend)) member(head, scope, file);
  return false;
}

/** `global using static System.Math;`, `using Json = Newtonsoft.Json;`. */
function using(head: Head, file: Declarations): false {
  const from = head.find(Token.Using) + 1;
  if (!head.has(Token.Group))
    file.outline.import(head.isAssigned ? head.value() : head.path(head.kinds[from] === Token.Static ? from + 1 : from).text);
  return false;
}

/** `namespace A.B;` holds the rest of the file. */
function fileNamespace(head: Head, file: Declarations): false {
  file.enclose({ ...namespace(head), inside: 'members' });
  return false;
}

function member(head: Head, scope: Scope, file: Declarations): void {
  const name = method(head, scope);
  const isTop = scope.kind === 'namespace';
  if (head.has(Token.Delegate) && name !== -1) {
    file.declare({ name: head.text(name), kind: 'type', at: head.starts[name]!, end: head.end, exported: isExported(head, scope) });
  } else if (name !== -1 && (!isTop || head.isAssigned)) {
    file.declare({ ...methodDefinition(head, name, scope), end: head.end });
  } else if (!isTop && head.has(Token.Const)) constants(head, scope, file);
}

/** `const int A = 1, B = 2`, `static readonly X C`. */
function constants(head: Head, scope: Scope, file: Declarations): void {
  const word = head.text(head.find(Token.Const));
  if (word !== 'const' && !head.has(Token.Static)) return;
  for (let at = 1; at < head.length; at += 1) {
    const isLast = head.kinds[at + 1] === Token.Assign || at + 1 === head.length;
    if (head.kinds[at] !== Token.Name || !isLast) continue;
    file.declare({ name: head.text(at), kind: 'constant', at: head.starts[at]!, end: head.end, exported: isExported(head, scope) });
  }
}

/** "plain", @"verbatim ""quoted""", $"interpolated {hole}", """raw""", 'c'. */
function endOfLiteral(source: Uint8Array, at: number, depth = 0): number {
  if (source[at] === 39) return endOfQuotedInLine(source, at, 39);
  let start = at;
  let dollars = 0;
  let isVerbatim = false;
  for (; start > 0 && (source[start - 1] === 36 || source[start - 1] === 64); start -= 1) {
    if (source[start - 1] === 36) dollars += 1;
    else isVerbatim = true;
  }
  return endOfInterpolated(source, at, { dollars, isVerbatim, depth, endOfLiteral });
}
