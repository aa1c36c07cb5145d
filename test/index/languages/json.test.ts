import json from '../../../src/index/languages/json.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(json, 'json.json', {
  symbols: [
    ['name', 'key', null, 3, 3, false],
    ['escaped "A', 'key', null, 4, 4, false],
    ['list', 'key', null, 5, 8, false],
    ['single "quoted"', 'key', null, 9, 9, false],
    ['unquoted', 'key', null, 10, 10, false],
    ['url', 'key', null, 12, 12, false],
    ['last', 'key', null, 13, 13, false],
  ],
});
