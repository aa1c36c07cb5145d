// SQL of any dialect: what CREATE makes. Dialects disagree about quoting, so the rules here are those that hold
// for most files: a routine's body ends with its block, a `CREATE` in the first column always begins anew.
import { Keywords } from '../scanning/keywords.ts';
import type { Language, Scan, SymbolKind } from './language.ts';
import { endOfLine, isNamePart, isNameStart, isSpace, Outline, startsWith, textOf } from '../scanning/outline.ts';

export default {
  name: 'sql',
  extensions: ['.sql', '.psql', '.pgsql', '.ddl'],
  scan: (source) => new SqlScanner(source).run(),
} satisfies Language;

const KINDS = {
  table: 'class',
  view: 'class',
  type: 'type',
  domain: 'type',
  function: 'function',
  procedure: 'function',
  proc: 'function',
  aggregate: 'function',
  macro: 'function',
  trigger: 'function',
  index: 'constant',
  sequence: 'constant',
  schema: 'namespace',
  database: 'namespace',
  package: 'namespace',
} as const satisfies Record<string, SymbolKind>;

const OBJECTS = new Keywords(Object.keys(KINDS) as (keyof typeof KINDS)[], { ignoreCase: true });
/** What may stand between CREATE and the object; `=` and its value are passed over too. */
const MODIFIERS = new Keywords(
  [
    'or',
    'replace',
    'alter',
    'global',
    'local',
    'temp',
    'temporary',
    'unlogged',
    'external',
    'foreign',
    'virtual',
    'recursive',
    'materialized',
    'unique',
    'clustered',
    'nonclustered',
    'fulltext',
    'spatial',
    'bitmap',
    'columnstore',
    'primary',
    'xml',
    'constraint',
    'editionable',
    'noneditionable',
    'force',
    'noforce',
    'event',
    'definer',
    'algorithm',
    'sql',
    'security',
    'invoker',
    'undefined',
    'merge',
    'temptable',
    'transient',
    'secure',
    'no',
    'private',
    'public',
    'hybrid',
    'dynamic',
    'iceberg',
  ],
  { ignoreCase: true },
);
const BEFORE_NAME = new Keywords(['if', 'not', 'exists', 'concurrently', 'body', 'authorization', 'only'], { ignoreCase: true });
const WORDS = new Keywords(
  ['create', 'begin', 'end', 'case', 'as', 'is', 'go', 'delimiter', 'grant', 'revoke', 'copy', 'do', 'atomic', 'language'],
  { ignoreCase: true },
);
const AFTER_END = new Keywords(['if', 'loop', 'while', 'repeat', 'for'], { ignoreCase: true });
const TRANSACTION = new Keywords(['transaction', 'tran', 'work', 'isolation', 'deferred', 'immediate', 'exclusive'], { ignoreCase: true });
/** After `AS` these begin a body of plain statements; any other word begins PL/SQL's declarations. */
const STATEMENTS = new Keywords(
  [
    'begin',
    'select',
    'with',
    'insert',
    'update',
    'delete',
    'merge',
    'set',
    'declare',
    'exec',
    'execute',
    'if',
    'return',
    'values',
    'table',
    'enum',
    'range',
    'external',
    'language',
    'assignment',
    'implicit',
    'print',
    'truncate',
    'call',
    'object',
    'varray',
  ],
  { ignoreCase: true },
);

