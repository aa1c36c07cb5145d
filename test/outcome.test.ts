import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { countVerdicts, exitCodeOf, foldVerdicts, resultOf, VERDICTS, type Result, type Verdict } from '../src/outcome.ts';

const HEALTH: Readonly<Record<Result, number>> = { PASSED: 2, WARNED: 1, UNKNOWN: 0, FAILED: 0 };
const verdicts = fc.array(fc.constantFrom(...VERDICTS), { maxLength: 8 });

function resultFrom(list: readonly Verdict[]): Result {
  return resultOf(list.map((verdict) => ({ verdict })));
}

suite('verdicts fold', () => {
  const table: readonly (readonly [readonly Verdict[], Verdict, Result, number])[] = [
    [[], 'unknown', 'UNKNOWN', 3],
    [['skipped'], 'unknown', 'UNKNOWN', 3],
    [['skipped', 'skipped'], 'unknown', 'UNKNOWN', 3],
    [['pass'], 'pass', 'PASSED', 0],
    [['pass', 'skipped'], 'pass', 'PASSED', 0],
    [['pass', 'flaky'], 'flaky', 'WARNED', 0],
    [['flaky', 'warn'], 'warn', 'WARNED', 0],
    [['warn', 'blocked'], 'blocked', 'UNKNOWN', 3],
    [['blocked', 'unknown'], 'unknown', 'UNKNOWN', 3],
    [['unknown', 'fail'], 'fail', 'FAILED', 1],
    [['pass', 'pass', 'fail', 'pass'], 'fail', 'FAILED', 1],
  ];
  for (const [list, folded, result, exitCode] of table) {
    test(`${list.join(', ') || 'nothing'}: ${folded}, ${result}, ${exitCode}`, () => {
      assert.equal(foldVerdicts(list), folded);
      assert.equal(resultFrom(list), result);
      assert.equal(exitCodeOf(result), exitCode);
    });
  }

  test('in any order to the same, and several times to no more than once', () => {
    fc.assert(
      fc.property(verdicts, fc.nat(), (list, turn) => {
        const turned = [...list.slice(turn % (list.length + 1)), ...list.slice(0, turn % (list.length + 1))];
        assert.equal(foldVerdicts(turned), foldVerdicts(list));
        assert.equal(foldVerdicts([...list, ...turned]), foldVerdicts(list));
      }),
    );
  });

  test('so that what becomes known, and is not well, never makes a result healthier', () => {
    const worse = fc.constantFrom<Verdict>('fail', 'unknown', 'blocked', 'warn', 'flaky');
    fc.assert(
      fc.property(
        verdicts,
        worse,
        (list, more) => list.length === 0 || HEALTH[resultFrom([...list, more])] <= Math.max(HEALTH[resultFrom(list)], onlySkipped(list)),
      ),
    );
  });

  test('so that a finding that turns unknown never makes a result healthier', () => {
    fc.assert(
      fc.property(verdicts, fc.nat(), (list, index) => {
        const place = index % Math.max(1, list.length);
        if (list[place] === undefined || list[place] === 'skipped') return;
        assert.ok(HEALTH[resultFrom(list.with(place, 'unknown'))] <= HEALTH[resultFrom(list)]);
      }),
    );
  });
});

/** Where everything was left out, nothing is known: anything that is known then is more. */
function onlySkipped(list: readonly Verdict[]): number {
  return list.every((verdict) => verdict === 'skipped') ? HEALTH.PASSED : 0;
}

test('verdicts are counted one by one, and in all', () => {
  fc.assert(
    fc.property(verdicts, (list) => {
      const { total, ...counts } = countVerdicts(list.map((verdict) => ({ verdict })));
      assert.equal(total, list.length);
      for (const verdict of VERDICTS) assert.equal(counts[verdict], list.filter((each) => each === verdict).length);
    }),
  );
});
