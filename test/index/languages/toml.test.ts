import toml from '../../../src/index/languages/toml.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(toml, 'toml.toml', {
  symbols: [
    ['title', 'key', null, 2, 2, false],
    ['c.d', 'key', 'a.b', 3, 3, false],
    ['text', 'key', null, 4, 6, false],
    ['raw', 'key', null, 7, 9, false],
    ['array', 'key', null, 10, 13, false],
    ['date', 'key', null, 14, 14, false],
    ['inline', 'key', null, 15, 15, false],
    ['package', 'key', null, 17, 21, false],
    ['quoted.name', 'key', 'tool', 24, 25, false],
    ['bin', 'key', null, 26, 27, false],
    ['bin', 'key', null, 28, 28, false],
    ['last', 'key', null, 29, 29, false],
  ],
});
