// The two adapters that start programs keep the same promises: execa for strangers, node:child_process for git and rg.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import type { Exec } from '../../src/context.ts';
import { SophiaError } from '../../src/errors.ts';
import { createExec } from '../../src/platform/exec.ts';
import { createSpawn } from '../../src/platform/spawn.ts';
import { temporaryFolder } from '../fakes/context.ts';

const PROGRAM = process.execPath;

for (const [name, create] of [
  ['execa', createExec],
  ['spawn', createSpawn],
] as const) {
  const make = (t: TestContext): { exec: Exec; directory: string } => {
    const directory = fs.realpathSync(temporaryFolder(t));
    return { exec: create({ PATH: process.env['PATH'], KEPT: 'kept' }, directory), directory };
  };

  test(`${name}: bytes of both outputs, the exit code, the directory and the environment arrive`, async (t) => {
    const { exec, directory } = make(t);
    const script =
      'process.stdout.write(Buffer.from([0, 255])); process.stderr.write(`${process.cwd()} ${process.env.KEPT} ${process.env.MORE}`); process.exitCode = 7';
    const result = await exec.run(PROGRAM, ['-e', script], { env: { MORE: 'more' } });
    assert.deepEqual([...result.stdout], [0, 255]);
    assert.equal(Buffer.from(result.stderr).toString(), `${directory} kept more`);
    assert.deepEqual([result.exitCode, result.signal], [7, null]);
  });

  test(`${name}: arguments are never read by a shell`, async (t) => {
    const { exec, directory } = make(t);
    const attacks = ['x ; touch PWNED', '$(touch PWNED)', '`touch PWNED`', '-n', '| touch PWNED', 'a\nb', '*', ''];
    const { stdout } = await exec.run(PROGRAM, ['-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...attacks]);
    assert.deepEqual(JSON.parse(Buffer.from(stdout).toString()), attacks);
    assert.deepEqual(fs.readdirSync(directory), []);
  });

  test(`${name}: without input, stdin is at its end; with input, all of it arrives`, async (t) => {
    const { exec } = make(t);
    const script = 'let n = 0; process.stdin.on("data", (d) => { n += d.length }).on("end", () => process.stdout.write(String(n)))';
    assert.equal(Buffer.from((await exec.run(PROGRAM, ['-e', script])).stdout).toString(), '0');
    const input = Buffer.alloc(3_000_000, 'x');
    assert.equal(Buffer.from((await exec.run(PROGRAM, ['-e', script], { input })).stdout).toString(), '3000000');
    assert.equal((await exec.run(PROGRAM, ['-e', ''], { input })).exitCode, 0, 'a program that does not read its input');
  });

  test(`${name}: megabytes of output arrive whole, gathered or streamed`, async (t) => {
    const { exec } = make(t);
    const args = ['-e', 'for (let i = 0; i < 300; i++) process.stdout.write("x".repeat(10000)); process.stderr.write("told")'];
    assert.equal((await exec.run(PROGRAM, args)).stdout.length, 3_000_000);
    const program = exec.stream(PROGRAM, args);
    let size = 0;
    for await (const part of program.stdout) size += part.length;
    const { exitCode, stderr } = await program.done;
    assert.deepEqual([size, exitCode, Buffer.from(stderr).toString()], [3_000_000, 0, 'told']);
  });

  test(`${name}: ending a stream early ends the program`, async (t) => {
    const { exec } = make(t);
    const program = exec.stream(PROGRAM, ['-e', 'setInterval(() => process.stdout.write("x".repeat(100000)), 1)']);
    for await (const part of program.stdout) {
      assert.ok(part.length > 0);
      break;
    }
    assert.equal((await program.done).signal, 'SIGTERM');
  });

  test(`${name}: a program that takes too long, or is not wanted any more, is ended`, async (t) => {
    const { exec } = make(t);
    const forever = ['-e', 'setInterval(() => {}, 1000)'];
    assert.equal((await exec.run(PROGRAM, forever, { timeoutMs: 50 })).exitCode, null);
    const controller = new AbortController();
    const running = exec.run(PROGRAM, forever, { signal: controller.signal });
    controller.abort(new Error('enough'));
    assert.equal((await running).exitCode, null);
  });

  test(`${name}: a program that does not exist is a coded error, streamed or not`, async (t) => {
    const { exec, directory } = make(t);
    const isMissing = (error: unknown): boolean => error instanceof SophiaError && error.code === 'TOOL_MISSING';
    const nothing = path.join(directory, 'nothing');
    await assert.rejects(exec.run(nothing, []), isMissing);
    const program = exec.stream(nothing, []);
    await assert.rejects(async () => {
      for await (const part of program.stdout) assert.fail(String(part));
    }, isMissing);
    await assert.rejects(program.done, isMissing);
  });
}
