import ini from '../../../src/index/languages/ini.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(ini, 'ini.ini', {
  symbols: [
    ['first section', 'namespace', null, 4, 6, false],
    ['*.{js,[ch]}', 'namespace', null, 9, 11, false],
    ['remote "origin"', 'namespace', null, 12, 14, false],
  ],
});
