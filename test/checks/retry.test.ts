import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer, HttpQuestion, Question, TriedAddress } from '../../src/answer.ts';
import type { FindingCode } from '../../src/codes.ts';
import type { Ask } from '../../src/checks/inquiry.ts';
import { mayRetry } from '../../src/checks/retry.ts';
import { answer, PASS, reply, statusAsk, trouble, WARN } from './answers.ts';

const RETRIES = { network: 2, backoffMs: [500, 5000] } as const;

function pauseAfter(given: Answer, ask: Ask = statusAsk(), attempt = 1): readonly [number, number] | null {
  return mayRetry({ ask, answer: given, attempt, retries: RETRIES });
}

function asking(parts: Partial<HttpQuestion>): Ask {
  return statusAsk({ question: { ...(statusAsk().question as HttpQuestion), ...parts } });
}

suite('what is asked again', () => {
  for (const code of ['NET_REFUSED', 'NET_RESET', 'NET_UNREACHABLE', 'NET_TIMEOUT_HEADERS', 'DNS_FAILED', 'DNS_NOT_FOUND'] as const) {
    test(`${code} may be over in a moment`, () => assert.deepEqual(pauseAfter(trouble(code)), [0, 500]));
  }

  for (const status of [502, 503, 504]) {
    test(`HTTP ${status} may be over in a moment`, () => assert.deepEqual(pauseAfter(reply({}, status)), [0, 500]));
  }

  for (const code of ['TLS_EXPIRED', 'HTTP_TRUNCATED', 'HTTP_PROTOCOL', 'HTTP_TOO_LARGE'] as const) {
    test(`${code} will be the same again`, () => assert.equal(pauseAfter(trouble(code)), null));
  }

  for (const status of [200, 302, 404, 429, 500, 501]) {
    test(`HTTP ${status} is an answer`, () => assert.equal(pauseAfter(reply({}, status)), null));
  }

  test('a connection that is not HTTP is asked again like any other', () => {
    const question: Question = { kind: 'tcp', host: 'db', port: 5432, timeoutMs: 1, connectTimeoutMs: 1, family: 'any' };
    assert.deepEqual(pauseAfter(trouble('NET_REFUSED'), statusAsk({ question })), [0, 500]);
    assert.equal(pauseAfter(answer(), statusAsk({ question })), null);
  });

  test('what was expected, or is worth a warning, is not asked again', () => {
    assert.equal(pauseAfter(reply({}, 503), statusAsk({ judge: () => [PASS] })), null);
    assert.equal(pauseAfter(reply({}, 503), statusAsk({ judge: () => [PASS, WARN] })), null);
    assert.equal(pauseAfter(trouble('NET_REFUSED'), statusAsk({ judgeTrouble: () => [PASS] })), null);
    assert.deepEqual(pauseAfter(trouble('NET_REFUSED'), statusAsk({ judgeTrouble: () => null })), [0, 500]);
  });
});

suite('the pause', () => {
  test('is drawn from a range that doubles up to its cap', () => {
    const ranges = [1, 2, 3, 4, 5].map((attempt) =>
      mayRetry({ ask: statusAsk(), answer: trouble('NET_RESET'), attempt, retries: { ...RETRIES, network: 9 } }),
    );
    assert.deepEqual(ranges, [
      [0, 500],
      [0, 1000],
      [0, 2000],
      [0, 4000],
      [0, 5000],
    ]);
  });

  test('ends with the last attempt that was granted', () => {
    assert.notEqual(pauseAfter(trouble('NET_RESET'), statusAsk(), 2), null);
    assert.equal(pauseAfter(trouble('NET_RESET'), statusAsk(), 3), null);
    assert.equal(mayRetry({ ask: statusAsk(), answer: trouble('NET_RESET'), attempt: 1, retries: { ...RETRIES, network: 0 } }), null);
  });
});

suite('a request that may change something', () => {
  const body = new TextEncoder().encode('{}');
  const changing = {
    'a body': { method: 'PUT', body },
    'POST without one': { method: 'POST' },
    'PATCH without one': { method: 'PATCH' },
  } as const;
  for (const [what, parts] of Object.entries(changing)) {
    test(`${what}: is asked again only where it cannot have arrived`, () => {
      for (const code of ['NET_REFUSED', 'NET_UNREACHABLE', 'NET_TIMEOUT_CONNECT', 'NET_TIMEOUT_TLS', 'DNS_FAILED'] as const) {
        assert.notEqual(pauseAfter(trouble(code), asking(parts)), null, code);
      }
      for (const code of ['NET_RESET', 'NET_TIMEOUT_HEADERS', 'NET_TIMEOUT_BODY'] as const) {
        assert.equal(pauseAfter(trouble(code), asking(parts)), null, code);
      }
      for (const status of [502, 503, 504]) assert.equal(pauseAfter(reply({}, status), asking(parts)), null, String(status));
    });
  }

  test('is not asked again where another address may have taken it', () => {
    const halfUp = (other: FindingCode | null): Answer => ({ ...trouble('NET_REFUSED'), addresses: [tried('NET_REFUSED'), tried(other)] });
    assert.equal(pauseAfter(halfUp(null), asking({ body })), null);
    assert.equal(pauseAfter(halfUp('NET_TIMEOUT_HEADERS'), asking({ body })), null);
    assert.notEqual(pauseAfter(halfUp('NET_REFUSED'), asking({ body })), null);
  });

  test('without a body and without effect is asked again', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] as const) {
      assert.notEqual(pauseAfter(trouble('NET_TIMEOUT_HEADERS'), asking({ method })), null, method);
    }
  });
});

function tried(code: FindingCode | null): TriedAddress {
  return { address: '127.0.0.1', port: 1, trouble: code === null ? null : { code, detail: '' } };
}
