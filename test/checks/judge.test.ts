import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer } from '../../src/answer.ts';
import type { Ask, Inquiry, Judgement } from '../../src/checks/inquiry.ts';
import { capturesOf, isHealthy, judgePlace, judgePlan, type Asked } from '../../src/checks/judge.ts';
import { keyOf } from '../../src/checks/plan.ts';
import { resultOf, VERDICTS, type Finding, type Json } from '../../src/outcome.ts';
import { findHttpContradictions } from '../../src/proof/verification/http-facts.ts';
import { answer, ask, AT, FAIL, PASS, phases, place, reply, statusAsk, trouble, UNKNOWN, WARN } from './answers.ts';

const HELD = (): boolean => true;
const NOT_HELD = (): boolean => false;

function asked(asks: readonly Ask[], attempts: readonly (readonly (Answer | null)[])[], more: Partial<Inquiry> = {}): Asked {
  return { kind: 'asked', inquiry: { asks, ...more }, attempts };
}

function judge(asks: readonly Ask[], attempts: readonly (readonly (Answer | null)[])[], isControlHeld = HELD): Finding {
  return judgePlace(place(), asked(asks, attempts), isControlHeld);
}

function judgedAs(...judgements: readonly Judgement[]): Finding {
  return judge([ask(() => judgements)], [[reply({})]]);
}

suite('a place', () => {
  test('that was never reached is unknown, and not gone', () => {
    const plan = { places: [place({ target: 'a' }), place({ target: 'b' })] };
    const findings = judgePlan(plan, new Map([[keyOf({ target: 'b', check: 'health' }), asked([statusAsk()], [[reply({})]])]]), HELD);
    assert.deepEqual(
      findings.map(({ target, verdict }) => [target, verdict]),
      [
        ['a', 'unknown'],
        ['b', 'pass'],
      ],
    );
    assert.equal(resultOf(findings), 'UNKNOWN');
  });

  test('of a plan without places is nobody, and the result of nothing is unknown', () => {
    assert.equal(resultOf(judgePlan({ places: [] }, new Map(), HELD)), 'UNKNOWN');
  });

  test('that is left out says why, whatever was asked of it', () => {
    const { verdict, reason } = judgePlace(place({ skip: 'moves on Monday' }), asked([statusAsk()], [[reply({}, 500)]]), HELD);
    assert.deepEqual([verdict, reason], ['skipped', 'moves on Monday']);
  });

  test('that was blocked names what stands in the way', () => {
    const finding = judgePlace(place(), { kind: 'blocked', by: keyOf({ target: 'database', check: 'port' }) }, HELD);
    assert.equal(finding.verdict, 'blocked');
    assert.equal(finding.reason, 'it needs port of database, which is not healthy');
  });

  test('that could not be asked is unknown for the reason it has', () => {
    const finding = judgePlace(place(), { kind: 'unaskable', why: { code: 'ENV_MISSING', reason: 'TOKEN is not set' } }, HELD);
    assert.deepEqual([finding.verdict, finding.code, finding.reason], ['unknown', 'ENV_MISSING', 'TOKEN is not set']);
  });

  test('has the line of sophia.yaml that asks for it, and no location where there is none', () => {
    const location = { file: 'sophia.yaml', line: 3, column: 5 };
    assert.deepEqual(judgePlace(place({ location }), undefined, HELD).location, location);
    assert.equal('location' in judgePlace(place(), undefined, HELD), false);
  });

  test('with no question and nothing to say is unknown', () => {
    assert.equal(judge([], []).verdict, 'unknown');
  });

  test('with nothing to ask is what it says of itself', () => {
    const finding = judgePlace(place(), asked([], [], { together: () => [WARN] }), HELD);
    assert.deepEqual([finding.verdict, finding.code], ['warn', 'TLS_EXPIRES_SOON']);
    assert.equal('tries' in finding || 'attempts' in finding || 'durationMs' in finding, false);
  });

  test('of which one question was not asked is unknown, however the others went', () => {
    assert.equal(judge([statusAsk(), statusAsk()], [[reply({})]]).verdict, 'unknown');
    assert.equal(judge([statusAsk(), statusAsk()], [[reply({})], []]).verdict, 'unknown');
  });

  test('whose answer nobody judged is unknown', () => {
    assert.equal(judge([ask(() => [])], [[reply({})]]).verdict, 'unknown');
  });
});

