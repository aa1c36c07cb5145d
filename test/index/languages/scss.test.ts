import scss from '../../../src/index/languages/scss.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(scss, 'scss.scss', {
  symbols: [
    ['$primary', 'constant', null, 4, 4, true],
    ['$map', 'constant', null, 7, 10, true],
    ['outer', 'class', null, 11, 18, true],
    ['inner', 'class', null, 14, 14, true],
    ['panel', 'constant', null, 20, 20, true],
    ['%holder', 'class', null, 22, 22, true],
    ['big', 'function', null, 23, 26, true],
    ['in-media', 'class', null, 24, 24, true],
    ['double', 'function', null, 27, 29, true],
    ['whole', 'class', null, 30, 30, true],
    ['--y', 'constant', null, 30, 30, true],
    ['item', 'class', null, 31, 31, true],
    ['unclosed', 'class', null, 32, 32, true],
    ['rooted', 'class', null, 33, 34, true],
    ['spin', 'function', null, 35, 35, true],
    ['last', 'class', null, 36, 36, true],
  ],
  imports: ['sass:math', 'src/list', 'a', 'b.css', 'c'],
});

describeLanguage(scss, 'less.less', {
  symbols: [
    ['@primary', 'constant', null, 4, 4, true],
    ['@fallback', 'constant', null, 5, 5, true],
    ['@detached', 'constant', null, 6, 8, true],
    ['in-detached', 'class', null, 7, 7, true],
    ['phone', 'class', null, 10, 10, true],
    ['bordered', 'function', null, 11, 13, true],
    ['namespace', 'function', null, 14, 16, true],
    ['mixin', 'function', null, 15, 15, true],
    ['guarded', 'class', null, 17, 17, true],
    ['user', 'class', null, 18, 24, true],
    ['heir', 'class', null, 25, 25, true],
    ['known', 'class', null, 27, 27, true],
    ['colors', 'function', null, 28, 33, true],
    ['@rules', 'constant', null, 34, 34, true],
    ['last', 'class', null, 37, 37, true],
  ],
  imports: ['foo', 'bar.css', 'plugin'],
});
