import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { contextFor, temporaryFolder } from '../fakes/context.ts';
import { index } from './runs.ts';

test('the compiler is told to take no trouble with grammars before the first of them is loaded, and only then', async (t) => {
  const root = fs.realpathSync(temporaryFolder(t));
  let told = 0;
  const { machine } = contextFor(t);
  const compileQuickly = async (): Promise<void> => {
    told += 1;
    await machine.compileQuickly();
  };
  const context = contextFor(t, { machine: { compileQuickly } });
  fs.writeFileSync(path.join(root, 'a.ts'), 'export const first = 1;\n');
  await index(t, root, {}, context);
  assert.equal(told, 0);
  fs.writeFileSync(path.join(root, 'b.ps1'), 'function Get-Second { }\n');
  const { stats } = await index(t, root, {}, context);
  assert.equal(told, 1);
  assert.equal(stats?.languages['powershell'], 1);
});