class SqlScanner {
  readonly #source: Uint8Array;
  readonly #outline: Outline;
  #at: number;
  #statementStart = -1;
  #firstWord: string | undefined;
  #handle = -1;
  #isRoutine = false;
  /** Open BEGIN and CASE of a routine. */
  #blocks = 0;
  #awaitsBegin = false;
  #parentheses = 0;
  #lastContent = 0;
  /** Of the mysql client: `DELIMITER $$`. */
  #delimiter: string | null = null;
  /** A `$tag$` of a DO block, whose content is read like any other statement. */
  #openTag: string | null = null;
  #escapes = false;
  #nests = true;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#outline = new Outline(source);
    this.#at = startsWith(source, '\u00ef\u00bb\u00bf', 0) ? 3 : 0;
  }

  run(): Scan {
    while (this.#at < this.#source.length) this.#step(this.#source[this.#at]!);
    this.#endStatement();
    return this.#outline.finish();
  }

  #step(byte: number): void {
    const source = this.#source;
    const next = source[this.#at + 1];
    if (isSpace(byte)) this.#at += 1;
    else if (byte === 45 && next === 45) this.#at = endOfLine(source, this.#at);
    else if (byte === 47 && next === 42) this.#comment();
    else if (this.#delimiter !== null && startsWith(source, this.#delimiter, this.#at)) this.#custom(this.#delimiter);
    else if (this.#statementStart === -1 && (byte === 92 || byte === 35 || byte === 46 || byte === 58)) this.#clientCommand();
    else this.#token(byte);
  }

  #token(byte: number): void {
    const start = this.#at;
    if (this.#statementStart === -1) this.#statementStart = start;
    if (isNameStart(byte)) this.#word();
    else if (byte === 39) this.#string();
    else if (byte === 34 || byte === 96) this.#quotedName(byte);
    else if (byte === 36) this.#dollar();
    else if (byte === 59) this.#semicolon();
    else if (byte === 47 && this.#isAlone(start, start + 1)) this.#endStatement(start);
    else this.#symbol(byte);
    this.#lastContent = Math.max(this.#lastContent, this.#at - 1);
  }

  #symbol(byte: number): void {
    if (byte === 40) this.#parentheses += 1;
    if (byte === 41 && this.#parentheses > 0) this.#parentheses -= 1;
    this.#at += 1;
    if (byte >= 48 && byte <= 57) this.#at = this.#wordEnd(this.#at);
  }

  #wordEnd(from: number): number {
    const isDollarPart = this.#delimiter === null;
    let at = from;
    while (isNamePart(this.#source[at]) || (isDollarPart && this.#source[at] === 36)) at += 1;
    return at;
  }

  #word(): void {
    const start = this.#at;
    const end = this.#wordEnd(start);
    this.#at = end;
    const quote = this.#source[end] === 39 ? this.#source[start]! | 32 : 0;
    if (quote === 113 && end - start === 1) return this.#oracleString();
    if (quote === 101 && end - start === 1) return this.#escapedString();
    const word = WORDS.at(this.#source, start, end);
    if (start === this.#statementStart) this.#firstWord = word;
    if (word !== undefined) this.#keyword(word, start, end);
  }

  #keyword(word: string, start: number, end: number): void {
    const isFirstColumn = start === 0 || this.#source[start - 1] === 10;
    if (word === 'create') this.#createWord(start, isFirstColumn);
    else if (word === 'go' && this.#isAlone(start, end)) this.#endStatement(start);
    else if (word === 'delimiter' && start === this.#statementStart) this.#delimiterLine(end);
    else if (this.#isRoutine) this.#routineWord(word, end);
  }

  #createWord(start: number, isFirstColumn: boolean): void {
    if (this.#firstWord === 'grant' || this.#firstWord === 'revoke') return;
    if (isFirstColumn && this.#statementStart !== start) {
      this.#endStatement(start);
      this.#statementStart = start;
      this.#firstWord = 'create';
    }
    if (this.#handle === -1 && this.#parentheses === 0) this.#create(start);
  }

  #routineWord(word: string, end: number): void {
    const after = this.#skipSpace(end);
    if (word === 'end') this.#endBlock(after);
    else if (word === 'case') this.#blocks += 1;
    else if (word === 'begin') this.#beginBlock(after);
    else if ((word === 'as' || word === 'is') && this.#parentheses === 0 && this.#blocks === 0) this.#declarations(after);
    else if (word === 'language') this.#awaitsBegin = false;
  }

  #beginBlock(after: number): void {
    const isTransaction = TRANSACTION.at(this.#source, after, this.#wordEnd(after)) !== undefined || this.#source[after] === 59;
    if (isTransaction) return;
    this.#blocks += 1;
    this.#awaitsBegin = false;
  }

  #endBlock(after: number): void {
    const next = this.#wordEnd(after);
    if (AFTER_END.at(this.#source, after, next) !== undefined) this.#at = next;
    else if (this.#blocks > 0) this.#blocks -= 1;
    if (WORDS.at(this.#source, after, next) === 'case') this.#at = next;
  }

  #declarations(after: number): void {
    if (!isNameStart(this.#source[after])) return;
    this.#awaitsBegin = STATEMENTS.at(this.#source, after, this.#wordEnd(after)) === undefined;
  }

  #create(start: number): void {
    const source = this.#source;
    let isTemporary = false;
    let at = this.#at;
    for (;;) {
      at = this.#skipNoise(at);
      const end = this.#wordEnd(at);
      const object = OBJECTS.at(source, at, end);
      if (object !== undefined) return this.#object(object, start, end, isTemporary);
      const modifier = MODIFIERS.at(source, at, end);
      if (modifier === undefined) return;
      isTemporary ||= modifier === 'temp' || modifier === 'temporary';
      at = source[this.#skipNoise(end)] === 61 ? this.#afterValue(this.#skipNoise(end) + 1) : end;
    }
  }

  /** ``DEFINER = `root`@`localhost` `` */
  #afterValue(from: number): number {
    let at = this.#skipSpace(from);
    while (at < this.#source.length && !isSpace(this.#source[at]) && this.#source[at] !== 42) at += 1;
    return at;
  }

  #object(object: keyof typeof KINDS, start: number, from: number, isTemporary: boolean): void {
    const source = this.#source;
    let at = this.#skipNoise(from);
    for (;;) {
      const end = this.#wordEnd(at);
      const word = BEFORE_NAME.at(source, at, end);
      if (word === undefined || (word === 'body' && object !== 'package' && object !== 'type')) break;
      at = this.#skipNoise(end);
    }
    const { parts, end } = this.#name(at);
    const name = parts.at(-1);
    if (name === undefined || name === '' || (object === 'index' && parts.length === 1 && /^on$/i.test(name) && source[at] !== 34)) return;
    this.#at = end;
    this.#handle = this.#outline.open(name, KINDS[object], start, {
      container: parts.length > 1 ? parts.slice(0, -1).join('.') : null,
      exported: !isTemporary && !name.startsWith('#'),
    });
    this.#isRoutine = KINDS[object] === 'function' || object === 'package';
    this.#blocks = object === 'package' ? 1 : 0;
  }

  /** `schema."the table"`, `[dbo].[x]`, `` `db`.`t` `` */
  #name(from: number): { parts: string[]; end: number } {
    const source = this.#source;
    const parts: string[] = [];
    let at = from;
    for (;;) {
      const start = at;
      at = this.#namePart(at);
      if (at === start) return { parts, end: at };
      const isQuoted = source[start] === 34 || source[start] === 91 || source[start] === 96;
      parts.push(isQuoted ? unquote(textOf(source, start, Math.min(at, start + 500))) : textOf(source, start, at));
      const dot = this.#skipSpace(at);
      if (source[dot] !== 46 || parts.length > 3) return { parts, end: at };
      at = this.#skipSpace(dot + 1);
    }
  }

  #namePart(start: number): number {
    const source = this.#source;
    const byte = source[start];
    if (byte === 34 || byte === 96) return afterQuote(source, start + 1, byte);
    if (byte === 91) return afterQuote(source, start + 1, 93);
    let at = start;
    while (source[at] === 35 || source[at] === 64) at += 1;
    if (!isNameStart(source[at])) return start;
    while (isNamePart(source[at]) || source[at] === 36 || source[at] === 35) at += 1;
    return at;
  }

  #semicolon(): void {
    this.#at += 1;
    if (this.#delimiter !== null) return;
    if (this.#isRoutine && (this.#blocks > 0 || this.#awaitsBegin)) return;
    // Parentheses that never closed: a statement does not end in one, but a broken file must.
    if (this.#parentheses > 0 && !isLineEnd(this.#source, this.#at)) return;
    const isCopy = this.#firstWord === 'copy';
    this.#lastContent = this.#at - 1;
    this.#endStatement();
    if (isCopy) this.#copyData();
  }

  #custom(delimiter: string): void {
    this.#endStatement();
    this.#at += delimiter.length;
  }

  /** Closes the open definition; with `next`, another statement is known to begin there. */
  #endStatement(next?: number): void {
    if (next !== undefined) this.#at = Math.max(this.#at, next + 1);
    this.#outline.close(this.#handle, this.#lastContent);
    this.#handle = -1;
    this.#statementStart = -1;
    this.#firstWord = undefined;
    this.#isRoutine = false;
    this.#awaitsBegin = false;
    this.#blocks = 0;
    this.#parentheses = 0;
  }

  /** pg_dump: rows follow `COPY … FROM stdin;` up to a line with `\.` */
  #copyData(): void {
    const line = endOfLine(this.#source, this.#at);
    if (!/\bfrom\s+stdin\b/i.test(textOf(this.#source, Math.max(0, line - 500), line))) return;
    for (let at = line + 1; at < this.#source.length; at = endOfLine(this.#source, at) + 1) {
      this.#at = at;
      if (this.#source[at] === 92 && this.#source[at + 1] === 46) break;
    }
    this.#at = endOfLine(this.#source, this.#at);
  }

  /** A line for psql, sqlcmd, sqlite3 or mysql, of which only inclusion matters. */
  #clientCommand(): void {
    const start = this.#at;
    if (!isLineStart(this.#source, start)) {
      this.#at += 1;
      return;
    }
    const end = endOfLine(this.#source, start);
    const line = textOf(this.#source, start, Math.min(end, start + 500));
    const file = /^(?:\\(?:i|ir|include|include_relative)|:r|\.read)\s+['"]?([^'"\r]+?)['"]?\s*$/.exec(line);
    if (file !== null) this.#outline.import(file[1]!);
    this.#at = end;
  }

  #delimiterLine(end: number): void {
    const line = endOfLine(this.#source, end);
    const delimiter = textOf(this.#source, end, Math.min(line, end + 50)).trim();
    this.#endStatement();
    this.#delimiter = delimiter === ';' || delimiter === '' ? null : delimiter;
    this.#at = line;
  }

  #comment(): void {
    const source = this.#source;
    const start = this.#at;
    // `/*!50001 CREATE … */` is code for MySQL; its end is two bytes that mean nothing here.
    if (source[start + 2] === 33) this.#at = this.#wordEnd(start + 3);
    else this.#at = this.#afterComment(start);
  }

  #afterComment(start: number): number {
    const source = this.#source;
    let depth = 1;
    let first = -1;
    let at = start + 2;
    for (; at < source.length && depth > 0; at += 1) {
      if (source[at] === 42 && source[at + 1] === 47) {
        depth -= 1;
        at += 1;
        if (first === -1) first = at + 1;
        if (!this.#nests) return first;
      } else if (source[at] === 47 && source[at + 1] === 42) {
        depth += 1;
        at += 1;
      }
    }
    // Only some dialects nest comments. One that never closes was of another dialect, and so is the file.
    if (depth === 0 || first === -1) return at;
    this.#nests = false;
    return first;
  }

  #string(): void {
    const source = this.#source;
    let at = this.#at + 1;
    for (; at < source.length; at += 1) {
      if (source[at] === 92 && (source[at + 1] === 92 || this.#escapesQuote(at))) at += 1;
      else if (source[at] === 39 && source[at + 1] === 39) at += 1;
      else if (source[at] === 39) break;
    }
    this.#at = at + 1;
  }

  /** `'it\'s'` is MySQL's; in standard SQL `'\'` is a whole string. */
  #escapesQuote(at: number): boolean {
    if (this.#source[at + 1] !== 39) return false;
    const after = this.#source[at + 2];
    return (
      this.#escapes ||
      !(after === undefined || isSpace(after) || after === 44 || after === 41 || after === 59 || after === 58 || after === 124)
    );
  }

  #escapedString(): void {
    const source = this.#source;
    let at = this.#at + 1;
    while (at < source.length && source[at] !== 39) at += source[at] === 92 ? 2 : 1;
    this.#at = at + 1;
  }

  /** `q'[it's]'` */
  #oracleString(): void {
    const open = this.#source[this.#at + 1];
    const close = open === 91 ? 93 : open === 40 ? 41 : open === 123 ? 125 : open === 60 ? 62 : open;
    let at = this.#at + 2;
    while (at < this.#source.length && !(this.#source[at] === close && this.#source[at + 1] === 39)) at += 1;
    this.#at = at + 2;
  }

  #quotedName(quote: number): void {
    if (quote === 96) this.#escapes = true;
    this.#at = afterQuote(this.#source, this.#at + 1, quote);
  }

  /** `$tag$ … $tag$` is one token, except in DO, whose block may create things. */
  #dollar(): void {
    const source = this.#source;
    let end = this.#at + 1;
    while (isNamePart(source[end])) end += 1;
    if (source[end] !== 36 || (end > this.#at + 1 && !isNameStart(source[this.#at + 1])) || end - this.#at > 64) {
      this.#at += 1;
      return;
    }
    const tag = textOf(source, this.#at, end + 1);
    this.#at = end + 1;
    if (this.#openTag === tag) this.#openTag = null;
    else if (this.#firstWord === 'do') this.#openTag = tag;
    else {
      const close = Buffer.from(source.buffer, source.byteOffset, source.length).indexOf(tag, this.#at, 'latin1');
      this.#at = close === -1 ? source.length : close + tag.length;
    }
  }

  #skipSpace(from: number): number {
    let at = from;
    while (isSpace(this.#source[at])) at += 1;
    return at;
  }

  /** Blanks, comments, and the marks of `/*!50003 … *\/`. */
  #skipNoise(from: number): number {
    const source = this.#source;
    let at = from;
    for (;;) {
      at = this.#skipSpace(at);
      if (startsWith(source, '--', at)) at = endOfLine(source, at);
      else if (startsWith(source, '/*!', at)) at = this.#wordEnd(at + 3);
      else if (startsWith(source, '/*', at)) at = this.#afterComment(at);
      else if (startsWith(source, '*/', at)) at += 2;
      else return at;
    }
  }

  #isAlone(start: number, end: number): boolean {
    return isLineStart(this.#source, start) && isLineEnd(this.#source, end);
  }
}

function isLineStart(source: Uint8Array, start: number): boolean {
  let at = start - 1;
  while (source[at] === 32 || source[at] === 9) at -= 1;
  return at < 0 || source[at] === 10;
}

function isLineEnd(source: Uint8Array, end: number): boolean {
  let at = end;
  while (source[at] === 32 || source[at] === 9 || source[at] === 13) at += 1;
  return at >= source.length || source[at] === 10;
}

/** Offset after the closing quote; a doubled one is part of the name. */
function afterQuote(source: Uint8Array, from: number, quote: number): number {
  let at = from;
  for (; at < source.length; at += 1) {
    if (source[at] !== quote) continue;
    if (source[at + 1] !== quote) return at + 1;
    at += 1;
  }
  return source.length;
}

function unquote(text: string): string {
  const quote = text.at(-1)!;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
