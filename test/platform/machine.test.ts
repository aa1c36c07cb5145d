import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { machine } from '../../src/platform/machine.ts';

test('a process that runs is alive, and one that was never there is not', () => {
  assert.equal(machine.isAlive(process.pid), true);
  assert.notEqual(machine.birthOf(process.pid) ?? '', existsSync('/proc/self/stat') ? '' : null);
  assert.equal(machine.isAlive(2 ** 30), false);
});

test(
  'a process that has ended, and for which its parent does not wait, is not alive',
  { skip: existsSync('/proc/self/stat') ? false : 'no /proc here' },
  async (t) => {
    // The shell becomes a program that never waits for the child that the shell had started.
    const parent = spawn('sh', ['-c', 'sh -c "echo \\$\\$; exec >&-; read line" <&3 & exec tail -f /dev/null'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    t.after(() => parent.kill('SIGKILL'));
    assert.ok(parent.stdout !== null);
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    assert.equal(machine.isAlive(pid), true);
    process.kill(pid, 'SIGKILL');
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) await setImmediate();
    assert.equal(machine.isAlive(pid), false);
    assert.doesNotThrow(() => process.kill(pid, 0), 'it still has its number');
  },
);
