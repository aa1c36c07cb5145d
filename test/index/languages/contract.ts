// What every scanner promises, run against each: the fixture's exact outline, and calm before any bytes at all.
import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Language, Scan, SymbolKind } from '../../../src/index/languages/language.ts';

/** One expected symbol; the order is that of the file. */
export type Row = readonly [name: string, kind: SymbolKind, container: string | null, line: number, endLine: number, exported: boolean];

export interface Expectation {
  readonly symbols: readonly Row[];
  readonly imports?: readonly string[];
}

/** `fixture` is a file name in `test/index/languages/fixtures/`. */
export function describeLanguage(language: Language, fixture: string, expected: Expectation): void {
  const source = new Uint8Array(readFileSync(new URL(`fixtures/${fixture}`, import.meta.url)));
  describe(`${language.name}: ${fixture}`, () => {
    it('finds every definition of the fixture and nothing else', () => {
      deepEqual(language.scan(source).symbols.map(toRow), expected.symbols);
    });
    it('finds the imports as they are written', () => {
      deepEqual(language.scan(source).imports, expected.imports ?? []);
    });
    it('survives a file cut off anywhere', () => {
      const step = Math.ceil(source.length / 1_500);
      for (let end = 0; end < source.length; end += step) expectSound(language, source.slice(0, end));
    });
    for (const [name, bytes] of hostileSources(source)) {
      it(`survives ${name}`, () => expectSound(language, bytes));
    }
  });
}

function toRow(symbol: Scan['symbols'][number]): Row {
  return [symbol.name, symbol.kind, symbol.container, symbol.line, symbol.endLine, symbol.exported];
}

function expectSound(language: Language, source: Uint8Array): void {
  const lines = countLines(source);
  let previous = 1;
  for (const { name, line, endLine, signature } of language.scan(source).symbols) {
    ok(name !== '' && signature.length <= 200, `${name}: ${signature}`);
    ok(previous <= line && line <= endLine && endLine <= lines, `${name}: ${line}-${endLine} of ${lines} lines`);
    previous = line;
  }
}

function countLines(source: Uint8Array): number {
  let lines = 1;
  for (let at = source.indexOf(10); at !== -1; at = source.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function* hostileSources(fixture: Uint8Array): Iterable<[string, Uint8Array]> {
  yield ['random bytes', noise(200_000)];
  for (let seed = 1; seed <= 20; seed += 1) yield [`the fixture with random bytes in it (${seed})`, spoil(fixture, seed)];
  for (const bracket of ['(', '{', '[', '<', '${', '$(', '({[', 'a{', '{"a":', '- ', '> ']) {
    yield [`200,000 nested ${bracket}`, Buffer.from(bracket.repeat(200_000))];
  }
  yield ['one line of 5 MB', Buffer.from('x = y '.repeat(833_334))];
  for (const word of ['x', 'x ', 'a=b;', 'f(x){', 'class A{', '\\', '/', '*', '=', ':', '"', "'"]) {
    yield [`one long line made of ${word}`, Buffer.from(word.repeat(Math.ceil(400_000 / word.length)))];
  }
  const rest = 'word (a) [b] {c}; # d\n'.repeat(20_000);
  for (const opener of ['"', "'", '`', '"""', "'''", '/*', '//', '<!--', '<<EOF\n', '$tag$', '```\n', 'r#"', '@"', '(*', '=begin\n']) {
    yield [`an unterminated ${opener.trim()}`, Buffer.concat([fixture, Buffer.from(`\n${opener}${rest}`)])];
  }
}

/** Numerical Recipes' generator: the same bytes in every run. */
function noise(length: number, seed = 7): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

function spoil(fixture: Uint8Array, seed: number): Uint8Array {
  const bytes = fixture.slice();
  const random = noise(60, seed);
  for (let at = 0; at < 60; at += 3) {
    bytes[((random[at]! << 8) | random[at + 1]!) % bytes.length] = random[at + 2]!;
  }
  return bytes;
}
