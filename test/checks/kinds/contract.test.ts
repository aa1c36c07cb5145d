import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { kinds } from '../../../src/checks/kinds/registry.generated.ts';
import type { Certificate } from '../../../src/answer.ts';
import { describeKind, type Sample } from '../../contracts/check-kind.ts';
import { answer, reply } from '../answers.ts';

const JSON_TYPE = { 'content-type': ['application/json; charset=utf-8'] };
const TREE = { entries: [{ path: 'README.md' }], commit: 'c0ffee00'.repeat(5), at: '2026-11-22T02:00:00Z', note: { level: 3 } };

const CERTIFICATE: Certificate = {
  subject: 'CN=app.example',
  issuer: 'CN=authority',
  names: ['DNS:app.example'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-06-01T00:00:00.000Z',
  sha256: 'ab'.repeat(32),
  protocol: 'TLSv1.3',
};

const GRANTED = {
  'access-control-allow-origin': ['https://dashboard.example'],
  'access-control-allow-credentials': ['true'],
  vary: ['Origin'],
};
const PREFLIGHT = { ...GRANTED, 'access-control-allow-methods': ['GET, POST'], 'access-control-allow-headers': ['Content-Type'] };

const SAMPLES: { readonly [kind: string]: readonly Sample[] } = {
  http: [
    { entry: { get: '/healthz' }, healthy: [reply('ok', 200, {})] },
    { entry: { delete: '/things/1?x=${env.X}', headers: { authorization: 'Bearer ${env.TOKEN}' } }, healthy: [reply(null, 204, {})] },
    { entry: { post: '/v1/search', body: { json: { q: 'test' } }, expect: { status: [401, 403] } }, healthy: [reply({ code: 'x' }, 401)] },
    { entry: { get: '/', expect: { redirect: '/base/login' } }, healthy: [reply(null, 302, { location: ['/base/login?next=%2F'] })] },
    {
      entry: {
        get: '/repo/tree',
        expect: {
          status: '2xx',
          json: {
            '$.entries': { type: 'array', min_items: 1 },
            '$.commit': { matches: '^[0-9a-f]{40}$' },
            '$.at': { newer_than: '36h' },
            '$.note.level': { min: 1 },
          },
          headers: { 'x-a': { in: ['b', 'c'] } },
          schema: './tree.schema.json',
          text: { contains: ['README'], matches: ['commit.*c0ffee'] },
          time: { total: '2s', ttfb: '1s' },
        },
        capture: { first: '$.entries[0].path' },
      },
      healthy: [reply(TREE, 200, { ...JSON_TYPE, 'x-a': ['b', 'c'] })],
    },
  ],
  cors: [
    {
      entry: {
        cors: {
          path: '/repo/tree',
          origin: 'dashboard',
          method: 'POST',
          headers: ['content-type'],
          credentials: true,
          denies: 'https://evil.invalid',
        },
      },
      healthy: [
        reply(null, 204, PREFLIGHT),
        reply(TREE, 200, { ...JSON_TYPE, ...GRANTED }),
        reply(null, 204, { vary: ['Origin'] }),
        reply(TREE, 200, { ...JSON_TYPE, vary: ['Origin'] }),
        reply(null, 403, {}),
        reply(null, 403, {}),
      ],
      // The answer to the wanted origin shows by its difference from the others that they depend on it.
      absent: [1, 2, 3, 4, 5],
    },
  ],
  tcp: [{ entry: { tcp: 'db.internal:5432' }, healthy: [answer()] }],
  tls: [{ entry: { tls: { host: 'app.example', min_days: 14 } }, healthy: [answer({ certificate: CERTIFICATE })] }],
  dns: [
    {
      entry: { dns: { name: 'app.example', type: 'A', includes: ['203.0.113.7'] } },
      healthy: [answer({ records: ['198.51.100.1', '203.0.113.7'] })],
    },
    {
      entry: { dns: { name: 'app.example', type: 'MX', equals: ['10 Mail.example.'] } },
      healthy: [answer({ records: ['10 mail.example'] })],
    },
    { entry: { dns: { name: 'old.example', type: 'A', absent: true } }, healthy: [answer({ records: [] })], absent: [0] },
  ],
};

test('every kind is put through the contract, here or in its own test', () => {
  assert.ok(kinds.length > 0);
  const unknown = Object.keys(SAMPLES).filter((name) => !kinds.some((kind) => kind.name === name));
  assert.deepEqual(unknown, []);
  for (const { name } of kinds.filter((kind) => SAMPLES[kind.name] === undefined))
    assert.match(fs.readFileSync(path.join(import.meta.dirname, `${name}.test.ts`), 'utf8'), /^describeKind\(/m);
});

for (const kind of kinds) if (SAMPLES[kind.name] !== undefined) describeKind(kind, SAMPLES[kind.name]!);
