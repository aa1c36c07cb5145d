import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import css from '../../../src/index/languages/css.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(css, 'css.css', {
  symbols: [
    ['--main-color', 'constant', null, 5, 5, true],
    ['--space', 'constant', null, 5, 5, true],
    ['button', 'class', null, 6, 10, true],
    ['primary', 'class', null, 6, 10, true],
    ['submit', 'constant', null, 6, 10, true],
    ['wide', 'class', null, 12, 12, true],
    ['spin', 'function', null, 14, 17, true],
    ['card', 'class', null, 18, 21, true],
    ['title', 'class', null, 19, 19, true],
    ['closed', 'class', null, 20, 20, true],
    ['one', 'class', null, 25, 36, true],
    ['two', 'class', null, 26, 36, true],
    ['three', 'class', null, 26, 36, true],
    ['four', 'class', null, 26, 36, true],
    ['five', 'constant', null, 26, 36, true],
    ['six', 'class', null, 27, 36, true],
    ['seven', 'class', null, 27, 36, true],
    ['--block', 'constant', null, 30, 30, true],
    ['--long', 'constant', null, 31, 34, true],
    ['md:w-1/2', 'class', null, 37, 37, true],
    ['10', 'class', null, 37, 37, true],
    ['a{b', 'class', null, 37, 37, true],
    ['quoted', 'function', null, 38, 38, true],
    ['--angle', 'constant', null, 39, 39, true],
    ['deep', 'class', null, 40, 40, true],
    ['after', 'class', null, 42, 43, true],
    ['text-is-no-comment', 'class', null, 44, 44, true],
    ['a', 'constant', null, 45, 45, true],
    ['b', 'class', null, 45, 45, true],
    ['e', 'class', null, 45, 45, true],
    ['f', 'class', null, 45, 45, true],
    ['--i', 'constant', null, 45, 45, true],
    ['k', 'class', null, 45, 45, true],
    ['n', 'class', null, 45, 45, true],
    ['o', 'class', null, 45, 45, true],
    ['r', 'class', null, 45, 45, true],
    ['late', 'class', null, 46, 46, true],
    ['last', 'class', null, 47, 48, true],
  ],
  imports: ['base.css', 'theme.css', 'plain.css'],
});

it('counts lines, not characters, in text beyond ASCII', () => {
  const [symbol] = css.scan(Buffer.from('/* \u{1f600}é */\r\n.grün {\r\n}\r\n')).symbols;
  equal(`${symbol!.name} ${symbol!.line}-${symbol!.endLine}`, 'grün 2-3');
});

it('begins after a byte order mark', () => {
  deepEqual(css.scan(Buffer.from('\ufeff@import "a.css";')).imports, ['a.css']);
});

it('says of each class of a list where its own selector begins', () => {
  const { symbols } = css.scan(Buffer.from('.a .b,\n.c:is(.d, .e),\n.f { }'));
  deepEqual(
    symbols.map(({ name, signature }) => `${name}: ${signature}`),
    ['a: .a .b,', 'b: .a .b,', 'c: .c:is(.d, .e),', 'd: .c:is(.d, .e),', 'e: .c:is(.d, .e),', 'f: .f { }'],
  );
});
