import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect, type Module } from './inspect.ts';
import { idlePatterns, judge } from './judge.ts';
import { INNOCENT, MUTATIONS } from './mutations.ts';
import { RULES } from './rules.ts';
import { readTree } from './source-tree.ts';

/** Once for the rules and the mutations: to read the tree is most of what both cost. */
const modules = inspect(readTree());

suite('architecture', () => {
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

suite('architecture mutations', () => {
  const before = new Set(judge(RULES, modules).map(({ rule, at }) => `${rule} ${at}`));

  test('every rule has a mutation', () => {
    const bitten = new Set(MUTATIONS.map(({ rule }) => rule));
    assert.deepEqual(
      RULES.filter(({ name }) => !bitten.has(name)).map(({ name }) => name),
      [],
    );
    assert.deepEqual(
      [...bitten].filter((name) => !RULES.some((rule) => rule.name === name)),
      [],
    );
  });

  for (const { rule, path, text } of MUTATIONS) {
    test(`${rule} reports ${path}: ${text}`, () => {
      const teaches = RULES.find(({ name }) => name === rule)?.teaches;
      const news = judge(RULES, mutate(path, text)).filter((each) => each.at.includes(path) && !before.has(`${each.rule} ${each.at}`));
      assert.ok(
        news.some((each) => each.rule === rule && each.teaches === teaches),
        `reported were only: ${news.map((each) => each.rule).join(', ') || 'no rules'}`,
      );
    });
  }

  for (const { path, text } of INNOCENT) {
    test(`nothing is reported for ${text}`, () => {
      assert.deepEqual(
        judge(RULES, mutate(path, text)).filter((each) => each.at.includes(path)),
        [],
      );
    });
  }

  test('a module that cannot be parsed is an error, not a clean module', () => {
    assert.throws(() => inspect(new Map([['src/broken.ts', 'export const = 1;']])), SyntaxError);
  });
});

function mutate(path: string, text: string): Module[] {
  return [...modules.filter((module) => module.path !== path), ...inspect(new Map([[path, text]]))];
}