suite('attempts', () => {
  test('one that is well passes, with its time and its try', () => {
    const finding = judge([statusAsk()], [[reply({})]]);
    assert.deepEqual(finding, {
      check: 'health',
      target: 'app',
      verdict: 'pass',
      reason: 'HTTP 200',
      attempts: 1,
      durationMs: 31,
      tries: [{ at: AT, phases: phases(), status: 200 }],
    });
  });

  test('a pass after a failure is flaky, and both stay in the finding', () => {
    const finding = judge([statusAsk()], [[trouble('NET_RESET'), reply({}, 503), reply({})]]);
    assert.equal(finding.verdict, 'flaky');
    assert.equal(finding.reason, 'HTTP 200 (on attempt 3, after NET_RESET, HTTP_STATUS)');
    assert.equal(finding.attempts, 3);
    assert.equal(finding.durationMs, 93);
    assert.equal('code' in finding, false);
    assert.deepEqual(finding.tries, [
      { at: AT, phases: phases(), code: 'NET_RESET' },
      { at: AT, phases: phases(), status: 503, code: 'HTTP_STATUS' },
      { at: AT, phases: phases(), status: 200 },
    ]);
  });

  test('the last one counts, also where an earlier one was better', () => {
    assert.equal(judge([statusAsk()], [[reply({}), reply({}, 500)]]).verdict, 'fail');
  });

  test('a warning stays one on a retry', () => {
    assert.equal(judge([ask(() => [WARN])], [[trouble('NET_RESET'), reply({})]]).verdict, 'warn');
  });

  test('one of several questions that needed two attempts makes the place flaky', () => {
    const finding = judge([statusAsk(), statusAsk()], [[reply({})], [trouble('NET_RESET'), reply({})]]);
    assert.deepEqual([finding.verdict, finding.attempts, finding.tries?.length], ['flaky', 2, 3]);
  });

  test('an attempt of which nothing is known makes a later pass unknown, and stands at its number', () => {
    const finding = judge([statusAsk()], [[null, reply({})]]);
    assert.deepEqual([finding.verdict, finding.attempts], ['unknown', 2]);
    assert.deepEqual(finding.tries?.[0], { at: null, phases: null });
  });

  test('an attempt of which nothing is known does not excuse a later failure', () => {
    assert.equal(judge([statusAsk()], [[null, reply({}, 500)]]).verdict, 'fail');
  });

  test('a last attempt of which nothing is known is unknown', () => {
    assert.equal(judge([statusAsk()], [[reply({}, 503), null]]).verdict, 'unknown');
    assert.equal(judge([statusAsk()], [[null]]).verdict, 'unknown');
  });
});

