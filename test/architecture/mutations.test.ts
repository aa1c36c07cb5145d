import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect, type Module } from './inspect.ts';
import { judge } from './judge.ts';
import { INNOCENT, MUTATIONS } from './mutations.ts';
import { RULES } from './rules.ts';
import { readTree } from './source-tree.ts';

suite('architecture mutations', () => {
  const tree = inspect(readTree());
  const before = new Set(judge(RULES, tree).map(({ rule, at }) => `${rule} ${at}`));

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
      const news = judge(RULES, mutate(tree, path, text)).filter(
        (each) => each.at.includes(path) && !before.has(`${each.rule} ${each.at}`),
      );
      assert.ok(
        news.some((each) => each.rule === rule && each.teaches === teaches),
        `reported were only: ${news.map((each) => each.rule).join(', ') || 'no rules'}`,
      );
    });
  }

  for (const { path, text } of INNOCENT) {
    test(`nothing is reported for ${text}`, () => {
      assert.deepEqual(
        judge(RULES, mutate(tree, path, text)).filter((each) => each.at.includes(path)),
        [],
      );
    });
  }

  test('a module that cannot be parsed is an error, not a clean module', () => {
    assert.throws(() => inspect(new Map([['src/broken.ts', 'export const = 1;']])), SyntaxError);
  });
});

function mutate(tree: readonly Module[], path: string, text: string): Module[] {
  return [...tree.filter((module) => module.path !== path), ...inspect(new Map([[path, text]]))];
}
