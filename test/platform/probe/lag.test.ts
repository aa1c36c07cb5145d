import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probe } from '../../../src/platform/probe/probe.ts';

function keepBusy(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

test('a delay of the event loop is seen while it lasts, once', (t) => {
  const watch = probe.watchLag();
  t.after(() => watch.stop());
  keepBusy(60);
  const lagMs = watch.takeP99Ms();
  assert.ok(lagMs >= 40, `${lagMs} ms`);
  assert.ok(watch.takeP99Ms() < lagMs);
});

test('a watch keeps no process alive', () => {
  probe.watchLag();
});
