// npm run fuzz:proofs [-- --flips N --seed S]
//
// Changes one random byte of one random file of a sealed directory of proofs, again and again, unsigned and signed: each time verify
// must fail and name that file, or the ledger. The untouched tree must hold before and after. A few flips go through the real program.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildVariedLedger, contextIn, makeKey, trustIn, verifyIn } from './proofs/ledgers.ts';
import { createRandom, fuzz, vouchedFilesIn } from './proofs/tampering.ts';

const BINARY = path.resolve(import.meta.dirname, '../bin/sophia.js');
const THROUGH_THE_PROGRAM = 10;

const { values } = parseArgs({ options: { flips: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const flips = Number(values.flips);
const seed = Number(values.seed);
if (!Number.isSafeInteger(flips) || flips < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('--flips is a number from 1, --seed a whole number\n');
  process.exit(2);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'sophia-fuzz-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  let unseen = 0;
  for (const isSigned of [false, true]) {
    const directory = mkdtempSync(path.join(folder, isSigned ? 'signed-' : 'unsigned-'));
    const context = contextIn(directory);
    const vkey = await buildVariedLedger(context, { nowMs: Date.now(), key: isSigned ? makeKey(seed) : null });
    const question = vkey === null ? {} : { trust: trustIn(vkey) };
    const proofs = path.join(directory, 'proofs');
    const missed = await fuzz({ proofs, flips: Math.ceil(flips / 2), seed, verify: () => verifyIn(context, question) });
    for (const { file, offset, before, after } of missed)
      process.stdout.write(`unseen: ${file} byte ${offset}: ${before} became ${after}\n`);
    unseen += missed.length + countUnseenByProgram(directory, seed);
  }
  process.stdout.write(
    `${flips} flips with seed ${seed}: ${unseen === 0 ? 'each was found and named, and no false alarm' : `${unseen} were not found`}\n`,
  );
  return unseen === 0 ? 0 : 1;
}

/** Exit 5 and the name in the one document of --json, as a user gets it. */
function countUnseenByProgram(directory: string, from: number): number {
  const random = createRandom(from + 1);
  const files = vouchedFilesIn(path.join(directory, 'proofs'));
  let unseen = 0;
  for (let count = 0; count < THROUGH_THE_PROGRAM; count += 1) {
    const file = files[random(files.length)]!;
    const absolute = path.join(directory, 'proofs', file);
    const whole = readFileSync(absolute);
    const changed = Buffer.from(whole);
    const offset = random(changed.length);
    changed[offset] = changed[offset]! ^ (1 << random(8));
    writeFileSync(absolute, changed);
    const { status, stdout } = spawnSync(process.execPath, [BINARY, 'proofs', 'verify', '--json'], { cwd: directory, encoding: 'utf8' });
    writeFileSync(absolute, whole);
    if (status === 5 && (stdout.includes(`"target":"proofs/${file}"`) || stdout.includes('"target":"proofs/ledger/'))) continue;
    process.stdout.write(`unseen by the program (exit ${status}): ${file} byte ${offset}\n`);
    unseen += 1;
  }
  return unseen;
}