suite('trouble', () => {
  const network = ['NET_REFUSED', 'NET_RESET', 'NET_UNREACHABLE', 'NET_TIMEOUT_CONNECT', 'NET_TIMEOUT_TLS', 'NET_TIMEOUT_HEADERS', 'NET_TIMEOUT_BODY', 'DNS_NOT_FOUND', 'DNS_FAILED'] as const; // prettier-ignore
  for (const code of network) {
    test(`${code} fails where something else answered, and is unknown where nothing did`, () => {
      const held = judge([statusAsk()], [[trouble(code)]]);
      assert.deepEqual([held.verdict, held.code], ['fail', code]);
      const alone = judge([statusAsk()], [[trouble(code)]], NOT_HELD);
      assert.deepEqual([alone.verdict, alone.code], ['unknown', 'NO_CONTROL']);
      assert.deepEqual(alone.tries, [{ at: AT, phases: phases(), code }]);
    });
  }

  for (const code of ['TLS_EXPIRED', 'TLS_NOT_TLS', 'HTTP_TRUNCATED', 'HTTP_PROTOCOL', 'HTTP_TOO_LARGE', 'HTTP_ENCODING'] as const) {
    test(`${code} came from somebody, so it fails also where nothing else answered`, () => {
      const finding = judge([statusAsk()], [[trouble(code)]], NOT_HELD);
      assert.deepEqual([finding.verdict, finding.code], ['fail', code]);
    });
  }

  test('the control rule is asked about the answer that is judged', () => {
    const [first, second] = [trouble('NET_REFUSED'), trouble('NET_REFUSED')];
    const finding = judgePlace(place(), asked([statusAsk(), statusAsk()], [[first], [second]]), (each) => each === second);
    assert.equal(finding.code, 'NET_REFUSED');
    assert.match(finding.reason, /, and 1 more: NO_CONTROL$/);
  });

  test('an answer that broke off is not judged by what came of it', () => {
    const broken = { ...reply({ status: 'ok' }), trouble: { code: 'HTTP_TRUNCATED', detail: 'it broke off' } } as const;
    const finding = judge([statusAsk()], [[broken]]);
    assert.deepEqual([finding.code, finding.reason], ['HTTP_TRUNCATED', 'it broke off']);
    assert.deepEqual(finding.tries, [{ at: AT, phases: phases(), status: 200, code: 'HTTP_TRUNCATED' }]);
  });

  test('trouble that was expected is judged by who expected it', () => {
    const refused = statusAsk({ judgeTrouble: ({ trouble: seen }) => (seen?.code === 'NET_REFUSED' ? [PASS] : null) });
    assert.equal(judge([refused], [[trouble('NET_REFUSED')]], NOT_HELD).verdict, 'pass');
    assert.equal(judge([refused], [[trouble('NET_RESET')]], NOT_HELD).code, 'NO_CONTROL');
  });

  test('what all answers say together is asked of usable answers only', () => {
    let seen: readonly (Answer | null)[] = [];
    const expects = statusAsk({ judgeTrouble: () => [PASS] });
    const [first, refused, expected] = [reply({}), trouble('NET_REFUSED'), trouble('NET_RESET')];
    const together = (answers: typeof seen): [] => ((seen = answers), []);
    judgePlace(
      place(),
      asked([statusAsk(), statusAsk(), statusAsk(), expects], [[refused, first], [refused], [], [expected]], { together }),
      HELD,
    );
    assert.deepEqual(seen, [first, null, null, expected]);
  });
});

suite('of several judgements', () => {
  test('the worst decides verdict, code, expected and observed, and the others are named', () => {
    const finding = judgedAs(PASS, WARN, { ...FAIL, expected: { status: '2xx' }, observed: { status: 500 } }, UNKNOWN);
    assert.equal(finding.verdict, 'fail');
    assert.equal(finding.code, 'HTTP_STATUS');
    assert.deepEqual([finding.expected, finding.observed], [{ status: '2xx' }, { status: 500 }]);
    assert.equal(finding.reason, 'HTTP 500, and 2 more: TLS_EXPIRES_SOON, HEALTH_NO_FIELD');
  });

  test('an unknown one is worse than a warning', () => {
    assert.equal(judgedAs(PASS, UNKNOWN, WARN).verdict, 'unknown');
  });

  test('the same thing seen several times is one thing', () => {
    assert.equal(judgedAs(FAIL, FAIL, FAIL).reason, 'HTTP 500');
  });

  test('many are counted and not all named', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ ...FAIL, reason: `header ${index}` }));
    assert.equal(judgedAs(...many).reason, 'header 0, and 8 more: HTTP_STATUS, HTTP_STATUS, HTTP_STATUS, HTTP_STATUS, …');
  });

  test('what all answers say together comes before what one of them says as badly', () => {
    const mixed: Judgement = { verdict: 'fail', code: 'VERSION_MIXED', reason: 'by turns' };
    const finding = judgePlace(place(), asked([ask(() => [FAIL])], [[reply({})]], { together: () => [mixed] }), HELD);
    assert.equal(finding.code, 'VERSION_MIXED');
  });
});

