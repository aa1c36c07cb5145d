import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createRedactor } from '../../../src/proof/redaction/redaction.ts';
import { flawOfPattern } from '../../../src/proof/redaction/configured-pattern.ts';
import { keptHeaders, keptUrl } from '../../../src/proof/redaction/http.ts';
import { isSecretName } from '../../../src/proof/redaction/secrets.ts';

const SECRET = 'p4ss/w?rd "ünd" +more\u00a7~!';

/** Every spelling a run may meet a secret in; each between neighbours, so that base64 is not aligned. */
const encodings: readonly (readonly [string, (value: string) => string])[] = [
  ['plain', (value) => `a ${value} b`],
  ['JSON', (value) => JSON.stringify({ a: value })],
  ['JSON in JSON', (value) => JSON.stringify(JSON.stringify({ a: value }))],
  ['URL', (value) => `https://h/?q=${encodeURIComponent(value)}&x`],
  ['URL, lower case', (value) => `?q=${encodeURIComponent(value).replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())}`],
  ['form', (value) => new URLSearchParams({ q: value }).toString()],
  ['form with ~', (value) => new URLSearchParams({ q: value }).toString().replaceAll('%7E', '~')],
  ['hex', (value) => Buffer.from(`x${value}y`).toString('hex')],
  ['HEX', (value) => Buffer.from(`x${value}y`).toString('hex').toUpperCase()],
  ...[0, 1, 2].map(
    (offset) => [`base64 at ${offset}`, (value: string) => Buffer.from(`${'x'.repeat(offset)}${value}yz`).toString('base64')] as const,
  ),
  ...[0, 1, 2].map(
    (offset) =>
      [`base64url at ${offset}`, (value: string) => Buffer.from(`${'x'.repeat(offset)}${value}yz`).toString('base64url')] as const,
  ),
  ['base64 twice', (value) => Buffer.from(`.${Buffer.from(`u:${value}`).toString('base64')}`).toString('base64')],
  ['hex in base64', (value) => Buffer.from(Buffer.from(value).toString('hex')).toString('base64')],
  ['URL in base64', (value) => Buffer.from(encodeURIComponent(value)).toString('base64')],
];

test('the value of a secret-named variable is taken out in every encoding', () => {
  for (const value of [SECRET, randomBytes(18).toString('base64'), 'simple-token-1234']) {
    for (const [what, encode] of encodings) {
      const redactor = createRedactor({ env: { API_TOKEN: value } });
      const clean = redactor.text(encode(value), '/x');
      assert.match(clean, /\[redacted:env:API_TOKEN\]/, `${what}: ${encode(value)}`);
      assert.equal(redactor.find(Buffer.from(clean)).length, 0, what);
    }
  }
});

test('neither an encoded nor a plain canary of any length survives in an attachment', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }),
      fc.constantFrom(...encodings),
      fc.uint8Array({ maxLength: 50 }),
      (value, [, encode], around) => {
        fc.pre(value.trim().length >= 8 && value.trim() === value && value.isWellFormed());
        const redactor = createRedactor({ env: { APP_SECRET: value } });
        const bytes = Buffer.concat([around, Buffer.from(`\n${encode(value)}\n`), around]);
        assert.equal(redactor.find(redactor.bytes(bytes, '/a')).length, 0);
        assert.notEqual(redactor.find(bytes).length, 0);
      },
    ),
    { numRuns: 200 },
  );
});

