import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { histogramOf } from '../../../src/metrics/histogram.ts';
import type { Json } from '../../../src/outcome.ts';
import type { PastRun } from '../../../src/operations/history.ts';
import { readSamples, type SampleReading } from '../../../src/operations/slo/sample-data.ts';
import { extent } from '../../extent.ts';

const GOOD = { slo: 's', service: 'a', check: 'c', planned: 60, n: 58, good: 50, bad: 8, tainted: 2, histogram: null };

suite('samples read back from a proof', () => {
  test('are taken as they are where they agree with themselves', () => {
    const histogram = histogramOf([3, 4, 5]);
    const reading = read([{ ...GOOD, histogram: { ...histogram } }]);
    assert(reading.ok);
    assert.deepEqual(reading.samples, [{ ...GOOD, histogram }]);
  });

  test('may be none, where a run was cut off, and then it may have been about anyone', () => {
    const reading = readSamples({ data: {} });
    assert(reading.ok);
    assert.deepEqual(reading.samples, []);
    assert(reading.asked('a'));
  });

  test('are missing only of services that the run was about', () => {
    const reading = readSamples({ data: { services: [{ id: 'a' }], samples: [] } });
    assert(reading.ok);
    assert.deepEqual([reading.asked('a'), reading.asked('b')], [true, false]);
  });

  const wrong: readonly (readonly [name: string, samples: Json])[] = [
    ['no list', { ...GOOD }],
    ['a list of texts', ['x']],
    ['no name', [{ ...GOOD, slo: '' }]],
    ['a number that is text', [{ ...GOOD, bad: '8' }]],
    ['a number below zero', [{ ...GOOD, bad: -1, n: 49 }]],
    ['half a sample', [{ ...GOOD, good: 50.5, n: 58.5 }]],
    ['a number that overflows', [{ ...GOOD, planned: 2 ** 53 }]],
    ['no number', [{ ...GOOD, tainted: null }]],
    ['good and bad that are not all', [{ ...GOOD, good: 51 }]],
    ['more samples than were planned', [{ ...GOOD, planned: 57 }]],
    ['more tainted ones than were planned', [{ ...GOOD, tainted: 61 }]],
    ['one objective twice', [GOOD, GOOD]],
    ['a histogram that is none', [{ ...GOOD, histogram: 'x' }]],
    ['a histogram whose counts are not n', [{ ...GOOD, histogram: { ...histogramOf([3, 4]), n: 3 } }]],
    ['a histogram of times below zero', [{ ...GOOD, histogram: { ...histogramOf([-3]) } as unknown as Json }]],
    ['a histogram of more than was planned', [{ ...GOOD, histogram: { ...histogramOf(Array.from({ length: 61 }, () => 3)) } }]],
  ];
  for (const [name, samples] of wrong)
    test(`say nothing with ${name}`, () => {
      const reading = readSamples({ data: { samples } });
      assert(!reading.ok);
      assert.match(reading.problem, /^(its samples|\/samples\/\d)/);
    });

  test('are read whatever they are, without a bug showing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), fc.jsonValue(), (samples, services, schedule) => {
        assert.equal(typeof readSamples({ data: { samples, services, schedule } as PastRun['data'] }).ok, 'boolean');
      }),
      { numRuns: extent(5000, 500) },
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(GOOD)), fc.jsonValue(), (key, value) => {
        assert.equal(typeof readSamples({ data: { samples: [{ ...GOOD, [key]: value as Json }] } }).ok, 'boolean');
      }),
      { numRuns: extent(5000, 500) },
    );
  });
});

function read(samples: Json): SampleReading {
  return readSamples({ data: { services: [{ id: 'a' }], samples } });
}
