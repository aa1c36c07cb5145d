import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expand, stem, tokenise } from '../../src/index/tokens.ts';

test('a compound name gives itself and its parts', () => {
  assert.deepEqual(tokenise('parseHTTPResponses_v2'), ['parsehttpresponsesv2', 'par', 'http', 'respon', 'v2']);
  assert.deepEqual(tokenise('HTTP2Server'), ['http2server', 'http2', 'server']);
  assert.deepEqual(tokenise('MAX_FILE_SIZE'), ['maxfilesiz', 'max', 'fil', 'siz']);
  assert.deepEqual(tokenise('sha256'), ['sha256']);
  assert.deepEqual(tokenise('__init__'), ['init']);
});

test('names in different styles are found by each other', () => {
  const [camel] = tokenise('parseConfig');
  assert.equal(camel, tokenise('parse_config')[0]);
  assert.equal(camel, tokenise('PARSE_CONFIG')[0]);
  assert.equal(camel, tokenise('ParseConfig')[0]);
});

test('inflected words of prose meet in one stem', () => {
  const same = [
    ['files', 'file'],
    ['indexing', 'indexed', 'index'],
    ['running', 'run'],
    ['queries', 'query'],
    ['caches', 'caching', 'cached', 'cache'],
    ['classes', 'class'],
  ];
  for (const words of same) assert.equal(new Set(words.map(stem)).size, 1, words.join(' '));
});

test('short words and words without a vowel before the ending stay whole', () => {
  for (const word of ['string', 'need', 'bus', 'this', 'is', 'red', 'ring']) assert.equal(stem(word), word);
});

test('compatibility forms, case and accents of composition do not matter', () => {
  assert.deepEqual(tokenise('ﬁle'), tokenise('file'));
  assert.deepEqual(tokenise('Ａｐｐｌｅ'), tokenise('apple'));
  assert.deepEqual(tokenise('e\u0301t\u00e9'), tokenise('\u00e9te\u0301'));
});

test('scripts without spaces are cut into pairs', () => {
  assert.deepEqual(tokenise('検索エンジン').slice(0, 5), ['検索', '索エ', 'エン', 'ンジ', 'ジン']);
  assert.deepEqual(tokenise('猫'), ['猫']);
});

test('a long row of mixed letters and digits is one token, not hundreds', () => {
  const noise = 'aZ9'.repeat(40);
  assert.equal(tokenise(noise).length, 1);
  assert.ok(tokenise('x'.repeat(5_000_000))[0]!.length <= 64);
});

test('text without a letter or digit has no token', () => {
  for (const text of ['', ' ', '*', '"', '( AND', '\u{1F600}', '\uD800', '___', '—…'].filter((each) => !/[A-Z]/.test(each))) {
    assert.deepEqual(tokenise(text), [], JSON.stringify(text));
  }
});

test('tokenising tokens again gives the same set, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const once = tokenise(text);
      assert.deepEqual(new Set(tokenise(once.join(' '))), new Set(once));
    }),
    { numRuns: 400 },
  );
});

test('stemming a stem changes nothing', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,14}$/), (word) => {
      assert.equal(stem(stem(word)), stem(word));
    }),
    { numRuns: 1000 },
  );
});

test('a text is tokenised as its words are, one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9_é漢]{1,12}$/), { maxLength: 8 }), (words) => {
      assert.deepEqual(tokenise(words.join(' ')), words.flatMap(expand));
    }),
  );
});
