import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitList } from '../../src/faces/options.ts';

test('a list is split at commas and line breaks, but not inside braces', () => {
  assert.deepEqual(splitList('a, b,,c\n d'), ['a', 'b', 'c', 'd']);
  assert.deepEqual(splitList('*.{ts,tsx},docs/{a,{b,c}}/*'), ['*.{ts,tsx}', 'docs/{a,{b,c}}/*']);
  assert.deepEqual(splitList(' , \n'), []);
});

test('braces that do not fit together are text', () => {
  assert.deepEqual(splitList('{a,b'), ['{a', 'b']);
  assert.deepEqual(splitList('{a,b\n{c,d}'), ['{a', 'b', '{c,d}']);
});
