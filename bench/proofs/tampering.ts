// One random byte of one random file, changed; and whether verify says so, and where.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UNVOUCHED_FILES } from '../../src/proof/path-law.ts';
import type { Answer } from '../../src/proof/verification/verify.ts';

export interface Flip {
  /** Relative to proofs/. */
  readonly file: string;
  readonly offset: number;
  readonly before: number;
  readonly after: number;
}

export interface Fuzzing {
  /** Absolute. */
  readonly proofs: string;
  readonly flips: number;
  readonly seed: number;
  readonly verify: () => Promise<Pick<Answer, 'broken' | 'findings'>>;
}

/** Flips that verify did not see, or did not name. Throws where the untouched tree does not hold, before or after. */
export async function fuzz({ proofs, flips, seed, verify }: Fuzzing): Promise<readonly Flip[]> {
  const random = createRandom(seed);
  const files = vouchedFilesIn(proofs);
  if (files.length === 0) throw new Error(`${proofs} holds nothing to change`);
  await refuseBroken(verify, 'before');
  const unseen: Flip[] = [];
  for (let count = 0; count < flips; count += 1) {
    const file = files[random(files.length)]!;
    const flip = flipIn(path.join(proofs, file), file, random);
    const { findings } = await verify();
    restore(path.join(proofs, file), flip);
    const isNamed = findings.some(({ verdict, target }) => verdict === 'fail' && (target === `proofs/${file}` || target.startsWith('proofs/ledger/')));
    if (!isNamed) unseen.push(flip);
  }
  await refuseBroken(verify, 'after');
  return unseen;
}

/** Every file but the two that nobody must vouch for, and but empty ones, which have no byte. */
export function vouchedFilesIn(proofs: string): readonly string[] {
  return readdirSync(proofs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(proofs, path.join(entry.parentPath, entry.name)))
    .filter((file) => !UNVOUCHED_FILES.includes(file) && readFileSync(path.join(proofs, file)).length > 0)
    .sort();
}

async function refuseBroken(verify: Fuzzing['verify'], when: string): Promise<void> {
  const { broken, findings } = await verify();
  if (broken > 0) throw new Error(`false alarm ${when} the flips: ${JSON.stringify(findings.filter(({ verdict }) => verdict === 'fail').slice(0, 3))}`);
}

function flipIn(absolute: string, file: string, random: (below: number) => number): Flip {
  const bytes = readFileSync(absolute);
  const offset = random(bytes.length);
  const before = bytes[offset]!;
  const after = before ^ (1 + random(255));
  bytes[offset] = after;
  writeFileSync(absolute, bytes);
  return { file, offset, before, after };
}

function restore(absolute: string, { offset, before }: Flip): void {
  const bytes = readFileSync(absolute);
  bytes[offset] = before;
  writeFileSync(absolute, bytes);
}

/** The same numbers for the same seed, on every machine (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
