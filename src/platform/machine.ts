import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import { systemCodeOf } from '../errors.ts';
import type { Machine } from '../context.ts';

export const machine: Machine = {
  os: `${process.platform}-${process.arch}`,
  node: process.version,
  pid: process.pid,
  get cores() {
    return os.availableParallelism();
  },
  get bootId() {
    return readBootId();
  },
  randomBytes: (count) => randomBytes(count),
  compileQuickly: async () => {
    const { setFlagsFromString } = await import('node:v8');
    for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag); // one without the other has no use
  },
  keepMemoryLow: async () => {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--semi-space-growth-factor=1');
  },
  isAlive,
  birthOf,
};

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // not Linux
  }
}

/**
 * Signal 0 asks without sending; EPERM means that it lives and belongs to another user. What has ended and was not waited for
 * answers as well: in a container whose first process waits for nobody, for ever.
 */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !['Z', 'X'].includes(statOf(pid)?.[0] ?? '');
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/** The 22nd field is the start in ticks since the boot. */
function birthOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

/** The fields from the third on, the state: the name before it, in parentheses, may hold spaces. */
function statOf(pid: number): readonly string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? null;
  } catch {
    return null;
  }
}
