// docs/proofs.md names every check, and every check it names is there; the stranger's program in it is the one that is tested.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/proofs.md'), 'utf8');

function sectionOf(title: string): string {
  return new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(PAGE)?.[1] ?? '';
}

/** The unions of flaw.ts, and what `verify` says beside them. */
function namesInCode(): readonly string[] {
  const room = path.join(ROOT, 'src/proof/verification');
  const flaws = readFileSync(path.join(room, 'flaw.ts'), 'utf8').matchAll(/[|=]\s+'([a-z-]+)'/g);
  const sources = readdirSync(room).map((name) => readFileSync(path.join(room, name), 'utf8'));
  const said = sources.flatMap((source) => [...source.matchAll(/\bcheck: '([a-z-]+)'/g)]);
  return [...new Set([...flaws, ...said].map(([, name]) => name!))].toSorted();
}

test('every check of verify is explained in docs/proofs.md, with what to do, and no other', () => {
  const rows = [...sectionOf('What verify says').matchAll(/^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];
  assert.ok(rows.length > 20, 'the table was not found');
  assert.deepEqual(rows.map(([, name]) => name!).toSorted(), namesInCode());
  for (const [, name, meaning, mend] of rows) assert.ok(meaning!.trim() !== '' && mend!.trim() !== '', name);
});

test('every level is explained in docs/proofs.md, with what it does not protect against', () => {
  const rows = [...sectionOf('Levels').matchAll(/^\| \*\*(L\d)\*\* [^|]+\|[^|]+\|[^|]+\| ([^|]+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, level]) => level),
    ['L0', 'L1', 'L2', 'L3', 'L4'],
  );
});

test("the stranger's program in docs/proofs.md is the one in test/proof/independent", () => {
  const [, program] = /```python\n([\s\S]*?)```/.exec(sectionOf('A stranger verifies')) ?? [];
  assert.equal(program, readFileSync(path.join(ROOT, 'test/proof/independent/stranger.py'), 'utf8'));
});
