// The expectations of both adapters for proofs of a Merkle tree, and the vectors they share.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Context } from '../../src/context.ts';
import { SophiaError } from '../../src/errors.ts';
import type { Outcome } from '../../src/outcome.ts';
import { contextFor } from '../fakes/context.ts';

/** Of the leaves of the vectors of certificate transparency: the first alone, and all eight. */
export const ROOT1 = 'bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=';
export const ROOT8 = 'XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=';
/** From the one to the other. */
export const PROOF = [
  'lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=',
  'Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=',
  'a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=',
];

interface LogCheck {
  readonly run: (context: Context, options: { readonly file: string }) => Promise<Outcome<{ readonly holds: boolean }>>;
  readonly view: (outcome: Outcome<{ readonly holds: boolean }>) => string;
}

/** `holds` is 0, with any of the changes it is 5, and what is no such proof is 2. */
export async function judgesLogProofs(
  t: TestContext,
  check: LogCheck,
  { holds, changes }: { readonly holds: object; readonly changes: readonly object[] },
): Promise<void> {
  const context = contextFor(t);
  const judge = async (text: string) => {
    writeFileSync(`${context.directory}/proof.json`, text);
    const outcome = await check.run(context, { file: 'proof.json' });
    return [outcome.error?.exitCode ?? 0, outcome.data.holds, check.view(outcome)];
  };
  assert.deepEqual(await judge(JSON.stringify(holds)), [0, true, 'holds']);
  for (const change of changes)
    assert.deepEqual(await judge(JSON.stringify({ ...holds, ...change })), [5, false, 'does not hold'], JSON.stringify(change));
  for (const text of ['', '{}', JSON.stringify({ ...holds, proof: ['*'] })])
    await assert.rejects(
      async () => await judge(text),
      (error) => error instanceof SophiaError && error.code === 'JSON_REFUSED' && error.exitCode === 2,
      text,
    );
}
