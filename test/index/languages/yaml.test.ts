import yaml from '../../../src/index/languages/yaml.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(yaml, 'yaml.yaml', {
  symbols: [
    ['name', 'key', null, 4, 4, false],
    ['quoted: key', 'key', null, 5, 5, false],
    ["it's", 'key', null, 6, 6, false],
    ['nested', 'key', null, 7, 10, false],
    ['list', 'key', null, 12, 14, false],
    ['block', 'key', null, 15, 19, false],
    ['folded', 'key', null, 20, 21, false],
    ['anchor', 'key', null, 22, 23, false],
    ['flow', 'key', null, 24, 27, false],
    ['plain text', 'key', null, 28, 30, false],
    ['explicit', 'key', null, 32, 33, false],
    ['templated', 'key', null, 35, 35, false],
    ['no space after', 'key', null, 37, 37, false],
    ['kind', 'key', null, 40, 40, false],
    ['json', 'key', null, 42, 42, false],
    ['like', 'key', null, 42, 42, false],
    ["it's", 'key', null, 42, 42, false],
    ['url', 'key', null, 42, 42, false],
    ['last', 'key', null, 43, 43, false],
  ],
});
