import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer } from '../../../src/answer.ts';
import { inquireHealth } from '../../../src/checks/builtin/health.ts';
import { judgePlace } from '../../../src/checks/judge.ts';
import type { HealthRule } from '../../../src/checks/service.ts';
import type { Finding } from '../../../src/outcome.ts';
import { answer, DEFAULTS, GROUND, place, reply, service } from '../answers.ts';

const RULE = service().health!;

function judge(given: Answer, rule: Partial<HealthRule> = {}): Finding {
  return judgePlace(place(), { kind: 'asked', inquiry: inquireHealth({ ...RULE, ...rule }, GROUND), attempts: [[given]] }, () => true);
}

test('health is asked for with GET, under whatever the url of the service begins with', () => {
  const [ask] = inquireHealth(RULE, { url: 'https://app.example:8443/api/', defaults: DEFAULTS, ca: 'PEM' }).asks;
  const { timeoutMs, connectTimeoutMs, family, maxBodyBytes } = DEFAULTS;
  assert.deepEqual(ask?.question, {
    kind: 'http',
    method: 'GET',
    url: 'https://app.example:8443/api/healthz',
    headers: { accept: 'application/json', 'user-agent': 'sophia' },
    body: null,
    ca: 'PEM',
    timeoutMs,
    connectTimeoutMs,
    family,
    maxBodyBytes,
  });
});

suite('the word', () => {
  for (const word of ['ok', 'OK', 'Pass', 'healthy']) {
    test(`"${word}" is a pass`, () => {
      const finding = judge(reply({ status: word }));
      assert.deepEqual([finding.verdict, finding.code, finding.reason], ['pass', undefined, 'healthy in 31 ms']);
      assert.deepEqual(finding.observed, { status: 200, health: word });
    });
  }

  test('of a failure fails, although the status is 200', () => {
    const finding = judge(reply({ status: 'FAIL' }));
    assert.deepEqual([finding.verdict, finding.code], ['fail', 'HEALTH_FAIL']);
    assert.equal(finding.reason, 'HTTP 200, but the body says "FAIL"');
    assert.deepEqual(finding.expected, { health: RULE.pass });
  });

  test('of a degraded service warns', () => {
    const finding = judge(reply({ status: 'degraded' }));
    assert.deepEqual([finding.verdict, finding.code], ['warn', 'HEALTH_WARN']);
  });

  for (const word of ['starting', '', 'ok ', 'okay', true, 1, 0, null, {}, [], ['ok'], { ok: true }]) {
    test(`${JSON.stringify(word)} is in no list, so it is unknown`, () => {
      const finding = judge(reply({ status: word }));
      assert.deepEqual([finding.verdict, finding.code], ['unknown', 'HEALTH_UNKNOWN_WORD']);
    });
  }

  test('that stands in several lists means the worst of them', () => {
    assert.equal(judge(reply({ status: 'ok' }), { warn: ['ok'] }).verdict, 'warn');
    assert.equal(judge(reply({ status: 'ok' }), { warn: ['ok'], fail: ['Ok'] }).verdict, 'fail');
  });

  test('is looked for at its path', () => {
    assert.equal(judge(reply({ checks: [{ state: 'up' }] }), { at: '$.checks[0].state' }).verdict, 'pass');
  });

  for (const body of [{}, { Status: 'ok' }, { health: 'ok' }, [], ['ok'], '"ok"', 'true']) {
    test(`is missed in ${JSON.stringify(body)}, and nobody promised it, so it is unknown`, () => {
      const finding = judge(reply(body));
      assert.deepEqual([finding.verdict, finding.code], ['unknown', 'HEALTH_NO_FIELD']);
    });
  }

  test('is an own field: what every object inherits is none', () => {
    assert.equal(judge(reply({}), { at: '$.constructor.name', pass: ['Object'] }).code, 'HEALTH_NO_FIELD');
  });
});

suite('the status', () => {
  for (const status of [400, 404, 500, 503, 999, 199]) {
    test(`${status} fails, also where the body says that all is well`, () => {
      const finding = judge(reply({ status: 'pass' }, status));
      assert.deepEqual([finding.verdict, finding.code], ['fail', 'HTTP_STATUS']);
      assert.equal(finding.reason, `HTTP ${status}, not 2xx, and the body says "pass"`);
    });
  }

  test('503 tells the word that came with it', () => {
    assert.equal(judge(reply({ status: 'down' }, 503)).reason, 'HTTP 503, not 2xx, and the body says "down"');
  });

  test('500 with a page that is no JSON is no more than its status', () => {
    assert.equal(judge(reply('<h1>Oops</h1>', 500)).reason, 'HTTP 500, not 2xx');
  });

  test('302 is a redirect, with its target and without what was asked in confidence', () => {
    const finding = judge(reply('', 302, { location: ['https://login.example/?next=/healthz&token=hunter2'] }));
    assert.deepEqual([finding.verdict, finding.code], ['fail', 'HTTP_REDIRECT']);
    assert.match(finding.reason, /^HTTP 302 .*https:\/\/login\.example\/(?!\?)/);
    assert.ok(!JSON.stringify(finding).includes('hunter2'));
  });

  test('304 is a redirect that leads nowhere', () => {
    assert.equal(judge(reply('', 304)).code, 'HTTP_REDIRECT');
  });

  test('201 and 299 are as good as 200', () => {
    assert.equal(judge(reply({ status: 'ok' }, 201)).verdict, 'pass');
    assert.equal(judge(reply({ status: 'fail' }, 299)).reason, 'HTTP 299, but the body says "fail"');
  });
});

suite('the body', () => {
  test('that is empty fails, with 200 and with 204', () => {
    assert.deepEqual([judge(reply('')).verdict, judge(reply('')).code], ['fail', 'HTTP_EMPTY']);
    assert.equal(judge(reply('', 204)).code, 'HTTP_EMPTY');
  });

  const notJson = {
    'a page of HTML': '<!doctype html><p>ok</p>',
    'JSON that was cut': '{"status":"ok"',
    'a key twice': '{"status":"ok","status":"ok"}',
    'bytes after the end': '{"status":"ok"}x',
    'a byte order mark': '\uFEFF{"status":"ok"}',
    NaN: '{"status":"ok","load":NaN}',
    'no UTF-8': new Uint8Array([...new TextEncoder().encode('{"status":"ok","x":"'), 0xff, 0x22, 0x7d]),
  };
  for (const [what, body] of Object.entries(notJson)) {
    test(`that is ${what} is not JSON, and fails`, () => {
      const finding = judge(reply(body));
      assert.deepEqual([finding.verdict, finding.code], ['fail', 'BODY_NOT_JSON']);
    });
  }

  test('that never came is unknown', () => {
    assert.equal(judge(answer()).verdict, 'unknown');
  });
});
