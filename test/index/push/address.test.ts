import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SophiaError, type ErrorCode } from '../../../src/errors.ts';
import { parseAddress, readToken } from '../../../src/index/push/address.ts';

const GOOD: readonly (readonly [string, string, boolean])[] = [
  ['https://context.example.com', 'https://context.example.com', false],
  ['https://context.example.com:8443/team//', 'https://context.example.com:8443/team', false],
  ['http://localhost:8080/', 'http://localhost:8080', true],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', true],
  ['http://127.1:8080', 'http://127.0.0.1:8080', true],
  ['http://[::1]:8080', 'http://[::1]:8080', true],
  ['https://localhost', 'https://localhost', true],
];
for (const [given, base, isLoopback] of GOOD) {
  test(`${given} is an address`, () => assert.deepEqual(parseAddress(given), { base, isLoopback }));
}

const BAD = [
  '',
  'context.example.com',
  'http://context.example.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://10.0.0.1',
  'ftp://localhost',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:very-secret@context.example.com',
  'https://very-secret@context.example.com',
  'https://context.example.com/?token=very-secret',
  'https://context.example.com/#very-secret',
];
for (const given of BAD) {
  test(`${JSON.stringify(given)} is refused, and what was secret in it is not repeated`, () => {
    assert.throws(
      () => parseAddress(given),
      (error: unknown) =>
        hasCode(error, 'SERVICE_URL_INVALID') && error.exitCode === 2 && !`${error.message}${error.hint}`.includes('very-secret'),
    );
  });
}

test('a token comes from its variable, without the line break of a file', () => {
  assert.equal(readToken({ T: ' abc\n' }, 'T', parseAddress('https://h.example')), 'abc');
});

test('only a service on this machine may go without a token', () => {
  assert.equal(readToken({}, 'T', parseAddress('http://localhost:1')), null);
  assert.throws(
    () => readToken({ T: '' }, 'T', parseAddress('https://h.example')),
    (error: unknown) => hasCode(error, 'SERVICE_TOKEN_INVALID'),
  );
});

for (const token of ['two words', 'line\nbreak', 'caf\u00e9-token', 'a\u0000b']) {
  test(`the token ${JSON.stringify(token)} is no header's, and is not repeated`, () => {
    assert.throws(
      () => readToken({ T: token }, 'T', parseAddress('https://h.example')),
      (error: unknown) => hasCode(error, 'SERVICE_TOKEN_INVALID') && !error.message.includes(token),
    );
  });
}

function hasCode(error: unknown, code: ErrorCode): error is SophiaError {
  return error instanceof SophiaError && error.code === code;
}
