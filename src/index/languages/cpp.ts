// C++, and C with it: definitions only, as ctags lists them. A prototype is not a definition, also in a header:
// who looks for a function wants its body. Macros, typedefs, types, enumerators and variables at the top are.
import {
  type Declaration,
  type Declarations,
  type Definition,
  type Grammar,
  type Scope,
  scanDeclarations,
} from '../scanning/declarations.ts';
import { endOfQuotedInLine, skipBlank } from '../scanning/braces.ts';
import { type Head, Token } from '../scanning/head.ts';
import { Roles } from '../scanning/roles.ts';
import type { Language } from './language.ts';
import { isNamePart, isNameStart, skipName, startsWith, textOf } from '../scanning/outline.ts';

const ROLES = new Roles({
  class: Token.Class,
  struct: Token.Class,
  union: Token.Class,
  enum: Token.Enum,
  namespace: Token.Namespace,
  typedef: Token.Typedef,
  using: Token.Using,
  concept: Token.Using,
  template: Token.Template,
  extern: Token.Extern,
  static: Token.Static,
  friend: Token.Friend,
  operator: Token.Operator,
  const: Token.Const,
  constexpr: Token.Const,
  constinit: Token.Const,
  public: Token.Public,
  protected: Token.Private,
  private: Token.Private,
  inline: Token.Modifier,
  volatile: Token.Modifier,
  register: Token.Modifier,
  virtual: Token.Modifier,
  explicit: Token.Modifier,
  mutable: Token.Modifier,
  thread_local: Token.Modifier,
  __thread: Token.Modifier,
  __inline: Token.Modifier,
  __inline__: Token.Modifier,
  __extension__: Token.Modifier,
  __restrict: Token.Modifier,
  restrict: Token.Modifier,
  consteval: Token.Modifier,
  export: Token.Modifier,
  typename: Token.Modifier,
  _Noreturn: Token.Modifier,
  void: Token.Type,
  char: Token.Type,
  short: Token.Type,
  int: Token.Type,
  long: Token.Type,
  float: Token.Type,
  double: Token.Type,
  signed: Token.Type,
  unsigned: Token.Type,
  bool: Token.Type,
  auto: Token.Type,
  _Bool: Token.Type,
  __attribute__: Token.Attribute,
  __attribute: Token.Attribute,
  __declspec: Token.Attribute,
  alignas: Token.Attribute,
  _Alignas: Token.Attribute,
  decltype: Token.Attribute,
  noexcept: Token.Attribute,
  throw: Token.Attribute,
  typeof: Token.Attribute,
  __typeof__: Token.Attribute,
  asm: Token.Attribute,
  __asm__: Token.Attribute,
  __asm: Token.Attribute,
  static_assert: Token.Attribute,
  _Static_assert: Token.Attribute,
  requires: Token.Attribute,
  if: Token.Statement,
  for: Token.Statement,
  while: Token.Statement,
  switch: Token.Statement,
  return: Token.Statement,
  catch: Token.Statement,
  else: Token.Statement,
  do: Token.Statement,
  sizeof: Token.Statement,
  case: Token.Statement,
  goto: Token.Statement,
  delete: Token.Statement,
  new: Token.Statement,
});

const GRAMMAR: Grammar = { roleOf: ROLES.roleOf, endOfLiteral, open, end, isLocalType, hasDirectives: true };

export default {
  name: 'cpp',
  extensions: ['.cc', '.cpp', '.cxx', '.hpp', '.hh', '.hxx', '.ipp', '.inl'],
  scan: (source) => scanDeclarations(source, GRAMMAR),
} satisfies Language;

/** Before `{`. */
function open(head: Head, scope: Scope): Definition | null {
  if (head.isAssigned) return null;
  const space = head.find(Token.Namespace);
  if (space !== -1) return namespace(head, space);
  const type = typeKey(head);
  if (type !== -1) return typeDefinition(head, type);
  if (head.has(Token.Typedef)) return null;
  const group = head.findCalledGroup();
  if (group !== -1) return groupedFunction(head, group, scope);
  const name = callable(head, scope);
  if (name === -1) return isLinkage(head) ? transparent() : null;
  return isInitializer(head, name) || head.kinds[0] === Token.Statement ? null : functionDefinition(head, name, scope);
}

function transparent(hides = false): Definition {
  return { name: '', kind: 'namespace', at: 0, exported: true, inside: 'members', hides };
}

/** `extern "C" {`. */
function isLinkage(head: Head): boolean {
  return head.length >= 2 && head.kinds[head.length - 2] === Token.Extern && head.kinds[head.length - 1] === Token.Text;
}

