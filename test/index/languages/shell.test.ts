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
