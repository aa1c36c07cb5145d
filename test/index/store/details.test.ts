import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SYMBOL_KINDS, type CodeSymbol } from '../../../src/index/languages/language.ts';
import { packRest, packSymbols, unpackRest, unpackSymbols } from '../../../src/index/store/details.ts';
import { documentOf } from '../../contracts/context-store.ts';

const SYMBOL: fc.Arbitrary<CodeSymbol> = fc
  .record({
    name: fc.string({ unit: 'grapheme' }),
    kind: fc.constantFrom(...SYMBOL_KINDS),
    container: fc.option(fc.constantFrom('A', 'A.b', '', '日本')),
    line: fc.integer({ min: 1, max: 100_000 }),
    length: fc.integer({ min: 0, max: 500 }),
    signature: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    exported: fc.boolean(),
  })
  .map(({ length, ...symbol }) => ({ ...symbol, endLine: symbol.line + length }));

test('symbols come back as they were, and equal ones give equal text', () => {
  fc.assert(
    fc.property(fc.array(SYMBOL, { maxLength: 30 }), (symbols) => {
      assert.deepEqual(unpackSymbols(packSymbols(symbols)), symbols);
      assert.equal(packSymbols(structuredClone(symbols)), packSymbols(symbols));
    }),
  );
});

test('the rest of a document comes back, with a title of its own or with its id as one', () => {
  for (const more of [
    {},
    { title: 'A page', type: 'page', tags: ['a'], imports: ['./b.ts'], metadata: { path_base64: '/w==' } },
  ] as const) {
    const { type, title, imports, tags, metadata, id } = documentOf('a.ts', 'text', more);
    assert.deepEqual(unpackRest(packRest(documentOf('a.ts', 'text', more)), id), { type, title, imports, tags, metadata });
  }
});