/** `namespace a::inline b {`: the last name is the definition, what stands before it its container. */
function namespace(head: Head, index: number): Definition {
  const names: number[] = [];
  for (let at = index + 1; at < head.length; at += 1) if (head.kinds[at] === Token.Name) names.push(at);
  const last = names.pop();
  if (last === undefined) return transparent(true);
  const within = head.kinds[last - 1] === Token.Name ? [] : names.map((at) => head.text(at));
  return {
    name: head.text(last),
    kind: 'namespace',
    at: head.starts[last]!,
    within: within.join('.') || null,
    exported: true,
    inside: 'members',
  };
}

/** Index of `class`, `enum` and so on when the head is that of a type, and not of a function that returns one. */
function typeKey(head: Head): number {
  let key = 0;
  while (key < head.length && head.kinds[key] !== Token.Class && head.kinds[key] !== Token.Enum) key += 1;
  if (key === head.length) return -1;
  const colon = head.find(58, key);
  const end = colon === -1 ? head.length : colon;
  for (let at = key + 1; at < end; at += 1) {
    const kind = head.kinds[at]!;
    if (kind === 42 || kind === 38 || kind === Token.Operator || kind === 59) return -1;
    if (kind === Token.Group && (at !== key + 2 || at === end - 1)) return -1;
  }
  return key;
}

function typeDefinition(head: Head, key: number): Definition {
  const isEnum = head.kinds[key] === Token.Enum;
  const resume = head.has(Token.Typedef) ? Token.Typedef : head.has(Token.Static) ? Token.Static : Token.Type;
  const name = typeName(head, key + 1);
  const rest = { kind: isEnum ? 'enum' : 'class', exported: true, inside: isEnum ? 'constants' : 'members', resume } as const;
  if (name === -1) return { name: '', at: head.starts[key]!, ...rest };
  return { name: head.text(name), at: head.starts[name]!, within: qualifier(head, name), ...rest };
}

/** Index of the last name before the bases; macros that decorate the type stand before it. */
function typeName(head: Head, from: number): number {
  let name = -1;
  for (let at = from; at < head.length && head.kinds[at] !== 58; at += 1) {
    if (head.kinds[at] === Token.Name && (name === -1 || head.text(at) !== 'final')) name = at;
  }
  return name;
}

/**
 * Index of the name of the function whose head this is, or -1. Macros may look like it, before (`EXPORT(int) f(...)`,
 * a call on a line of its own) and after (`f(...) ATTRIBUTE(x)`): they are in capitals, or no type stands before them.
 */
function callable(head: Head, scope: Scope): number {
  const colon = head.find(58);
  const limit = colon === -1 ? head.length : colon;
  let best = -1;
  let isBestTyped = false;
  let from = 0;
  for (let name = head.findCallable(); name !== -1 && (name < limit || best === -1); name = head.findCallable(from)) {
    const isTyped = hasType(head, from, name);
    const isSure = isFunctionOnly(head, name) || head.text(name) === scope.name;
    const isMacro = isCapital(head, name);
    if (isSure || (isTyped && !isMacro)) return name;
    if (best === -1 || (!isBestTyped && (isTyped || !isMacro || isCapital(head, best)))) {
      best = name;
      isBestTyped = isTyped;
    }
    from = head.afterName(name) + 1;
  }
  return best;
}

/** Qualified, a destructor or an operator. */
function isFunctionOnly(head: Head, name: number): boolean {
  const before = head.kinds[name - 1];
  return head.kinds[name] === Token.Operator || before === Token.Scope || before === 126;
}

/** Capitals, and no small letters. */
function isCapital(head: Head, index: number): boolean {
  let hasCapital = false;
  for (let at = head.starts[index]!; at < head.ends[index]!; at += 1) {
    const byte = head.source[at]!;
    if (byte >= 97) return false;
    if (byte >= 65 && byte <= 90) hasCapital = true;
  }
  return hasCapital;
}

function hasType(head: Head, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const kind = head.kinds[at]!;
    if (kind === Token.Name || kind === Token.Type || kind === Token.Class) return true;
  }
  return false;
}

/** The braces of a member in `Foo() : a{1}, b(2) {`. */
function isInitializer(head: Head, name: number): boolean {
  const last = head.kinds[head.length - 1];
  return head.find(58, name) !== -1 && (last === Token.Name || last === Token.Angles);
}

function functionDefinition(head: Head, index: number, scope: Scope): Definition {
  const isDestructor = head.kinds[index - 1] === 126;
  const text = head.text(index);
  const name = isDestructor ? `~${text}` : head.kinds[index] === Token.Operator ? operatorName(text) : text;
  const within = qualifier(head, isDestructor ? index - 1 : index);
  const isMethod = (isMember(scope) && !head.has(Token.Friend)) || within !== null;
  const exported = isMember(scope) || !head.has(Token.Static);
  return { name, kind: isMethod ? 'method' : 'function', at: head.starts[index]!, within, exported, inside: 'code' };
}

