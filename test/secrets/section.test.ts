import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { readPolicy, secretsSection } from '../../src/secrets/section.ts';
import { configOf } from '../../src/section.ts';
import type { Flaw } from '../../src/shape.ts';

const DAY_MS = 86_400_000;

function flawsOf(value: object): readonly string[] {
  const flaws: Flaw[] = [];
  secretsSection.shape.check(value, '', flaws);
  return flaws.map(({ pointer }) => pointer);
}

test('a name is ignored for a reason, and a word for no is none', () => {
  deepEqual(flawsOf({ ignore: { LEGACY: 'retired on 2026-12-01' } }), []);
  for (const word of ['', ' ', 'no', 'off', 'true', '-']) deepEqual(flawsOf({ ignore: { LEGACY: word } }), ['/ignore/LEGACY'], word);
});

test('without a word a secret may be ninety days old, and is a warning from seventy-five', () => {
  const { maxAgeMs, warnAgeMs } = readPolicy(configOf(new Map()));
  deepEqual([maxAgeMs, warnAgeMs], [90 * DAY_MS, 75 * DAY_MS]);
});

test('another limit warns in proportion, unless the file says when', () => {
  equal(readPolicy(configOf(new Map([['secrets', { max_age: '30d' }]]))).warnAgeMs, 25 * DAY_MS);
  equal(readPolicy(configOf(new Map([['secrets', { max_age: '30d', warn_age: '29d' }]]))).warnAgeMs, 29 * DAY_MS);
});
