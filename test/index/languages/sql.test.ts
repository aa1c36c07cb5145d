import sql from '../../../src/index/languages/sql.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(sql, 'sql.sql', {
  symbols: [
    ['app', 'namespace', null, 4, 4, true],
    ['user "table"', 'class', 'app', 6, 10, true],
    ['plain', 'class', null, 11, 11, true],
    ['scratch', 'class', null, 11, 11, false],
    ['active users', 'class', 'dbo', 13, 14, true],
    ['totals', 'class', null, 15, 15, true],
    ['mood', 'type', null, 16, 16, true],
    ['touch', 'function', 'app', 18, 23, true],
    ['atomic_one', 'function', null, 25, 28, true],
    ['touched', 'function', null, 30, 31, true],
    ['plain_a', 'constant', null, 32, 32, true],
    ['in_block', 'type', null, 37, 37, true],
    ['pay_all', 'function', null, 43, 48, true],
    ['without_semicolons', 'function', 'dbo', 51, 54, true],
    ['count_all', 'function', 'shop', 58, 61, true],
    ['after_insert', 'function', null, 63, 64, true],
    ['last`one', 'class', null, 65, 65, true],
  ],
  imports: ['schema/base.sql'],
});
