import { describeLanguage } from './contract.ts';
import javascript from '../../../src/index/languages/javascript.ts';

describeLanguage(javascript, 'javascript.js.txt', {
  symbols: [
    ['own', 'constant', null, 3, 3, true],
    ['lazy', 'function', null, 4, 4, false],
    ['inside', 'function', null, 7, 7, false],
    ['parse', 'function', null, 8, 8, true],
    ['format', 'function', null, 9, 9, true],
    ['b', 'function', null, 10, 11, true],
    ['createServer', 'function', null, 14, 18, true],
    ['listen', 'method', 'createServer', 20, 22, false],
    ['retry', 'function', 'createServer.listen', 21, 21, false],
    ['create', 'method', 'createServer', 23, 23, false],
    ['shut', 'function', null, 26, 26, true],
    ['stream', 'function', null, 27, 27, false],
    ['Emitter', 'class', null, 29, 34, false],
    ['on', 'method', 'Emitter', 31, 31, false],
    ['event names', 'method', 'Emitter', 32, 32, false],
    ['fire', 'method', 'Emitter', 33, 33, false],
    ['Umd', 'function', null, 37, 37, false],
    ['run', 'method', 'Umd', 38, 38, false],
    ['a', 'constant', null, 42, 42, false],
    ['b', 'constant', null, 43, 43, false],
    ['InLoop', 'class', null, 45, 45, false],
    ['m', 'method', 'InLoop', 45, 45, false],
  ],
  imports: ['assert', 'fs', './lazy.js'],
});
