// On what something was measured, and the program as it is installed: a copy of the bundle, which another build must not pull away.
import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Builds it first. The command line that starts it from `folder`. */
export function stageOurs(folder: string): readonly [string, string] {
  execFileSync(process.execPath, ['bin/build.js'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  cpSync(path.join(ROOT, 'dist'), path.join(folder, 'dist'), { recursive: true });
  cpSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return [process.execPath, path.join(folder, 'dist/sophia.js')];
}

export function machine(): string {
  const [cpu] = os.cpus();
  return `${os.type()} ${os.machine()}, ${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${os.loadavg()[0]!.toFixed(1)} at the end`;
}
