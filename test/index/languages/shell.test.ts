import { deepEqual } from 'node:assert/strict';
import { it } from 'node:test';
import shell from '../../../src/index/languages/shell.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(shell, 'shell.sh', {
  symbols: [
    ['ROOT', 'constant', null, 5, 5, false],
    ['PATH_LIKE', 'constant', null, 6, 6, true],
    ['lower_too', 'constant', null, 6, 6, true],
    ['VERSION', 'constant', null, 7, 7, false],
    ['BUILD', 'constant', null, 7, 7, false],
    ['USAGE', 'constant', null, 8, 10, false],
    ['LIST', 'constant', null, 11, 12, false],
    ['plain', 'function', null, 19, 19, true],
    ['keyword_style', 'function', null, 21, 29, true],
    ['both-styles', 'function', null, 31, 38, true],
    ['nested_here', 'function', 'both-styles', 34, 34, false],
    ['arithmetic', 'function', null, 40, 47, true],
    ['_private', 'function', null, 49, 51, false],
    ['name::space.dotted', 'function', null, 53, 53, true],
    ['EXPORTED_READONLY', 'constant', null, 59, 59, true],
    ['TABLE', 'constant', null, 60, 60, false],
    ['lower_constant', 'constant', null, 61, 61, false],
    ['after_comment', 'function', null, 62, 65, true],
  ],
  imports: ['$ROOT/lib.sh', './other.sh', '$ROOT/extra.sh'],
});

it('ends a one-line function of zsh, whose brace needs no semicolon', () => {
  const { symbols } = shell.scan(Buffer.from('first() { echo hi }\nsecond() echo hi\nfunction third { :; }\n'));
  deepEqual(
    symbols.map(({ name, line, endLine }) => [name, line, endLine]),
    [
      ['first', 1, 1],
      ['second', 2, 2],
      ['third', 3, 3],
    ],
  );
});

it('joins what a backslash at the end of a line joins', () => {
  const { symbols } = shell.scan(Buffer.from('HEADER=\\\n"one\ntwo"\nfor x in a; do\\\n  :; done; after() { :; }\n'));
  deepEqual(
    symbols.map(({ name, line, endLine }) => [name, line, endLine]),
    [
      ['HEADER', 1, 3],
      ['after', 5, 5],
    ],
  );
});
