import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { repository, sophia, startSophia, write } from './sophia.ts';

test('--watch takes up an edit, and Ctrl-C ends it with 130 and a proof', async (t) => {
  const root = repository(t, { 'a.ts': 'export const a = 1;\n' });
  const { child, closed } = startSophia({ cwd: root }, 'index', '--watch');
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stderr! });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (line.startsWith('the index holds 1 file')) write(root, { 'b.ts': 'export const rareWord = 1;\n' });
    if (line.startsWith('refreshed: 1 added')) {
      assert.match(sophia({ cwd: root }, 'search', 'rareWord').stdout, /b\.ts/);
      child.kill('SIGINT');
    }
  }
  assert.equal(await closed, 130, said.join('\n'));
  const proof = said.find((line) => line.startsWith('proof: '))!.slice('proof: '.length);
  assert.match(sophia({ cwd: root }, 'proofs', 'show', proof).stdout, /INTERRUPTED|interrupted/);
});
