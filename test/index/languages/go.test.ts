import go from '../../../src/index/languages/go.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(go, 'go.go', {
  imports: ['fmt', 'strings', 'embed', 'C'],
  symbols: [
    ['Pi', 'constant', null, 15, 16, true],
    ['tau', 'constant', null, 15, 16, false],
    ['A', 'constant', null, 19, 19, true],
    ['b', 'constant', null, 20, 20, false],
    ['C', 'constant', null, 21, 22, true],
    ['D', 'constant', null, 21, 22, true],
    ['table', 'constant', null, 27, 29, false],
    ['Last', 'constant', null, 30, 30, true],
    ['ID', 'type', null, 34, 34, true],
    ['Alias', 'type', null, 37, 37, true],
    ['Pair', 'class', null, 38, 41, true],
    ['Grid', 'type', null, 42, 42, true],
    ['Reader', 'interface', null, 45, 50, true],
    ['Read', 'method', 'Reader', 47, 47, true],
    ['Visit', 'method', 'Reader', 48, 48, true],
    ['Number', 'interface', null, 52, 52, true],
    ['Abs', 'method', 'Number', 52, 52, true],
    ['List', 'class', null, 54, 54, true],
    ['Push', 'method', 'List', 56, 56, true],
    ['Len', 'method', 'List', 58, 66, true],
    ['local', 'class', 'List.Len', 59, 59, false],
    ['count', 'type', 'List.Len', 62, 62, false],
    ['Map', 'function', null, 68, 75, true],
    ['assembly', 'function', null, 77, 78, false],
    ['Ünïcode', 'function', null, 80, 80, true],
    ['init', 'function', null, 81, 81, false],
  ],
});
