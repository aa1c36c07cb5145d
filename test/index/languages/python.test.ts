import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeLanguage } from './contract.ts';
import python from '../../../src/index/languages/python.ts';

describeLanguage(python, 'python.py', {
  symbols: [
    ['__all__', 'constant', null, 9, 9, false],
    ['VERSION', 'constant', null, 11, 11, true],
    ['count', 'constant', null, 11, 11, false],
    ['first', 'constant', null, 12, 14, false],
    ['second', 'constant', null, 12, 14, false],
    ['third', 'constant', null, 12, 14, false],
    ['fourth', 'constant', null, 12, 14, false],
    ['c', 'constant', null, 15, 15, false],
    ['half', 'function', null, 20, 20, false],
    ['DEBUG', 'constant', null, 21, 21, false],
    ['fast', 'constant', null, 24, 24, false],
    ['in_loop', 'function', null, 27, 27, false],
    ['text', 'constant', null, 29, 29, false],
    ['raw', 'constant', null, 30, 32, false],
    ['continued', 'constant', null, 33, 34, false],
    ['Shape', 'class', null, 40, 68, true],
    ['LIMIT', 'constant', 'Shape', 42, 42, true],
    ['SIDES', 'constant', 'Shape', 44, 44, true],
    ['_HIDDEN', 'constant', 'Shape', 44, 44, false],
    ['__init__', 'method', 'Shape', 46, 52, true],
    ['helper', 'function', 'Shape.__init__', 49, 49, false],
    ['Local', 'class', 'Shape.__init__', 51, 52, false],
    ['run', 'method', 'Shape.__init__.Local', 52, 52, false],
    ['area', 'method', 'Shape', 55, 64, true],
    ['Inner', 'class', 'Shape', 66, 66, true],
    ['A', 'constant', 'Shape.Inner', 66, 66, true],
    ['_private', 'method', 'Shape', 68, 68, false],
    ['area', 'function', null, 71, 71, true],
    ['split_name', 'function', null, 72, 75, false],
    ['fetch', 'function', null, 77, 79, false],
    ['Alias', 'type', null, 80, 80, false],
    ['type', 'constant', null, 81, 81, false],
    ['match', 'constant', null, 82, 82, false],
    ['MATCHED', 'constant', null, 85, 85, false],
  ],
  imports: ['os.path', 'sys', 'json', '.', '..package.module', 'fast'],
});

describe('python: small print', () => {
  const symbolsOf = (text: string): [string, number, boolean][] =>
    python.scan(Buffer.from(text)).symbols.map(({ name, endLine, exported }) => [name, endLine, exported]);

  it('reads f-strings whose fields hold their own quotes', () => {
    deepEqual(symbolsOf('a = f"{b["c"]} {f\'{"}"}\'}"\ndef d(): pass'), [
      ['a', 1, true],
      ['d', 2, true],
    ]);
    deepEqual(symbolsOf('a = f"{b:{c}}{d!r:%H:%M}"; e = 1'), [
      ['a', 1, true],
      ['e', 1, true],
    ]);
  });

  it('ends a statement at the line, not at what the next line begins with', () => {
    deepEqual(symbolsOf('a(b)\n(c, d) = e\nf[0]\n[g] = h'), [
      ['c', 2, true],
      ['d', 2, true],
      ['g', 4, true],
    ]);
  });

  it('goes by underscores when `__all__` is computed', () => {
    deepEqual(symbolsOf('__all__ = a + b\n_c = 1\nd = 2'), [
      ['__all__', 1, true],
      ['_c', 2, false],
      ['d', 3, true],
    ]);
  });

  it('measures tabs, and ends a block at its last statement', () => {
    deepEqual(symbolsOf('class A:\n\tdef b(self):\n        \tpass\n\n\n# end\nc = 1\r\n'), [
      ['A', 3, true],
      ['b', 3, true],
      ['c', 7, true],
    ]);
  });
});
