// Definitions of JavaScript and TypeScript, read from tokens with one frame per open bracket.
// A frame knows what its bracket holds (statements, members, a pattern, anything) and which statement is under way in it:
// depth costs memory, never stack, and what stands in expressions passes through untouched, except for the functions and
// classes declared inside it.
import { Frame, Holds, Mode, type Pending, type Scope } from './ecmascript-frame.ts';
import { assignmentStart, chainStart, dottedNameEnd, isBlank, isWordAt, mayFollowTypeArguments, skipBlanks } from './ecmascript-text.ts';
import { EcmaScriptTokens, Kind, Wants, Word, isEcmaScriptNameStart, skipEcmaScriptName } from './ecmascript-tokens.ts';
import type { Scan, SymbolKind } from '../languages/language.ts';
import { Outline, startsWith, textOf } from './outline.ts';

/** Types, JSX and CommonJS are looked for in every file: each is told from the rest by how it is written. */
export function scanEcmaScript(source: Uint8Array): Scan {
  return new EcmaScriptScanner(source).scan();
}

const TOP: Scope = { path: null, exported: false, root: null };

// Functions nested in functions by the thousand would otherwise write paths by the gigabyte.
const PATH_LIMIT = 200;

// A frame is some hundred bytes, and a file of brackets has millions; deeper than this nothing is looked for.
const DEEPEST = 10_000;

const BANG = 33;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const STAR = 42;
const COMMA = 44;
const DOT = 46;
const COLON = 58;
const SEMICOLON = 59;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const AT = 64;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

class EcmaScriptScanner {
  readonly #source: Uint8Array;
  readonly #tokens: EcmaScriptTokens;
  readonly #outline: Outline;
  readonly #frames: Frame[] = [new Frame(TOP)];
  #frame: Frame;
  #depth = 0;
  /** Brackets open beyond the deepest frame. */
  #beyond = 0;

  // `export default abstract`: words that follow each other directly, and belong to the declaration after them.
  #modifiersStart = 0;
  #modifiersEnd = -1;
  #isExport = false;
  #isDefault = false;