suite('words of a stranger', () => {
  test('are shown, not obeyed', () => {
    const finding = judgedAs({ ...FAIL, reason: 'red \u001B[31m\u0007\u202E', observed: { '\u001B': 'a\u0000\u009B' } });
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    assert.doesNotMatch(JSON.stringify([finding.reason, finding.observed]), /[\u0000-\u001F\u007F-\u009F\u202E]/);
    assert.match(finding.reason, /\\x1b/);
  });

  test('are short, and what is ours after them stays whole', () => {
    const finding = judgedAs({ ...FAIL, reason: 'x'.repeat(1_000_000) }, WARN);
    assert.equal(finding.reason.length, 300);
    assert.match(finding.reason, /x…, and 1 more: TLS_EXPIRES_SOON$/);
  });

  test('are well-formed, so that the finding can be signed', () => {
    const finding = judgedAs({ ...FAIL, reason: '\uD800', observed: { word: '😀'.repeat(200), '\uDC00': '\uD800' } });
    assert.ok(JSON.stringify(finding).isWellFormed());
    assert.doesNotMatch(JSON.stringify(finding), /\\ud[89ab]/i);
  });

  test('of any size and depth stay small in what was observed', () => {
    const deep = Array.from({ length: 150 }).reduce<Json>((inner) => [inner], 1);
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key ${index}`, 'x'.repeat(1000)]));
    const { observed } = judgedAs({ ...FAIL, observed: { deep, wide, list: Array.from({ length: 100_000 }, () => 1) } });
    assert.ok(JSON.stringify(observed).length < 10_000);
  });

  test('that cannot be true do not make the finding untrue', () => {
    const lies = {
      Date: 'Mon, 22 Nov 2026 03:00:00 GMT',
      'content-length': '7',
      body: 'x',
      nested: { date: 'Mon, 22 Nov 2026 03:00:00 GMT' },
    };
    assert.notDeepEqual(findHttpContradictions({ check: '', target: '', reason: '', verdict: 'warn', observed: lies }), []);
    for (const observed of [lies, { '$.head': lies }, [lies], { deeper: { headers: lies } }]) {
      assert.deepEqual(findHttpContradictions(judgedAs({ ...WARN, observed })), []);
    }
  });

  test('in trouble, in why a place could not be asked, and in what blocks it are bounded, too', () => {
    const long = '\u001B'.repeat(10_000);
    const findings = [
      judge([statusAsk()], [[answer({ trouble: { code: 'NET_RESET', detail: long } })]]),
      judge([statusAsk()], [[answer({ trouble: { code: 'NET_RESET', detail: long } })]], NOT_HELD),
      judgePlace(place(), { kind: 'unaskable', why: { code: 'ENV_MISSING', reason: long } }, HELD),
      judgePlace(place(), { kind: 'blocked', by: long }, HELD),
      judgePlace(place({ skip: long }), undefined, HELD),
    ];
    for (const { reason } of findings) {
      assert.ok(reason.length <= 300);
      assert.ok(!reason.includes('\u001B'));
    }
  });
});

test('what may be built on is what passed, if only on a retry or with a warning', () => {
  assert.deepEqual(VERDICTS.filter(isHealthy), ['pass', 'flaky', 'warn']);
});

test('captures come from usable last answers, and there are none of what was not asked', () => {
  const capture = (answers: readonly (Answer | null)[]): Record<string, string> =>
    answers[0] === null ? {} : { status: String(answers[0]?.http?.status) };
  assert.deepEqual(capturesOf(asked([statusAsk()], [[reply({}, 503), reply({}, 201)]], { capture })), { status: '201' });
  assert.deepEqual(capturesOf(asked([statusAsk()], [[trouble('NET_RESET')]], { capture })), {});
  assert.deepEqual(capturesOf(asked([statusAsk()], [[reply({})]])), {});
  assert.deepEqual(capturesOf({ kind: 'blocked', by: 'x' }), {});
});