test('names decide what is secret: whole words, and some parts of words', () => {
  for (const name of [
    'SLACK_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'apiKey',
    'PGPASSWORD',
    'SENTRY_DSN',
    'npm_config__authToken',
    'DATABASE_URL',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'HTTP_COOKIE',
    'SLACK_WEBHOOK',
    'BASIC_AUTH',
  ]) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of ['PATH', 'PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'GIT_AUTHOR_NAME', 'KEYBOARD', 'HOME', 'MONKEY', 'GITHUB_RUN_ID'])
    assert.ok(!isSecretName(name), name);
});

test('short values stay, since they are words of every text', () => {
  assert.equal(createRedactor({ env: { A_TOKEN: 'true', B_KEY: '12345' } }).text('true 12345', ''), 'true 12345');
});

test('a value of several lines is taken out line by line as well', () => {
  const value = `-----BEGIN OLD KEY-----\nMIIBVgIBADANBgkqhkiG9w0B\nAQEFAASCAUAwggE8AgEAAkEA\n-----END OLD KEY-----`;
  const redactor = createRedactor({ env: { SIGNING_KEY: value } });
  assert.equal(redactor.text('line: AQEFAASCAUAwggE8AgEAAkEA.', ''), 'line: [redacted:env:SIGNING_KEY].');
  assert.equal(redactor.text('-----BEGIN OLD KEY-----', ''), '-----BEGIN OLD KEY-----');
});

test('keys are cleaned like values, and two keys that become one stay two', () => {
  const redactor = createRedactor({ env: { A_TOKEN: 'abcdef-1', B_TOKEN: 'ghijkl-2' } });
  const clean = redactor.json(
    { 'abcdef-1': [{ 'x ghijkl-2': 'abcdef-1 ghijkl-2' }], [Buffer.from('abcdef-1').toString('hex')]: 1, ['__proto__']: 'abcdef-1' },
    '/data',
  );
  assert.equal(
    JSON.stringify(clean),
    '{"[redacted:env:A_TOKEN]":[{"x [redacted:env:B_TOKEN]":"[redacted:env:A_TOKEN] [redacted:env:B_TOKEN]"}],"[redacted:env:A_TOKEN] (2)":1,"__proto__":"[redacted:env:A_TOKEN]"}',
  );
  assert.deepEqual(
    redactor.redactions.find(({ path }) => path.endsWith('__proto__')),
    { path: '/data/__proto__', reason: 'env:A_TOKEN', count: 1 },
  );
});

test('what was taken out is counted by place, and nothing of it is kept', () => {
  const redactor = createRedactor({ env: { A_TOKEN: 'abcdef-1' } });
  redactor.text('abcdef-1 abcdef-1', '/predicate/argv/0');
  redactor.text('nothing', '/predicate/argv/1');
  assert.deepEqual(redactor.redactions, [{ path: '/predicate/argv/0', reason: 'env:A_TOKEN', count: 2 }]);
  assert.ok(!JSON.stringify(redactor.redactions).includes(createHash('sha256').update('abcdef-1').digest('hex')));
});

/** Made up at run time, so that no scanner takes this file for a leak. */
const word = (length: number, alphabet = 'aB3dE5gH7jK9'): string => alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const shapes: readonly (readonly [string, string])[] = [
  ['github', `ghp_${word(36)}`],
  ['github', `github_pat_${word(40)}`],
  ['slack', `xoxb-${word(30)}`],
  ['slack-webhook', `services/T0/B0/${word(24)}`],
  ['notion', `ntn_${word(46)}`],
  ['notion', `secret_${word(43)}`],
  ['fly', `FlyV1 fm2_${word(60)}`],
  ['telegram', `123456789:AA${word(33)}`],
  ['aws', `AKIA${word(16, 'ABCD2345')}`],
  ['google', `AIza${word(35)}`],
  ['anthropic', `sk-ant-api03-${word(40)}`],
  ['openai', `sk-proj-${word(40)}`],
  ['jwt', `eyJ${word(20)}.eyJ${word(20)}.${word(20)}`],
  ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${word(64)}\n-----END RSA PRIVATE KEY-----`],
  ['salesforce', `00D${word(15)}!${word(80)}`],
];

test('credentials of known services are taken out by their shape alone', () => {
  for (const [id, secret] of shapes) {
    const redactor = createRedactor({ env: {} });
    const before = id === 'slack-webhook' ? 'https://hooks.slack.com/' : 'x: ';
    assert.equal(redactor.text(`${before}${secret}\n.`, ''), `${before}[redacted:pattern:${id}]\n.`, id);
  }
});

test('a private key that is cut off is masked to the end', () => {
  assert.equal(
    createRedactor({ env: {} }).text(`a\n-----BEGIN PRIVATE KEY-----\n${word(64)}\nmore`, ''),
    'a\n[redacted:pattern:private-key]',
  );
});

test('the user part of a URL is dropped, and what stands in its place is left alone', () => {
  const redactor = createRedactor({ env: {} });
  const clean = redactor.text('git clone https://user:pa55@host/x and https://tok3n@host and postgres://u:p@db/x but ssh://git@host/a', '');
  assert.equal(
    clean,
    'git clone https://[redacted:pattern:url-userinfo]@host/x and https://[redacted:pattern:url-userinfo]@host and postgres://[redacted:pattern:url-userinfo]@db/x but ssh://git@host/a',
  );
  assert.equal(redactor.text(clean, ''), clean);
});

test('configured names and patterns are secret too', () => {
  const redactor = createRedactor({ env: { ACME_PIN: 'pin-2468' }, names: ['ACME_PIN'], patterns: ['acme-[0-9a-f]{8}'] });
  assert.equal(redactor.text('pin-2468 acme-0123abcd', ''), '[redacted:env:ACME_PIN] [redacted:pattern:configured-1]');
});

test('bytes that are no text are left as they are around a secret', () => {
  const redactor = createRedactor({ env: { A_TOKEN: 'abcdef-1' } });
  const clean = redactor.bytes(Buffer.concat([Buffer.from([0xff, 0x00, 0xfe]), Buffer.from('abcdef-1'), Buffer.from([0xff])]), '');
  assert.deepEqual(
    Buffer.from(clean),
    Buffer.concat([Buffer.from([0xff, 0x00, 0xfe]), Buffer.from('[redacted:env:A_TOKEN]'), Buffer.from([0xff])]),
  );
});

test('of a URL, neither who asks nor what the query says beyond an allowlist is kept in a text; in evidence, nothing that is named like a secret', () => {
  const redactor = createRedactor({ env: {} });
  const url = 'GET https://h.example/a?page=2&who=alice&access_token=abc123&X-Amz-Signature=0f&sig=1#top and http://h/?q=x&amp;key=y';
  assert.equal(
    redactor.text(url, ''),
    'GET https://h.example/a?page=2&who=[redacted:pattern:url-query]&access_token=[redacted:pattern:url-query]&X-Amz-Signature=[redacted:pattern:url-query]&sig=[redacted:pattern:url-query]#top and http://h/?q=[redacted:pattern:url-query]&amp;key=[redacted:pattern:url-query]',
  );
  const bytes = Buffer.from(redactor.bytes(Buffer.from(url), '')).toString();
  assert.equal(
    bytes,
    'GET https://h.example/a?page=2&who=alice&access_token=[redacted:pattern:url-query]&X-Amz-Signature=[redacted:pattern:url-query]&sig=[redacted:pattern:url-query]#top and http://h/?q=x&amp;key=[redacted:pattern:url-query]',
  );
  assert.deepEqual([redactor.text(redactor.text(url, ''), ''), redactor.find(Buffer.from(bytes))], [redactor.text(url, ''), []]);
  assert.match(redactor.text(String.raw`{"next":"https://h/?a=1\u0026token=abc"}`, ''), /token=\[redacted/);
});

test('headers that say who asks are taken out of a log, however they are written', () => {
  const redactor = createRedactor({ env: {} });
  const secret = word(24);
  for (const line of [
    `> Authorization: Bearer ${secret}`,
    `authorization: Basic ${secret}==`,
    `{"Authorization":"token ${secret}"}`,
    `Proxy-Authorization=${secret}`,
    `Cookie: session=${secret}; theme=dark`,
    `< Set-Cookie: sid=${secret}; Path=/; HttpOnly`,
    `{"set-cookie": "sid=${secret}; Path=/"}`,
    JSON.stringify(JSON.stringify({ authorization: `Bearer ${secret}` })),
  ]) {
    const clean = redactor.text(line, '');
    assert.ok(!clean.includes(secret) && clean.includes('[redacted:pattern:'), `${line} → ${clean}`);
    assert.equal(redactor.text(clean, ''), clean);
  }
  for (const line of [
    'Authorization: Bearer <token>',
    'authorization is needed',
    'Cookie: see the docs',
    'Authorization: Bearer ${{ secrets.X }}',
  ])
    assert.equal(redactor.text(line, ''), line);
});

test('of a conversation, headers are kept by allowlist, and the address without who asks', () => {
  const headers = {
    Date: 'x',
    'Set-Cookie': ['a=b'],
    Authorization: 'c',
    'Content-Type': ['a/b', 'c/d'],
    'X-Api-Key': 'd',
    Cookie: 'e',
    ETag: undefined,
  };
  assert.deepEqual(keptHeaders(headers), { 'content-type': 'a/b, c/d', date: 'x' });
  assert.equal(
    keptUrl('https://user:pass@h.example:8443/ü?page=2&t=abc'),
    'https://[redacted:pattern:url-userinfo]@h.example:8443/ü?page=2&t=[redacted:pattern:url-query]',
  );
  assert.equal(keptUrl('/healthz'), '/healthz');
});

test('the password of a database address is a secret of its own', () => {
  const redactor = createRedactor({ env: { DATABASE_URL: 'postgres://app:p%40ssw0rd9@db.example/app' } });
  for (const text of ['auth failed: p@ssw0rd9', 'p%40ssw0rd9', Buffer.from('p@ssw0rd9').toString('base64')])
    assert.match(redactor.text(text, ''), /\[redacted:env:DATABASE_URL\]/);
});

test('what stands in place of a secret is none, whatever is called secret', () => {
  const redactor = createRedactor({ env: { A_TOKEN: 'redacted', B_TOKEN: 'abcdef-1' }, patterns: ['configured', '[a-z]+:[A-Z_]+'] });
  const clean = redactor.text('abcdef-1 redacted configured', '');
  assert.equal(clean, '[redacted:env:B_TOKEN] [redacted:env:A_TOKEN] [redacted:pattern:configured-1]');
  assert.equal(redactor.text(clean, ''), clean);
  assert.ok(!redactor.text('[redacted:env:abcdef-1]', '').includes('abcdef-1'), 'only what we wrote counts');
});

test('patterns that would take for ever on a long line are refused, others are not', () => {
  for (const source of ['(a+)+$', '(a|b)*c', '(?:a{2,})*', '(?:(?:a?b){3,})+', '((ab)*)*', String.raw`(\w+\s?)+!`, '(', '[a'])
    assert.notEqual(flawOfPattern(source), null, source);
  for (const source of [
    'acme-[0-9a-f]{32}',
    'a+b*',
    '(?:a|b)c+',
    '(?:[0-9a-f]{2}:)+',
    '[(+*|]+',
    String.raw`\(a\+\)+`,
    '(a+)?',
    '(?:a|b){2}',
    '(ab)+?',
  ])
    assert.equal(flawOfPattern(source), null, source);
});

test('a text made to be slow is searched in time', { timeout: 60_000 }, () => {
  const redactor = createRedactor({ env: { A_TOKEN: 'aaaaaaaa' } });
  for (const piece of [
    'eyJ-',
    '://',
    'https://a',
    'aaaa',
    '-----BEGIN ',
    'xoxb-',
    '00D',
    'cookie:a=',
    'authorization: ',
    'sk-a',
    '?a=',
    'FlyV1 fm2_,',
  ])
    redactor.bytes(Buffer.from(piece.repeat(Math.ceil(400_000 / piece.length))), '');
});