  /** Offset of the parenthesis of `require(` or `import(`. */
  #moduleParen = -1;
  readonly #exportedNames = new Set<string>();
  /** By top-level name: the definitions that a later `export { name }` exports. */
  readonly #exportable = new Map<string, number[]>();

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#tokens = new EcmaScriptTokens(source);
    this.#outline = new Outline(source);
    this.#frame = this.#frames[0]!;
    this.#frame.holds = Holds.Statements;
  }

  scan(): Scan {
    const tokens = this.#tokens;
    for (let kind = tokens.next(); kind !== Kind.End; kind = tokens.next()) {
      const frame = this.#frame;
      if (frame.mode !== Mode.Idle) {
        if (tokens.newline && this.#endsAtLine(kind)) this.#endAtLine();
        else if (frame.mode === Mode.Naming && this.#isName(kind)) continue;
        else if (frame.mode === Mode.Start) this.#beginValue(kind);
      }
      this.#read(kind);
    }
    while (this.#depth > 0) this.#pop();
    this.#endStatement(tokens.previousEnd);
    for (const name of this.#exportedNames) for (const handle of this.#exportable.get(name) ?? []) this.#outline.expose(handle);
    return this.#outline.finish();
  }

  #read(kind: number): void {
    switch (kind) {
      case OPEN_BRACE:
      case OPEN_PAREN:
      case OPEN_BRACKET:
        return this.#open(kind);
      case CLOSE_BRACE:
      case CLOSE_PAREN:
      case CLOSE_BRACKET:
        return this.#close(kind);
      case LESS:
        return this.#less();
      case GREATER:
        this.#frame.angles -= this.#frame.angles > 0 ? 1 : 0;
        return;
      case Kind.String:
        this.#moduleName();
        break;
      case Kind.Name:
        this.#moduleCall();
        break;
      default:
    }
    switch (this.#frame.holds) {
      case Holds.Class:
      case Holds.Interface:
        return this.#member(kind);
      case Holds.Enum:
        return this.#enumItem(kind);
      case Holds.Pattern:
      case Holds.ArrayPattern:
        return this.#patternItem(kind);
      case Holds.Exports:
        return this.#exportItem(kind);
      default:
        return this.#statement(kind);
    }
  }

  // Statements.

  #statement(kind: number): void {
    const frame = this.#frame;
    switch (kind) {
      case Kind.Name:
        if (frame.mode === Mode.Binding) this.#bind();
        else if (this.#tokens.word !== Word.None) this.#word(this.#tokens.word);
        return;
      case SEMICOLON:
        if (frame.mode !== Mode.Idle) this.#endStatement(this.#tokens.start);
        return;
      case EQUALS:
        return this.#equals();
      case COMMA:
        return this.#nextBinding();
      case STAR:
        if (this.#isExportStar()) frame.mode = Mode.Module;
        return;
      default:
    }
  }

  #word(word: number): void {
    const frame = this.#frame;
    if (frame.mode !== Mode.Idle || this.#tokens.before === Wants.Expression) return;
    switch (word) {
      case Word.function:
        return this.#declare('function', Holds.Anything);
      case Word.class:
        return this.#declare('class', Holds.Class);
      case Word.declare:
      case Word.abstract:
      case Word.async:
        return this.#modify();
      case Word.interface:
        if (this.#isNameNext()) this.#declare('interface', Holds.Interface);
        return;
      case Word.enum:
        if (this.#isNameNext()) this.#declare('enum', Holds.Enum);
        return;
      case Word.namespace:
        if (this.#isNameNext()) this.#declare('namespace', Holds.Statements);
        return;
      case Word.type:
        return this.#type();
      default:
        if (frame.holds === Holds.Statements) this.#topWord(word);
    }
  }

  /** Words that mean something between the statements of a file or a namespace only. */
  #topWord(word: number): void {
    switch (word) {
      case Word.const:
      case Word.let:
      case Word.var:
        return this.#variables(word);
      case Word.import:
        return this.#import();
      case Word.export:
        this.#modify();
        this.#isExport = true;
        return;
      case Word.default:
        return this.#default();
      case Word.module:
        if (this.#isNameNext() || this.#isQuoteNext()) this.#declare('namespace', Holds.Statements);
        return;
      case Word.global:
        if (this.#peek() === OPEN_BRACE) this.#declareGlobal();
        return;
      default:
    }
  }

  #modify(): void {
    const tokens = this.#tokens;
    if (!this.#isModified()) {
      this.#modifiersStart = tokens.start;
      this.#isExport = false;
      this.#isDefault = false;
    }
    this.#modifiersEnd = tokens.end;
  }

  #isModified(): boolean {
    return this.#modifiersEnd === this.#tokens.previousEnd;
  }

  #isExportStar(): boolean {
    return this.#frame.mode === Mode.Idle && this.#isModified() && this.#isExport;
  }

  #declare(kind: SymbolKind, body: number): void {
    const frame = this.#frame;
    const isModified = this.#isModified();
    frame.mode = Mode.Naming;
    frame.kind = kind;
    frame.body = body;
    frame.start = isModified ? this.#modifiersStart : this.#tokens.start;
    frame.exported = isModified && this.#isExport;
    frame.isDefault = isModified && this.#isDefault;
  }

  /** False when the token is not the declaration's name, and has still to be read as what it is. */
  #isName(kind: number): boolean {
    const tokens = this.#tokens;
    const frame = this.#frame;
    if (kind === STAR) return true;
    if (kind === Kind.String && frame.kind === 'namespace') {
      this.#named(textOf(this.#source, tokens.start + 1, tokens.end - 1));
      return true;
    }
    const isNamed = kind === Kind.Name && tokens.word !== Word.extends && tokens.word !== Word.implements;
    if (isNamed && frame.kind === 'namespace') tokens.extend(dottedNameEnd(this.#source, tokens.end));
    if (isNamed && this.#isRightlyFollowed()) this.#named(tokens.text());
    else if (!isNamed && frame.isDefault) this.#named('default');
    else frame.reset();
    return isNamed;
  }

  /** `type`, `interface` and the like are names too, unless what comes next is a declaration. */
  #isRightlyFollowed(): boolean {
    const at = this.#tokens.peek();
    const next = this.#source[at];
    switch (this.#frame.kind) {
      case 'type':
        return next === EQUALS || next === LESS;
      case 'interface':
        return next === OPEN_BRACE || next === LESS || isWordAt(this.#source, 'extends', at);
      case 'enum':
      case 'namespace':
        return next === OPEN_BRACE;
      default:
        return true;
    }
  }

  #named(name: string): void {
    const frame = this.#frame;
    this.#define(name, frame.kind, frame.start, frame.exported);
    frame.mode = frame.kind === 'type' ? Mode.Alias : Mode.Header;
  }

  #type(): void {
    const next = this.#peek();
    if (this.#isNameNext()) this.#declare('type', -1);
    else if (this.#isModified() && (next === OPEN_BRACE || next === STAR)) this.#modify();
  }

  #declareGlobal(): void {
    this.#declare('namespace', Holds.Statements);
    this.#named('global');
  }

  #import(): void {
    const next = this.#peek();
    if (next !== OPEN_PAREN && next !== DOT && next !== COLON) this.#frame.mode = Mode.Module;
  }

  #default(): void {
    if (!this.#isModified() || !this.#isExport) return;
    this.#modify();
    this.#isDefault = true;
    this.#assignTo('default', this.#modifiersStart, true);
  }

  // Variables and assignments: names that wait for their value.

  #variables(word: number): void {
    if (word === Word.const && isWordAt(this.#source, 'enum', this.#tokens.peek())) return this.#modify();
    this.#declare('constant', -1);
    this.#frame.mode = Mode.Binding;
    this.#frame.fallback = 'constant';
  }

  #bind(): void {
    const frame = this.#frame;
    const { start } = this.#tokens;
    frame.names.push({ name: this.#tokens.text(), start: frame.start === -1 ? start : frame.start });
    frame.mode = Mode.Named;
  }

  #nextBinding(): void {
    const frame = this.#frame;
    if (frame.kind !== 'constant' || frame.angles > 0 || (frame.mode !== Mode.Named && frame.mode !== Mode.Value)) return;
    const { exported } = frame;
    this.#endStatement(this.#tokens.previousEnd);
    frame.mode = Mode.Binding;
    frame.fallback = 'constant';
    frame.exported = exported;
  }

  #equals(): void {
    const frame = this.#frame;
    if (frame.mode === Mode.Named && frame.angles === 0) frame.mode = Mode.Start;
    else if (frame.mode === Mode.Binding) frame.reset();
    else if (frame.mode === Mode.Idle || (frame.mode === Mode.Value && frame.isAssigned)) this.#assign();
  }

  /** `exports.parse = …`, `Parser.prototype.next = …`, `module.exports = …`, `export = …`. */
  #assign(): void {
    const tokens = this.#tokens;
    if (tokens.previousKind !== Kind.Name) return;
    if (tokens.previousWord === Word.export) return this.#assignTo('exports', this.#modifiersStart, true);
    const source = this.#source;
    const end = tokens.previousEnd;
    const chain = chainStart(source, end);
    const isExports = isWordAt(source, 'exports', chain) || isWordAt(source, 'module.exports', chain);
    const isTop = this.#frame.holds === Holds.Statements && source[tokens.previousStart - 1] === DOT && !isWordAt(source, 'this', chain);
    if (!isExports && !isTop && !startsWith(source, '.prototype.', tokens.previousStart - '.prototype.'.length)) return;
    const start = assignmentStart(source, end);
    if (start !== -1) this.#assignTo(textOf(source, chain, end), start, isExports);
  }

  #assignTo(target: string, start: number, exported: boolean): void {
    const frame = this.#frame;
    frame.mode = Mode.Start;
    frame.kind = 'function';
    frame.names.push({ name: target, start });
    frame.exported = exported;
    frame.isAssigned = true;
  }

  #beginValue(kind: number): void {
    const tokens = this.#tokens;
    const frame = this.#frame;
    frame.mode = Mode.Value;
    if (kind === Kind.Name) return this.#beginWithName();
    if (kind === OPEN_PAREN) {
      frame.mode = Mode.Parameters;
    } else if (kind === LESS) {
      const end = tokens.typesEnd(tokens.start, true);
      if (end === -1) return this.#settle(frame.fallback);
      tokens.extend(end);
      frame.mode = Mode.Start;
    } else if (kind === AT && frame.isAssigned) {
      frame.reset();
    } else {
      if (kind === OPEN_BRACE && frame.isAssigned && isWholeExports(frame.names[0]?.name)) frame.body = Holds.Exports;
      this.#settle(frame.fallback);
    }
  }

  #beginWithName(): void {
    const { word } = this.#tokens;
    const frame = this.#frame;
    const at = this.#tokens.peek();
    const next = this.#source[at];
    const isAsyncFunction = word === Word.async && isWordAt(this.#source, 'function', at);
    if (this.#isDefault && this.#isModified() && (isAsyncFunction || isDeclaring(word))) return frame.reset();
    if (word === Word.function || isAsyncFunction) return this.#settle(this.#functionKind());
    if (word === Word.class) return this.#beginClass();
    if (word === Word.async && (next === OPEN_PAREN || next === LESS || isEcmaScriptNameStart(next))) {
      frame.mode = Mode.Start;
    } else if (next === EQUALS && this.#source[at + 1] === GREATER) {
      this.#settle(this.#functionKind());
    } else if (word === Word.require && next === OPEN_PAREN && frame.kind === 'constant') {
      // `const fs = require('fs')` imports a name; it defines nothing.
      frame.names.length = 0;
    } else {
      if (frame.isAssigned && frame.exported && this.#isWholeValue()) this.#exportedNames.add(this.#tokens.text());
      this.#settle(frame.fallback);
    }
  }

  #beginClass(): void {
    const frame = this.#frame;
    this.#settle(frame.holds === Holds.Class ? frame.fallback : 'class');
    if (frame.holds !== Holds.Class && frame.handles.length > 0) frame.body = Holds.Class;
  }

  #functionKind(): SymbolKind {
    return this.#frame.holds === Holds.Class ? 'method' : 'function';
  }

  /** The value has shown what the pending names are; null: no definitions. */
  #settle(kind: SymbolKind | null): void {
    const frame = this.#frame;
    const { names, exported } = frame;
    const [first] = names;
    if (first !== undefined && kind !== null) {
      if (frame.isAssigned) this.#settleTarget(first, kind);
      else if (names.length === 1) this.#define(first.name, kind, first.start, exported);
      else for (const { name, start } of names) this.#define(name, 'constant', start, exported);
    }
    names.length = 0;
  }

  #settleTarget({ name: target, start }: Pending, kind: SymbolKind): void {
    const { exported } = this.#frame;
    if (target === 'default') return this.#define('default', kind, start, true);
    if (isWholeExports(target)) return this.#define(this.#ownName() ?? 'exports', kind, start, exported);
    const path = target
      .replace(/^(?:module\.)?exports\./u, '')
      .replaceAll('.prototype', '')
      .split('.');
    const name = path.pop()!;
    if (path.length === 0) return this.#define(name, kind, start, exported);
    const scope: Scope = { path: path.join('.'), exported: false, root: path[0]! };
    this.#define(name, kind === 'function' ? 'method' : kind, start, false, scope);
  }

  /** Of `function name` or `class name` in an expression. */
  #ownName(): string | undefined {
    const source = this.#source;
    if (this.#tokens.kind !== Kind.Name) return undefined;
    let at = this.#tokens.peek();
    if (this.#tokens.word === Word.async) at = skipBlanks(source, at + 'function'.length);
    if (source[at] === STAR) at = skipBlanks(source, at + 1);
    const name = textOf(source, at, skipEcmaScriptName(source, at));
    return name === '' || name === 'extends' || !isEcmaScriptNameStart(source[at]) ? undefined : name;
  }

  // Members of classes and interfaces.

  #member(kind: number): void {
    const frame = this.#frame;
    switch (kind) {
      case Kind.Name:
      case Kind.String:
      case Kind.Number:
        return this.#memberName(kind);
      case SEMICOLON:
        return this.#endStatement(this.#tokens.start);
      case COMMA:
        if (frame.holds === Holds.Interface && frame.angles === 0) this.#endStatement(this.#tokens.start);
        return;
      case COLON:
        if (frame.mode === Mode.Named) frame.typed = true;
        return;
      case EQUALS:
        if (frame.mode === Mode.Named && frame.angles === 0) frame.mode = Mode.Start;
        return;
      case STAR:
        if (this.#mayBeNamed()) this.#awaitName();
        return;
      case AT:
        if (this.#mayBeNamed()) this.#decorate();
        return;
      default:
    }
  }

  /** A name after a name on the same line: the one before was a modifier. */
  #mayBeNamed(): boolean {
    const { mode, typed } = this.#frame;
    return mode === Mode.Idle || mode === Mode.Decorator || (mode === Mode.Named && !typed);
  }

  #memberName(kind: number): void {
    const tokens = this.#tokens;
    const frame = this.#frame;
    const isOfDecorator = frame.mode === Mode.Decorator && (tokens.previousKind === AT || tokens.previousKind === DOT);
    if (isOfDecorator || !this.#mayBeNamed()) return;
    this.#awaitName();
    const isQuoted = kind === Kind.String ? 1 : 0;
    this.#nameMember(textOf(this.#source, tokens.start + isQuoted, tokens.end - isQuoted));
    frame.nameWord = tokens.word;
  }

  /** Keeps where the member starts, and turns a name that was none into a modifier. */
  #awaitName(): void {
    const frame = this.#frame;
    if (frame.mode === Mode.Named) {
      frame.isStatic ||= frame.nameWord === Word.static;
      frame.isReadonly ||= frame.nameWord === Word.readonly;
      frame.isPrivate ||= frame.nameWord === Word.private || frame.nameWord === Word.protected;
    }
    if (frame.start === -1) frame.start = this.#tokens.start;
    frame.names.length = 0;
    frame.nameWord = Word.None;
    frame.nameStart = this.#tokens.start;
    frame.mode = Mode.Idle;
  }

  #decorate(): void {
    const frame = this.#frame;
    const hasModifiers = frame.mode === Mode.Named;
    if (hasModifiers) this.#awaitName();
    frame.mode = Mode.Decorator;
  }

  #nameMember(name: string): void {
    const frame = this.#frame;
    frame.names.push({ name, start: frame.start });
    frame.mode = Mode.Named;
    frame.typed = false;
    frame.angles = 0;
    if (name.startsWith('#')) frame.isPrivate = true;
    frame.fallback = frame.isStatic && frame.isReadonly ? 'constant' : null;
    frame.exported = frame.scope.exported && !frame.isPrivate;
  }

  /** At the `(` or `<` that makes a member a method; a call signature has no name, a construct signature only `new`. */
  #beginMethod(): void {
    const frame = this.#frame;
    const isInterface = frame.holds === Holds.Interface;
    if (frame.mode === Mode.Named && !frame.typed) {
      if (!isInterface || frame.nameWord !== Word.new) this.#settle('method');
      frame.body = Holds.Anything;
    } else if (!isInterface || frame.mode !== Mode.Idle) return;
    frame.mode = Mode.Header;
    frame.names.length = 0;
  }

  // Brackets.

  #open(kind: number): void {
    const frame = this.#frame;
    let holds: number = Holds.Anything;
    let isBody = false;
    if (kind === OPEN_BRACE) {
      if (frame.body !== -1 && this.#isBody()) {
        holds = frame.body;
        isBody = frame.mode === Mode.Header;
        frame.body = -1;
      } else holds = this.#holdsOfBrace();
    } else if (frame.holds === Holds.Class || frame.holds === Holds.Interface) this.#openInMember(kind);
    else if (kind === OPEN_BRACKET && this.#isPatternNext(kind)) holds = Holds.ArrayPattern;
    this.#push(holds, kind, isBody);
  }

  /** A `{` after an operand opens the body; after `:`, `|`, `<`… it opens a type. */
  #isBody(): boolean {
    const { before, previousKind, previousWord } = this.#tokens;
    if (this.#frame.body === Holds.Exports) return true;
    return (before !== Wants.Expression || previousKind === GREATER) && previousWord !== Word.is && previousWord !== Word.keyof;
  }

  #holdsOfBrace(): number {
    const frame = this.#frame;
    if (this.#isPatternNext(OPEN_BRACE)) return Holds.Pattern;
    if (frame.mode === Mode.Idle && this.#isModified() && this.#isExport && frame.holds === Holds.Statements) {
      frame.mode = Mode.Module;
      return Holds.Exports;
    }
    // `static {`
    if (frame.holds === Holds.Class && frame.mode === Mode.Named && !frame.typed) frame.reset();
    return Holds.Anything;
  }

  #isPatternNext(kind: number): boolean {
    const { holds, mode } = this.#frame;
    if (mode === Mode.Binding) return true;
    if (holds === Holds.ArrayPattern) return mode === Mode.Idle;
    return holds === Holds.Pattern && mode === Mode.Idle && (kind === OPEN_BRACE || this.#tokens.previousKind === COLON);
  }

  #openInMember(kind: number): void {
    if (kind === OPEN_PAREN) {
      this.#beginMethod();
    } else if (this.#mayBeNamed()) {
      this.#awaitName();
      this.#frame.mode = Mode.ComputedName;
    }
  }

  #less(): void {
    const tokens = this.#tokens;
    const frame = this.#frame;
    // Already taken as the parameters of a generic arrow function.
    if (frame.mode === Mode.Start) return;
    if (frame.holds === Holds.Class || frame.holds === Holds.Interface) this.#beginMethod();
    const isValue = frame.mode === Mode.Value || frame.mode === Mode.Decorator;
    if (frame.mode === Mode.Idle) return;
    if (!isValue || frame.body !== -1 || tokens.before !== Wants.Operator) frame.angles += 1;
    else if (frame.holds !== Holds.Anything) {
      // `list<T = string>(` is written tightly, `a < b, c = d > (e)` is not.
      const end = tokens.typesEnd(tokens.start, !isBlank(this.#source[tokens.start - 1]));
      if (end !== -1 && mayFollowTypeArguments(this.#source, end)) tokens.extend(end);
    }
  }

  #push(holds: number, bracket: number, isBody: boolean): void {
    const parent = this.#frame;
    if (this.#depth === DEEPEST) {
      this.#beyond += 1;
      return;
    }
    this.#depth += 1;
    let frame = this.#frames[this.#depth];
    if (frame === undefined) this.#frames.push((frame = new Frame(TOP)));
    frame.open(holds, bracket, parent.inner);
    frame.isBody = isBody;
    frame.declaring = parent.mode === Mode.Binding ? parent : parent.declaring;
    this.#frame = frame;
  }

  #pop(): Frame {
    const frame = this.#frame;
    this.#endStatement(this.#tokens.previousEnd);
    this.#depth -= 1;
    this.#frame = this.#frames[this.#depth]!;
    return frame;
  }

  #close(kind: number): void {
    if (this.#beyond > 0) {
      this.#beyond -= 1;
      return;
    }
    const opener = kind === CLOSE_PAREN ? OPEN_PAREN : kind - 2;
    while (this.#depth > 0 && this.#frame.bracket !== opener) this.#pop();
    if (this.#depth === 0) return;
    if (this.#frame.holds === Holds.Exports) this.#closeExports();
    const { isBody, holds } = this.#pop();
    const frame = this.#frame;
    if (isBody) this.#endStatement(this.#tokens.start);
    else if (frame.mode === Mode.Parameters && kind === CLOSE_PAREN) this.#closeParameters();
    else if (frame.mode === Mode.ComputedName && kind === CLOSE_BRACKET)
      this.#nameMember(textOf(this.#source, frame.nameStart, this.#tokens.end));
    else if (holds === Holds.Pattern || holds === Holds.ArrayPattern) frame.mode = Mode.Named;
  }

  #closeParameters(): void {
    const at = this.#tokens.peek();
    const next = this.#source[at];
    const isArrow = next === COLON || (next === EQUALS && this.#source[at + 1] === GREATER);
    this.#frame.mode = Mode.Value;
    this.#settle(isArrow ? this.#functionKind() : this.#frame.fallback);
  }

  // Enums, patterns and lists of exports.

  #enumItem(kind: number): void {
    const frame = this.#frame;
    if (kind === COMMA) this.#endStatement(this.#tokens.previousEnd);
    else if (frame.mode === Mode.Idle && (kind === Kind.Name || kind === Kind.String)) {
      const isQuoted = kind === Kind.String ? 1 : 0;
      const name = textOf(this.#source, this.#tokens.start + isQuoted, this.#tokens.end - isQuoted);
      this.#define(name, 'constant', this.#tokens.start, frame.scope.exported);
      frame.mode = Mode.Value;
    }
  }

  #patternItem(kind: number): void {
    const frame = this.#frame;
    if (kind === COMMA) frame.mode = Mode.Idle;
    else if (kind === EQUALS) frame.mode = Mode.Value;
    else if (kind === COLON && frame.mode === Mode.Named) frame.mode = Mode.Idle;
    else if (frame.mode === Mode.Idle && (kind === Kind.Name || kind === Kind.String || kind === Kind.Number)) {
      const isKey = frame.holds === Holds.Pattern && this.#peek() === COLON;
      if (!isKey && kind === Kind.Name) frame.declaring.names.push({ name: this.#tokens.text(), start: this.#tokens.start });
      frame.mode = Mode.Named;
    }
  }

  /** `{ a, type B, c as d }`, and `{ a, b: c, d() {} }` for CommonJS. */
  #exportItem(kind: number): void {
    const { previousKind, previousWord } = this.#tokens;
    const isFirst = previousKind === OPEN_BRACE || previousKind === COMMA || previousKind === COLON || previousWord === Word.type;
    if (kind !== Kind.Name || !isFirst) return;
    const next = this.#peek();
    if (next !== COLON && next !== OPEN_PAREN) this.#frame.names.push({ name: this.#tokens.text(), start: 0 });
  }

  #closeExports(): void {
    const parent = this.#frames[this.#depth - 1]!;
    const isFrom = parent.mode === Mode.Module && isWordAt(this.#source, 'from', this.#tokens.peek());
    if (!isFrom && parent.scope.path === null) for (const { name } of this.#frame.names) this.#exportedNames.add(name);
    this.#frame.names.length = 0;
    if (!isFrom && parent.mode === Mode.Module) parent.mode = Mode.Idle;
  }

  // Modules.

  #moduleCall(): void {
    const { word } = this.#tokens;
    if (word !== Word.require && word !== Word.import) return;
    const at = this.#tokens.peek();
    if (this.#source[at] === OPEN_PAREN) this.#moduleParen = at;
  }

  #moduleName(): void {
    const tokens = this.#tokens;
    const frame = this.#frame;
    const isArgument = tokens.previousKind === OPEN_PAREN && tokens.previousEnd === this.#moduleParen + 1;
    if (!isArgument && frame.mode !== Mode.Module) return;
    this.#outline.import(textOf(this.#source, tokens.start + 1, tokens.end - 1));
    if (frame.mode === Mode.Module) frame.reset();
  }

  // The end of a statement.

  /** Automatic semicolons: a line that could not go on here ends what came before. */
  #endsAtLine(kind: number): boolean {
    const { before, previousKind, previousWord, word } = this.#tokens;
    const { mode, angles, holds, typed } = this.#frame;
    if (mode === Mode.Naming || mode === Mode.Binding || mode === Mode.Decorator || holds >= Holds.Enum) return false;
    const isValue = mode === Mode.Value;
    // In types, `>` and `void` end what in values they would begin.
    const isOpen = before === Wants.Expression && (isValue || angles > 0 || (previousKind !== GREATER && previousWord !== Word.void));
    if (isOpen) return false;
    switch (kind) {
      case Kind.Name:
        if (mode === Mode.Module) return word !== Word.from && previousWord !== Word.import;
        if (isValue) return word !== Word.in && word !== Word.instanceof && word !== Word.extends;
        return word !== Word.extends && word !== Word.implements && angles === 0;
      case Kind.String:
        return mode !== Mode.Module;
      case Kind.Number:
      case Kind.Regex:
      case Kind.Element:
      case Kind.Increment:
      case AT:
      case BANG:
        return true;
      case OPEN_BRACE:
        return mode !== Mode.Header && mode !== Mode.Module && this.#frame.body === -1;
      case OPEN_BRACKET:
        return !isValue;
      case OPEN_PAREN:
        return mode === Mode.Alias || (mode === Mode.Named && typed) || (mode === Mode.Header && holds === Holds.Interface);
      case STAR:
        return holds === Holds.Class && !isValue;
      default:
        return false;
    }
  }

  #endAtLine(): void {
    this.#endStatement(this.#tokens.previousEnd);
    this.#tokens.beginStatement();
  }

  #endStatement(end: number): void {
    const frame = this.#frame;
    if (frame.names.length > 0) this.#settle(frame.mode === Mode.Start || frame.mode === Mode.Parameters ? null : frame.fallback);
    for (const handle of frame.handles) this.#outline.close(handle, end);
    if (frame.mode !== Mode.Idle || frame.start !== -1) frame.reset();
  }

  #define(name: string, kind: SymbolKind, start: number, exported: boolean, scope = this.#frame.scope): void {
    if (name === '') return;
    const frame = this.#frame;
    const handle = this.#outline.open(name, kind, start, { container: scope.path, exported });
    frame.handles.push(handle);
    const isMember = frame.holds === Holds.Class || frame.holds === Holds.Interface || frame.holds === Holds.Enum;
    const root = scope.path === null ? name : isMember && !frame.isPrivate ? scope.root : null;
    if (!exported && root !== null) this.#mayExport(root, handle);
    if (kind === 'constant' || kind === 'type') return;
    const path = scope.path !== null && scope.path.length > PATH_LIMIT ? scope.path : this.#outline.pathOf(handle);
    frame.inner = { path, exported, root: scope.path === null ? name : null };
  }

  #mayExport(root: string, handle: number): void {
    const handles = this.#exportable.get(root);
    if (handles === undefined) this.#exportable.set(root, [handle]);
    else handles.push(handle);
  }

  // What comes next.

  #peek(): number | undefined {
    return this.#source[this.#tokens.peek()];
  }

  /** Nothing follows this name on its line but the end of the statement, or an assertion of its type. */
  #isWholeValue(): boolean {
    const source = this.#source;
    const at = skipBlanks(source, this.#tokens.end);
    const next = source[at];
    return (
      next === undefined ||
      next === 10 ||
      next === 13 ||
      next === SEMICOLON ||
      next === COMMA ||
      next === CLOSE_BRACE ||
      isWordAt(source, 'as', at) ||
      isWordAt(source, 'satisfies', at)
    );
  }

  #isNameNext(): boolean {
    return isEcmaScriptNameStart(this.#source[skipBlanks(this.#source, this.#tokens.end)]);
  }

  #isQuoteNext(): boolean {
    const next = this.#source[skipBlanks(this.#source, this.#tokens.end)];
    return next === 34 || next === 39;
  }
}

function isDeclaring(word: number): boolean {
  return word === Word.function || word === Word.class || word === Word.abstract || word === Word.interface || word === Word.enum;
}

function isWholeExports(target: string | undefined): boolean {
  return target === 'module.exports' || target === 'exports';
}
