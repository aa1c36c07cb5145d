import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { createControl, hostOf } from '../../../src/operations/asking/control.ts';
import { answerOf, get, type Reply } from '../../fakes/probe.ts';

const AT = '2026-11-23T03:00:00.000Z';
const DEAD: Reply = { trouble: 'NET_TIMEOUT_CONNECT' };

function controlWith(reply: Reply): { readonly control: ReturnType<typeof createControl>; readonly asked: string[] } {
  const asked: string[] = [];
  const control = createControl({
    questions: [get('https://status.example/'), get('https://other.example/')],
    ask: (question) => {
      asked.push(hostOf(question));
      return Promise.resolve(answerOf(AT, reply));
    },
  });
  return { control, asked };
}

test('a failure is held against a host only when something else answered', () => {
  const { control } = controlWith(DEAD);
  const failed = answerOf(AT, DEAD);
  control.note(get('https://a.example/'), failed);
  equal(control.isHeld(failed), false);
  control.note(get('https://a.example/other'), answerOf(AT, {}));
  equal(control.isHeld(failed), false, 'the same host is no other one');
  control.note(get('https://b.example/'), answerOf(AT, { status: 500 }));
  equal(control.isHeld(failed), true, 'a status of 500 came over the network as well');
});

test('this machine needs no network, and shows nothing about it', () => {
  const { control } = controlWith(DEAD);
  for (const url of ['http://127.0.0.1:1/', 'http://localhost:1/', 'http://[::1]:1/', 'http://api.localhost/']) {
    const failed = answerOf(AT, DEAD);
    control.note(get(url), failed);
    equal(control.isHeld(failed), true, url);
  }
  const far = answerOf(AT, DEAD);
  control.note(get('https://a.example/'), far);
  control.note(get('http://127.0.0.1:1/'), answerOf(AT, {}));
  control.note(
    { kind: 'dns', name: 'b.example', type: 'A', server: null, timeoutMs: 1, connectTimeoutMs: 1, family: 'any' },
    { ...answerOf(AT, {}), records: ['1.2.3.4'] },
  );
  equal(control.isHeld(far), false);
});

test('control URLs are asked once, and only when a failure depends on them', async () => {
  const { control, asked } = controlWith({});
  control.note(get('https://a.example/'), answerOf(AT, {}));
  await control.settle();
  deepEqual(asked, []);
  const failed = answerOf(AT, DEAD);
  control.note(get('https://b.example/'), failed);
  await control.settle();
  deepEqual(asked, [], 'another host has answered');

  const alone = controlWith({});
  alone.control.note(get('https://b.example/'), failed);
  await alone.control.settle();
  await alone.control.settle();
  deepEqual(alone.asked, ['status.example', 'other.example']);
  equal(alone.control.isHeld(failed), true);

  const dark = controlWith(DEAD);
  dark.control.note(get('https://b.example/'), failed);
  await dark.control.settle();
  equal(dark.control.isHeld(failed), false);
});
