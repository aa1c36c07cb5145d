// Goldens: what users read, kept as files, so that a change of it is seen in review.
import { equal, fail } from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

export const GOLDEN_FOLDER = path.join(import.meta.dirname, 'golden');

/**
 * Compares with test/golden/<name>. A missing one is written and has to be looked at; in CI, where nobody looks, it is a
 * failure. UPDATE_GOLDEN=1 writes all of them anew.
 */
export function matchGolden(name: string, actual: string): void {
  const file = path.join(GOLDEN_FOLDER, name);
  const isMissing = !fs.existsSync(file);
  if (isMissing && isSet('CI')) fail(`test/golden/${name} is missing: run the tests outside CI, look at what is written, and commit it`);
  if (isMissing || isSet('UPDATE_GOLDEN')) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, actual);
  }
  equal(
    actual,
    fs.readFileSync(file, 'utf8'),
    `test/golden/${name} is not what came out: if that is meant, run the tests with UPDATE_GOLDEN=1`,
  );
}

function isSet(variable: string): boolean {
  return !['', '0', 'false', undefined].includes(process.env[variable]);
}
