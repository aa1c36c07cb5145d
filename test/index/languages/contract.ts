// What every scanner promises, run against each: the fixture's exact outline, and calm before any bytes at all.
import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Language, Scan, SymbolKind } from '../../../src/index/languages/language.ts';
import { extent } from '../../extent.ts';

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
      const step = Math.ceil(source.length / extent(1_500, 300));
      for (let end = 0; end < source.length; end += step) expectSound(language, source.slice(0, end));
    });
    const hostile = [...spoiledSources(source), ...(judged.has(language) ? [] : hostileSources())];
    for (const [name, make] of hostile) it(`survives ${name}`, () => expectSound(language, make()));
    judged.add(language);
  });
}

/** A language with several fixtures meets what has nothing of a fixture in it with the first. */
const judged = new Set<Language>();

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

/** A name, and the bytes only when they are wanted: all of them at once are tens of megabytes. */
type Hostile = readonly [name: string, make: () => Uint8Array];

/** Deeper than any stack, and long enough for what is quadratic to hang. */
const DEEP = extent(200_000, 50_000);
const LONG_BYTES = extent(400_000, 100_000);
const LONGEST_BYTES = extent(5_000_000, 1_000_000);

function* spoiledSources(fixture: Uint8Array): Iterable<Hostile> {
  for (let seed = 1; seed <= 20; seed += 1) yield [`the fixture with random bytes in it (${seed})`, () => spoil(fixture, seed)];
  for (const opener of ['"', "'", '`', '"""', "'''", '/*', '//', '<!--', '<<EOF\n', '$tag$', '```\n', 'r#"', '@"', '(*', '=begin\n']) {
    yield [
      `an unterminated ${opener.trim()}`,
      () => Buffer.concat([fixture, Buffer.from(`\n${opener}`), repeated('word (a) [b] {c}; # d\n', LONG_BYTES)]),
    ];
  }
}

function* hostileSources(): Iterable<Hostile> {
  yield ['random bytes', () => noise(extent(200_000, 50_000))];
  for (const bracket of ['(', '{', '[', '<', '${', '$(', '({[', 'a{', '{"a":', '- ', '> ']) {
    yield [`${DEEP} nested ${bracket}`, () => Buffer.from(bracket.repeat(DEEP))];
  }
  yield ['one very long line', () => repeated('x = y ', LONGEST_BYTES)];
  for (const word of ['x', 'x ', 'a=b;', 'f(x){', 'class A{', '\\', '/', '*', '=', ':', '"', "'"]) {
    yield [`one long line made of ${word}`, () => repeated(word, LONG_BYTES)];
  }
}

function repeated(word: string, length: number): Uint8Array {
  return Buffer.from(word.repeat(Math.ceil(length / word.length)));
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
