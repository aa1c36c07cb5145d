import make from '../../../src/index/languages/make.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(make, 'make.mk', {
  symbols: [
    ['CC', 'constant', null, 2, 2, false],
    ['CFLAGS', 'constant', null, 3, 4, false],
    ['DEST', 'constant', null, 5, 5, true],
    ['FLAGS', 'constant', null, 6, 6, false],
    ['RECIPE', 'constant', null, 12, 17, false],
    ['all', 'function', null, 20, 26, true],
    ['build', 'function', null, 29, 30, true],
    ['test', 'function', null, 29, 30, true],
    ['debug', 'function', null, 35, 35, true],
    ['dir/file.o', 'function', null, 36, 36, true],
    ['grouped1', 'function', null, 37, 38, true],
    ['grouped2', 'function', null, 37, 38, true],
    ['double', 'function', null, 39, 39, true],
    ['_hidden', 'function', null, 40, 40, false],
    ['C name', 'function', null, 41, 41, true],
  ],
  imports: ['config.mk', '$(wildcard *.d)', 'other.mk', '.env'],
});
