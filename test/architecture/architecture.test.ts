import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from './inspect.ts';
import { idlePatterns, judge } from './judge.ts';
import { RULES } from './rules.ts';
import { readTree } from './source-tree.ts';

suite('architecture', () => {
  const modules = inspect(readTree());

  test('modules were inspected, with their imports and their uses', () => {
    assert.ok(
      modules.some(({ path }) => path === 'src/main.ts'),
      'src/main.ts was not among what was inspected',
    );
    assert.ok(modules.flatMap(({ imports }) => imports).length > 0, '0 imports were seen');
    assert.ok(modules.flatMap(({ uses }) => uses).length > 0, '0 uses were seen');
  });

  test('every rule speaks of modules that exist, unless its room does not exist yet', () => {
    assert.deepEqual(idlePatterns(RULES, modules), []);
  });

  test('rules have names of their own and a sentence that teaches', () => {
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
    for (const { name, teaches } of RULES) assert.match(teaches, /^.{40,}[.)]$/, name);
  });

  for (const rule of RULES) {
    test(`${rule.name}: ${rule.teaches}`, () => {
      const violations = judge([rule], modules);
      assert.equal(violations.length, 0, `${rule.teaches}\n${violations.map(({ at }) => `  ${at}`).join('\n')}`);
    });
  }
});
