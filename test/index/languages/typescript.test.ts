import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeLanguage } from './contract.ts';
import typescript from '../../../src/index/languages/typescript.ts';

describeLanguage(typescript, 'typescript.ts.txt', {
  symbols: [
    ['text', 'constant', null, 8, 8, false],
    ['template', 'constant', null, 9, 9, false],
    ['inHole', 'function', null, 9, 9, false],
    ['pattern', 'constant', null, 10, 10, false],
    ['ratio', 'constant', null, 10, 10, false],
    ['divided', 'constant', null, 11, 11, false],
    ['afterDivision', 'function', null, 11, 11, true],
    ['Shape', 'interface', null, 14, 23, true],
    ['area', 'method', 'Shape', 17, 17, true],
    ['quoted-name', 'method', 'Shape', 19, 19, true],
    ['value', 'method', 'Shape', 20, 20, true],
    ['[Symbol.iterator]', 'method', 'Shape', 21, 21, true],
    ['Union', 'type', null, 25, 27, true],
    ['Plain', 'type', null, 28, 28, true],
    ['Level', 'enum', null, 30, 30, true],
    ['Low', 'constant', 'Level', 30, 30, true],
    ['High', 'constant', 'Level', 30, 30, true],
    ['very high', 'constant', 'Level', 30, 30, true],
    ['Ambient', 'enum', null, 31, 31, false],
    ['One', 'constant', 'Ambient', 31, 31, false],
    ['Queue', 'class', null, 34, 56, true],
    ['LIMIT', 'constant', 'Queue', 36, 36, true],
    ['inStaticBlock', 'function', 'Queue', 40, 40, false],
    ['constructor', 'method', 'Queue', 42, 44, true],
    ['inDefault', 'function', 'Queue.constructor', 42, 42, false],
    ['handler', 'method', 'Queue', 46, 46, true],
    ['plain', 'method', 'Queue', 47, 47, true],
    ['get', 'method', 'Queue', 48, 48, true],
    ['get', 'method', 'Queue', 49, 49, true],
    ['[Symbol.asyncIterator]', 'method', 'Queue', 50, 50, true],
    ['#secret', 'method', 'Queue', 51, 51, false],
    ['helper', 'function', 'Queue.#secret', 51, 51, false],
    ['next', 'method', 'Queue', 52, 52, true],
    ['hide', 'method', 'Queue', 53, 53, false],
    ['default', 'function', null, 58, 63, true],
    ['Local', 'interface', 'default', 60, 60, false],
    ['run', 'method', 'default.Local', 60, 60, false],
    ['virtual:things', 'namespace', null, 65, 69, false],
    ['load', 'function', 'virtual:things', 66, 66, true],
    ['hidden', 'constant', 'virtual:things', 67, 67, false],
    ['global', 'namespace', 'virtual:things', 68, 68, false],
    ['Window', 'interface', 'virtual:things.global', 68, 68, false],
    ['open', 'method', 'virtual:things.global.Window', 68, 68, false],
    ['Geometry.Plane', 'namespace', null, 71, 74, true],
    ['ORIGIN', 'constant', 'Geometry.Plane', 72, 72, true],
    ['AXIS', 'constant', 'Geometry.Plane', 72, 72, true],
    ['rotate', 'function', 'Geometry.Plane', 73, 73, true],
    ['first', 'constant', null, 76, 76, true],
    ['renamed', 'constant', null, 76, 76, true],
    ['rest', 'constant', null, 76, 76, true],
    ['third', 'constant', null, 76, 76, true],
    ['last', 'constant', null, 76, 76, true],
    ['make', 'function', null, 77, 77, true],
    ['comparison', 'constant', null, 78, 78, false],
    ['other', 'constant', null, 78, 78, false],
    ['Legacy', 'class', null, 79, 79, true],
    ['run', 'method', 'Legacy', 79, 79, true],
    ['asserted', 'constant', null, 80, 80, false],
    ['next', 'constant', null, 80, 80, false],
    ['wrapped', 'constant', null, 81, 81, false],
    ['overload', 'function', null, 82, 82, false],
    ['overload', 'function', null, 83, 83, false],
  ],
  imports: ['./store.ts', 'node:fs', 'old-module', 'node:path', 'node:path/posix'],
});

describeLanguage(typescript, 'typescript.tsx.txt', {
  symbols: [
    ['Title', 'function', null, 3, 3, true],
    ['List', 'function', null, 5, 15, true],
    ['change', 'function', 'List', 9, 9, false],
    ['icon', 'constant', null, 17, 20, false],
    ['Page', 'class', null, 22, 25, true],
    ['render', 'method', 'Page', 23, 23, true],
    ['componentDidMount', 'method', 'Page', 24, 24, true],
    ['generic', 'function', null, 27, 27, false],
    ['after', 'function', null, 28, 28, false],
  ],
  imports: ['react'],
});

describe('typescript: what the text alone decides', () => {
  const namesOf = (text: string): string[] => typescript.scan(Buffer.from(text)).symbols.map(({ name }) => name);

  it('takes `<T>` for types unless a closing tag follows', () => {
    deepEqual(namesOf('const a = <T>value; function b() {}'), ['a', 'b']);
    deepEqual(namesOf('const a = <T>function b() {} {"</T>"}</T>; function c() {}'), ['a', 'c']);
  });

  it('takes the first `{` after an operand for the body, and others for types', () => {
    deepEqual(namesOf('function a(): { b: 1 } | { c(): void } { function d() {} }'), ['a', 'd']);
    deepEqual(namesOf('function a(): asserts this is { b: 1 } { class C {} }'), ['a', 'C']);
  });

  it('ends statements at lines that could not go on', () => {
    deepEqual(namesOf('const a = b\n(c)\nconst d = e\n/f/g\nlet h'), ['a', 'd', 'h']);
    deepEqual(namesOf('class A {\n  b\n  c() {}\n  get\n  d() {}\n}'), ['A', 'c', 'd']);
    deepEqual(namesOf('declare function a(): void\ndeclare function b(): C<D>\nexport type E = F'), ['a', 'b', 'E']);
  });

  it('keeps words that are names only in front of a declaration', () => {
    deepEqual(namesOf('type\n= 1; namespace.a = 1; interface, module(); type(b); declare; abstract; async'), []);
    deepEqual(namesOf('const c = { type: 1, class: 2, function() {}, interface() {}, async get() {} }'), ['c']);
  });

  it('knows a regex by what stands before it', () => {
    deepEqual(namesOf('if (a) /[/]{/.test(b); function c() {}'), ['c']);
    deepEqual(namesOf('a = (b) / c; function d() {} // /'), ['d']);
    deepEqual(namesOf('return\n/{/; function e() {}'), ['e']);
  });
});
