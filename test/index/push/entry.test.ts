import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf, toEntry, uuidv5 } from '../../../src/index/push/entry.ts';
import type { StoredDocument } from '../../../src/index/store/store.ts';
import { serializeCompact } from '../../../src/proof/canonical.ts';
import type { Json } from '../../../src/outcome.ts';

function documentOf(id: string, more: Partial<StoredDocument> = {}): StoredDocument {
  const plain = {
    type: 'code',
    title: id,
    kind: 'source',
    language: null,
    symbols: [],
    imports: [],
    history: [],
    tags: [],
    metadata: {},
  } as const;
  return { id, repository: '.', sizeBytes: 0, contentId: '0'.repeat(40), ...plain, ...more };
}

test('uuidv5 is the one of RFC 9562, appendix A.4', () => {
  assert.equal(uuidv5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('the same file has the same id everywhere; another path or repository another', () => {
  const ids = [
    toEntry('acme/app', documentOf('a.ts'), Buffer.from('1')).id,
    toEntry('acme/app', documentOf('a.ts'), Buffer.from('2')).id,
    toEntry('acme/app', documentOf('b.ts'), Buffer.from('1')).id,
    toEntry('acme/api', documentOf('a.ts'), Buffer.from('1')).id,
  ];
  assert.equal(ids[0], ids[1]);
  assert.equal(new Set(ids).size, 3);
});

test('an entry is spelled as RFC 8785 says, whatever is in it, and its digest is of that text', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), text), (body, subject, metadata) => {
      const document = documentOf('a.ts', { history: [subject, '\ud800 half', 'nul\0'], metadata });
      const entry = toEntry('acme/app', document, Buffer.from(body));
      assert.equal(entry.text, serializeCompact(JSON.parse(entry.text) as Json));
      assert.equal(entry.sha256, hash('sha256', entry.text));
      assert.ok(!entry.text.includes(String.raw`\u0000`) && entry.text.isWellFormed());
    }),
    { numRuns: 200 },
  );
});

test('the digest of a set does not depend on its order, and that of nothing is the SHA-256 of nothing', () => {
  const pairs: [string, string][] = [
    ['b', '1'],
    ['a', '2'],
  ];
  assert.equal(digestOf(new Map(pairs)), digestOf(new Map(pairs.toReversed())));
  assert.equal(digestOf(new Map(pairs)), hash('sha256', 'a\u00002\nb\u00001\n'));
  assert.equal(digestOf(new Map()), hash('sha256', ''));
});