/** `void (*name(int))(int)`, `int (name)(int)`. */
function groupedFunction(head: Head, group: number, scope: Scope): Definition | null {
  const at = head.nameInGroup(group);
  if (at === -1) return null;
  const name = textOf(head.source, at, skipName(head.source, at));
  return { name, kind: isMember(scope) ? 'method' : 'function', at, exported: !head.has(Token.Static), inside: 'code' };
}

/** Whether the scope is a class. */
function isMember(scope: Scope): boolean {
  return scope.kind === 'class' && scope.depth > 0;
}

/** `operator ==` and `operator==` are the same; a conversion keeps the blanks of its type. */
function operatorName(text: string): string {
  const symbol = text.slice('operator'.length).replaceAll(/\s+/g, ' ').trim();
  return isNameStart(symbol.charCodeAt(0)) ? `operator ${symbol}` : `operator${symbol.replaceAll(' ', '')}`;
}

/** `A.B` for the name at `index` in `A<T>::B::name`. */
function qualifier(head: Head, index: number): string | null {
  const names: string[] = [];
  let at = index - 1;
  while (at > 0 && head.kinds[at] === Token.Scope) {
    at -= head.kinds[at - 1] === Token.Angles ? 2 : 1;
    if (at < 0 || head.kinds[at] !== Token.Name) break;
    names.unshift(head.text(at));
    at -= 1;
  }
  return names.length === 0 ? null : names.join('.');
}

/** `struct name {`, `enum class name : type {`; most statements that begin with `struct` declare a variable. */
function isLocalType(source: Uint8Array, at: number): boolean {
  let end = skipName(source, at);
  const role = ROLES.roleOf(source, at, end);
  if (role !== Token.Class && role !== Token.Enum) return false;
  let start = skipBlank(source, end);
  for (let count = 0; count < 3 && isNameStart(source[start]); count += 1) {
    end = skipName(source, start);
    start = skipBlank(source, end);
  }
  return source[start] === 123 || (source[start] === 58 && source[start + 1] !== 58);
}

/** Before `;`. */
function end(head: Head, scope: Scope, file: Declarations): boolean {
  if (head.length < 2) return false;
  const first = head.kinds[0]!;
  if (head.has(Token.Using)) return alias(head, file);
  if (head.has(Token.Typedef)) return declarators(head, head.find(Token.Typedef) + 1, file, 'type');
  if (first === Token.Statement || head.has(Token.Friend) || head.has(Token.Namespace) || isModule(head, file)) return false;
  if (isOldStyle(head, scope)) return true;
  const isConstant = head.has(Token.Const) && (head.has(Token.Static) || head.kinds[0] === Token.Const);
  if ((isMember(scope) && !(isConstant && head.isAssigned)) || (head.has(Token.Extern) && !head.isAssigned)) return false;
  return declarators(head, 0, file, 'constant', isMember(scope) || !head.has(Token.Static));
}

/** `export module a.b;`, `import a;`: both words are names in C. */
function isModule(head: Head, file: Declarations): boolean {
  const index = head.kinds[0] === Token.Modifier ? 1 : 0;
  if (head.isAssigned || head.kinds[index] !== Token.Name || head.kinds[index + 1] !== Token.Name) return false;
  const word = head.text(index);
  const { text, next } = head.path(index + 1);
  if (word === 'import' && next === head.length) file.outline.import(text);
  return word === 'import' || word === 'module';
}

/** `using name = type;`, `concept name = condition;` */
function alias(head: Head, file: Declarations): false {
  const name = head.find(Token.Using) + 1;
  if (head.isAssigned && head.kinds[name] === Token.Name) {
    file.declare({ name: head.text(name), kind: 'type', at: head.starts[name]!, end: head.end, exported: true });
  }
  return false;
}

/** The names of `int a, *b[2] = {}, (*c)(int)`. A prototype and a macro's call declare none. */
function declarators(head: Head, from: number, file: Declarations, kind: 'type' | 'constant', exported = true): false {
  for (const found of names(head, from, kind)) file.declare({ ...found, kind, end: head.end, exported, ...whole(head, kind) });
  return false;
}

/** When what follows the first one is not all names, the commas are those of `= is<A, B>::value`. */
function names(head: Head, from: number, kind: 'type' | 'constant'): Named[] {
  const found: Named[] = [];
  let start = from;
  for (let at = from; at <= head.length; at += 1) {
    if (at < head.length && head.kinds[at] !== 44) continue;
    const name = start === from ? firstName(head, start, at, kind) : nextName(head, start, at);
    if (name === null) return found.slice(0, 1);
    found.push(name);
    start = at + 1;
  }
  return found;
}

/** What ends `typedef struct {` on a later line begins at the `typedef`. */
function whole(head: Head, kind: 'type' | 'constant'): Pick<Declaration, 'start'> {
  return kind === 'type' && head.kinds[1] === Token.Braces ? { start: head.starts[0]! } : {};
}

