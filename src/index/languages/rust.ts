// Rust: items wherever items may stand, also inside functions. What a macro is given is tokens, not items,
// so it is only lexed; the exception are macros called `cfg_…!`, whose whole use is to wrap items.
import { Blocks, endOfNestedComment, endOfQuoted, endOfQuotedInLine, endOfRaw, skipBlank } from '../scanning/braces.ts';
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan, SymbolKind } from './language.ts';
import { Outline, endOfLine, isNamePart, isNameStart, isSpace, skipName, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'rust',
  extensions: ['.rs'],
  scan: (source) => new RustScanner(source).scan(),
} satisfies Language;

/** At the top and in modules. */
const MODULE = 0;
/** Inside `impl` and `trait`. */
const MEMBERS = 1;
const PUBLIC_MEMBERS = 2;
/** Inside the brackets of a macro or of an attribute. */
const TOKENS = 3;
/** Inside functions and constants, whose own constants are nobody else's business. */
const BODY = 4;

type Modifier = 'pub' | 'unsafe' | 'async' | 'default' | 'auto' | 'safe' | 'extern' | 'const';

const MODIFIERS = new Keywords<Modifier>(['pub', 'unsafe', 'async', 'default', 'auto', 'safe', 'extern', 'const']);
const ITEMS = new Keywords(['fn', 'struct', 'union', 'enum', 'trait', 'impl', 'mod', 'const', 'static', 'type', 'use', 'crate']);
const KIND: Readonly<Record<string, SymbolKind>> = {
  struct: 'class',
  union: 'class',
  enum: 'enum',
  trait: 'interface',
  mod: 'namespace',
  type: 'type',
  const: 'constant',
  static: 'constant',
};
const BEFORE_TARGET = new Keywords(['dyn', 'mut', 'const', 'unsafe', 'extern']);
const RAW_PREFIXES = new Keywords(['r', 'br', 'cr']);
/** A `use` tree multiplies its prefix by its leaves; longer prefixes are cut so that imports stay linear. */
const PREFIX_LIMIT = 200;

class RustScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  readonly #blocks: Blocks;
  #at = 0;
  /** The last byte that is neither blank nor in a comment. */
  #last = -1;
  #isMacroExported = false;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#blocks = new Blocks(this.#outline);
  }

  scan(): Scan {
    const source = this.#source;
    // `#!/usr/bin/env` is a line; `#![attribute]` is not.
    if (startsWith(source, '#!/', 0)) this.#at = endOfLine(source, 0);
    while (this.#at < source.length) {
      const byte = source[this.#at]!;
      if (byte === 32 || byte === 10) this.#at += 1;
      else if (isNameStart(byte)) this.#word();
      else this.#mark(byte);
    }
    this.#blocks.finish(Math.max(this.#last, 0));
    return this.#outline.finish();
  }

  #mark(byte: number): void {
    switch (byte) {
      case 47: // /
        return this.#slash();
      case 34: // "
        return void this.#moveTo(endOfQuoted(this.#source, this.#at, byte));
      case 39: // '
        return this.#quote();
      case 35: // #
        return this.#attribute();
      case 40: // (
      case 91: // [
        this.#blocks.open(byte === 40 ? 41 : 93, this.#inherited());
        break;
      case 123: // {
        this.#openBrace();
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        this.#blocks.close(byte, this.#at);
        break;
      case 59: // ;
        this.#blocks.settle(this.#at);
        break;
      default:
        if (isSpace(byte)) {
          this.#at += 1;
          return;
        }
    }
    this.#moveTo(this.#at + 1);
  }

  #word(): void {
    const source = this.#source;
    const start = this.#at;
    const end = skipName(source, start);
    const byte = source[end];
    if ((byte === 34 || byte === 35) && RAW_PREFIXES.at(source, start, end) !== undefined) return this.#raw(end);
    if (this.#blocks.top.role === TOKENS) return void this.#moveTo(end);
    if (byte === 33 && source[end + 1] !== 61) return this.#macro(start, end);
    if (ITEMS.at(source, start, end) === undefined && MODIFIERS.at(source, start, end) === undefined) return void this.#moveTo(end);
    const isPlace = this.#isItemPlace();
    this.#moveTo(end);
    if (isPlace) this.#item(start);
  }

  /** Elsewhere `const`, `impl`, `type` and `use` mean other things: `*const T`, `-> impl Fn()`, `+ use<'a>`. */
  #isItemPlace(): boolean {
    const byte = this.#source[this.#last];
    return byte === undefined || byte === 59 || byte === 123 || byte === 125 || byte === 93;
  }

  /** Reads modifiers up to the keyword; what turns out not to be an item is left to be scanned as code. */
  #item(start: number): void {
    const source = this.#source;
    let isPublic = this.#blocks.top.role === PUBLIC_MEMBERS;
    let at = start;
    let end = skipName(source, at);
    while (MODIFIERS.at(source, at, end) !== undefined) {
      let next = skipBlank(source, end);
      if (startsWith(source, 'pub', at)) {
        isPublic ||= source[next] !== 40;
        if (source[next] === 40) next = skipBlank(source, endOfVisibility(source, next));
      } else if (source[next] === 34) next = skipBlank(source, endOfQuoted(source, next, 34));
      const after = skipName(source, next);
      if (startsWith(source, 'const', at) && end - at === 5 && !this.#isFunctionAhead(next, after)) break;
      at = next;
      end = after;
    }
    this.#keyword(start, at, end, isPublic);
  }

  #isFunctionAhead(start: number, end: number): boolean {
    const isItem = ITEMS.at(this.#source, start, end);
    return isItem === 'fn' || MODIFIERS.at(this.#source, start, end) !== undefined;
  }

  #keyword(start: number, from: number, end: number, isPublic: boolean): void {
    const keyword = isNameStart(this.#source[from]) ? ITEMS.at(this.#source, from, end) : undefined;
    if (keyword === undefined || (keyword === 'crate' && from === start)) return;
    this.#moveTo(end);
    if (keyword === 'impl') return this.#impl(end);
    if (keyword === 'use' || keyword === 'crate') return this.#use(skipBlank(this.#source, end));
    const name = this.#name(keyword, skipBlank(this.#source, end));
    if (name === null) return;
    const kind = keyword === 'fn' ? (this.#isMember() ? 'method' : 'function') : KIND[keyword]!;
    if (keyword === 'mod' && this.#source[skipBlank(this.#source, this.#at)] === 59) this.#outline.import(`self::${name}`);
    const takesBlock = kind !== 'constant' && kind !== 'type';
    if (kind === 'constant' && (name === '_' || this.#blocks.top.role === BODY)) this.#blocks.ignore();
    else this.#blocks.define({ name, kind, start, exported: isPublic, takesBlock, role: roleOf(keyword, isPublic) });
  }

  /** Null where the keyword did not begin an item: `union.len()`, `static ||`, `const {`. */
  #name(keyword: string, from: number): string | null {
    const source = this.#source;
    let at = from;
    let end = skipName(source, at);
    if (keyword === 'static' && startsWith(source, 'mut', at) && end - at === 3) {
      at = skipBlank(source, end);
      end = skipName(source, at);
    } else if (startsWith(source, 'r#', at)) {
      at += 2;
      end = skipName(source, at);
    }
    const next = source[skipBlank(source, end)];
    const isOther = (KIND[keyword] === 'constant' && next !== 58) || (keyword === 'union' && next !== 123 && next !== 60 && next !== 119);
    if (!isNameStart(source[at]) || isOther) return null;
    this.#moveTo(end);
    return textOf(source, at, end);
  }

  /** The container is the type: the last name of `Type` in `impl<T> Trait<T> for path::Type<T> where …`. */
  #impl(from: number): void {
    const source = this.#source;
    let target: string | null = null;
    let isDone = false;
    let angles = 0;
    let depth = 0;
    let at = skipBlank(source, from);
    for (; at < source.length; at = skipBlank(source, at)) {
      const byte = source[at]!;
      const before = source[this.#last];
      if (isNameStart(byte)) {
        const end = skipName(source, at);
        if (angles === 0 && !isDone) {
          if (isWord(source, 'for', at, end)) target = source[skipBlank(source, end)] === 60 ? target : null;
          else if (isWord(source, 'where', at, end)) isDone = true;
          else if (BEFORE_TARGET.at(source, at, end) === undefined && (target === null || before === 58)) target = textOf(source, at, end);
        }
        at = this.#moveTo(end);
        continue;
      }
      if (byte === 39) {
        this.#at = at;
        this.#quote();
        at = this.#at;
        continue;
      }
      if (byte === 123 && angles <= 0 && depth <= 0) break;
      if (byte === 123 && before !== 60 && before !== 44 && before !== 61) break;
      if (byte === 59 && depth <= 0) break;
      if (byte === 60) angles += 1;
      else if (byte === 62 && before !== 45 && before !== 61) angles -= 1;
      else if (byte === 40 || byte === 91 || byte === 123) depth += 1;
      else if (byte === 41 || byte === 93 || byte === 125) depth -= 1;
      at = this.#moveTo(at + 1);
    }
    this.#at = at;
    if (source[at] === 123) this.#blocks.expect(target ?? '()', MEMBERS);
  }

  /** `a::{b, c::{self, d as e}, f::*}` is a::b, a::c, a::c::d, a::f. */
  #use(from: number): void {
    const source = this.#source;
    const prefixes: string[] = [];
    let path = '';
    let at = from;
    for (; at < source.length; at = skipBlank(source, at)) {
      const byte = source[at]!;
      const prefix = prefixes.at(-1) ?? '';
      if (isNameStart(byte)) {
        const end = skipName(source, at);
        if (source[at - 1] !== 35 && isWord(source, 'as', at, end)) at = skipName(source, skipBlank(source, end));
        else {
          path += textOf(source, at, end);
          at = end;
        }
        continue;
      }
      if (byte === 58 || byte === 42 || byte === 35) path += String.fromCharCode(byte);
      else if (byte === 123) prefixes.push(path.slice(0, PREFIX_LIMIT));
      else if (byte === 44 || byte === 125) {
        if (path !== prefix) this.#outline.import(toModule(path));
        if (byte === 125) prefixes.pop();
        path = prefixes.at(-1) ?? '';
      } else break;
      at += 1;
    }
    if (path !== '') this.#outline.import(toModule(path));
    this.#moveTo(at);
  }

  #macro(start: number, bang: number): void {
    const source = this.#source;
    this.#moveTo(bang + 1);
    const next = skipBlank(source, this.#at);
    if (isWord(source, 'macro_rules', start, bang) && isNameStart(source[next])) {
      const end = this.#moveTo(skipName(source, next));
      const definition = { name: textOf(source, next, end), kind: 'function', start, takesBlock: true, role: TOKENS } as const;
      this.#blocks.define({ ...definition, exported: this.#isMacroExported });
      this.#isMacroExported = false;
      return this.#openTokens(skipBlank(source, end));
    }
    if (source[next] === 123 && startsWith(source, 'cfg_', start)) this.#blocks.open(125, this.#blocks.top.role);
    else if (source[next] === 123) this.#blocks.open(125, TOKENS);
    else return this.#openTokens(next);
    this.#moveTo(next + 1);
  }

  #openTokens(at: number): void {
    const byte = this.#source[at];
    if (byte !== 40 && byte !== 91) return;
    this.#blocks.open(byte === 40 ? 41 : 93, TOKENS);
    this.#moveTo(at + 1);
  }

  #attribute(): void {
    const source = this.#source;
    const at = this.#at + (source[this.#at + 1] === 33 ? 2 : 1);
    this.#moveTo(this.#at + 1);
    if (source[at] !== 91) return;
    if (startsWith(source, 'macro_export', at + 1)) this.#isMacroExported = true;
    this.#blocks.open(93, TOKENS);
    this.#moveTo(at + 1);
  }

  /** `fn f<const N: usize = { 3 }>` and `-> Foo<{ N }>` have braces before their body. */
  #openBrace(): void {
    const before = this.#source[this.#last];
    if (before === 60 || before === 61) this.#blocks.open(125, this.#inherited());
    else this.#blocks.openBody(this.#inherited());
  }

  #inherited(): number {
    const { role, pending } = this.#blocks.top;
    if (role === TOKENS) return TOKENS;
    return pending !== null || this.#isMember() ? BODY : role;
  }

  #isMember(): boolean {
    const { role } = this.#blocks.top;
    return role === MEMBERS || role === PUBLIC_MEMBERS;
  }

  #slash(): void {
    const next = this.#source[this.#at + 1];
    if (next === 47) this.#at = endOfLine(this.#source, this.#at);
    else if (next === 42) this.#at = endOfNestedComment(this.#source, this.#at);
    else this.#moveTo(this.#at + 1);
  }

  /** A character literal, or else a lifetime or label. */
  #quote(): void {
    const at = this.#at + 1;
    const byte = this.#source[at] ?? 0;
    if (byte === 92) return void this.#moveTo(endOfQuotedInLine(this.#source, this.#at, 39));
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    this.#moveTo(this.#source[at + length] === 39 ? at + length + 1 : skipName(this.#source, at));
  }

  /** `r"…"`, `br#"…"#`, or the raw name `r#type`. */
  #raw(from: number): void {
    let at = from;
    while (this.#source[at] === 35) at += 1;
    if (this.#source[at] === 34) this.#moveTo(endOfRaw(this.#source, at + 1, 34, 35, at - from));
    else this.#moveTo(skipName(this.#source, from + 1));
  }

  #moveTo(end: number): number {
    this.#at = end;
    this.#last = end - 1;
    return end;
  }
}

function roleOf(keyword: string, isPublic: boolean): number {
  if (keyword === 'trait') return isPublic ? PUBLIC_MEMBERS : MEMBERS;
  return keyword === 'fn' ? BODY : MODULE;
}

/** Offset after `(crate)` or `(in a::b)`. */
function endOfVisibility(source: Uint8Array, from: number): number {
  let at = from + 1;
  while (isNamePart(source[at]) || isSpace(source[at]) || source[at] === 58) at += 1;
  return source[at] === 41 ? at + 1 : at;
}

function isWord(source: Uint8Array, word: string, start: number, end: number): boolean {
  return end - start === word.length && startsWith(source, word, start);
}

function toModule(path: string): string {
  return path.replace(/::(\*|self)?$/, '');
}