type Named = Pick<Declaration, 'name' | 'at' | 'within'>;

function firstName(head: Head, from: number, to: number, kind: 'type' | 'constant'): Named | null {
  let name = -1;
  let end = from;
  for (; end < to; end += 1) {
    const token = head.kinds[end]!;
    if (token === Token.Name) name = end;
    else if (token === Token.Group) {
      const pointer = pointerName(head, end, kind);
      if (pointer !== null) return pointer;
      if (kind === 'constant' || (name === end - 1 && name > from)) break;
    } else if (token === Token.Assign || token === Token.Brackets || token === 58 || (token === Token.Braces && end > 1)) break;
  }
  if (kind === 'constant' && head.kinds[end] === Token.Group) return null;
  return name > from && isAfterType(head, name, from) ? named(head, name) : null;
}

/** `(*name)(int)`; for a type also `(name)(int)`. */
function pointerName(head: Head, group: number, kind: 'type' | 'constant'): Named | null {
  const { source } = head;
  const isCalled = head.kinds[group + 1] === Token.Group || head.kinds[group + 1] === Token.Brackets;
  const at = isCalled ? head.nameInGroup(group) : -1;
  const isPointer = source.subarray(head.starts[group], Math.max(at, 0)).includes(42);
  return at === -1 || (kind === 'constant' && !isPointer) ? null : { at, name: textOf(source, at, skipName(source, at)) };
}

/** Not `struct name;`, and not a bare `name;`. */
function isAfterType(head: Head, name: number, from: number): boolean {
  const before = head.kinds[name - 1];
  return name > from && before !== Token.Class && before !== Token.Enum && before !== 46;
}

function nextName(head: Head, from: number, to: number): Named | null {
  let at = from;
  while (head.kinds[at] === 42 || head.kinds[at] === 38 || head.kinds[at] === Token.Const) at += 1;
  if (head.kinds[at] === Token.Group) return pointerName(head, at, 'type');
  const next = head.kinds[at + 1];
  const isEnd = at + 1 >= to || next === Token.Brackets || next === Token.Assign || next === Token.Braces || next === Token.Group;
  return head.kinds[at] === Token.Name && isEnd && at < to ? named(head, at) : null;
}

function named(head: Head, index: number): Named {
  return { name: head.text(index), at: head.starts[index]!, within: qualifier(head, index) };
}

/** `int f(a, b) int a; char *b; {`: the name before this `;` is one in the parentheses. */
function isOldStyle(head: Head, scope: Scope): boolean {
  const name = head.isAssigned || scope.kind === 'class' ? -1 : head.findCallable();
  if (name === -1) return false;
  const group = head.afterName(name);
  if (head.length < group + 3 || head.length > 500) return false;
  let last = head.length - 1;
  while (last > group && head.kinds[last] !== Token.Name) last -= 1;
  return last > group + 1 && isListed(head, group, head.text(last));
}

/** The group is a list of bare names, this one among them. */
function isListed(head: Head, group: number, name: string): boolean {
  const length = head.ends[group]! - head.starts[group]!;
  if (length > 1_000) return false;
  const names = textOf(head.source, head.starts[group]! + 1, head.ends[group]! - 1)
    .split(',')
    .map((text) => text.trim());
  return names.includes(name);
}

/** Offset after the string or character at `at`, raw ones included; the apostrophe of `1'000` is neither. */
function endOfLiteral(source: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 4 && isNamePart(source[start - 1])) start -= 1;
  const prefix = at - start;
  if (source[at] === 34)
    return source[at - 1] === 82 && isPrefix(source, start, prefix - 1) ? endOfRawString(source, at) : endOfQuotedInLine(source, at, 34);
  if (prefix > 0 && !isPrefix(source, start, prefix)) return at + 1;
  return endOfQuotedInLine(source, at, 39);
}

/** Nothing, u, U, L or u8. */
function isPrefix(source: Uint8Array, start: number, length: number): boolean {
  const byte = source[start];
  return (
    length === 0 || (length === 1 && (byte === 117 || byte === 85 || byte === 76)) || (length === 2 && startsWith(source, 'u8', start))
  );
}

/** R"mark( ... )mark": the mark has at most 16 bytes. */
function endOfRawString(source: Uint8Array, at: number): number {
  const paren = source.subarray(at, at + 18).indexOf(40);
  if (paren === -1) return endOfQuotedInLine(source, at, 34);
  const closer = Buffer.from(`)${textOf(source, at + 1, at + paren)}"`, 'utf8');
  const found = Buffer.from(source.buffer, source.byteOffset, source.length).indexOf(closer, at + paren);
  return found === -1 ? source.length : found + closer.length;
}
