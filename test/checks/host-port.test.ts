import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressPortShape, hostPortShape, parseHostPort } from '../../src/checks/host-port.ts';
import tcp from '../../src/checks/kinds/tcp.ts';
import { inquiryOf, PLACE } from '../contracts/check-kind.ts';

test('a host and its port are told apart, also where the host has colons', () => {
  assert.deepEqual(parseHostPort('db.internal:5432'), { host: 'db.internal', port: 5432 });
  assert.deepEqual(parseHostPort('[::1]:80'), { host: '::1', port: 80 });
  assert.deepEqual(parseHostPort('127.0.0.1:65535'), { host: '127.0.0.1', port: 65_535 });
  for (const wrong of [
    '',
    'db',
    'db:',
    ':80',
    '::1:80',
    '[::1]',
    '[db]:80',
    '[1.2]:80',
    'db:0',
    'db:65536',
    'db:8o',
    'db:-1',
    'a b:1',
    'http://db:80',
    'u@db:80',
    'db:80 ',
  ])
    assert.equal(parseHostPort(wrong), null, wrong);
});

test('a variable may stand where it is filled in later; what it becomes is looked at again', async () => {
  assert.ok(
    hostPortShape.accepts('${env.DB}') &&
      hostPortShape.accepts('db:${env.PORT}') &&
      !hostPortShape.accepts('db') &&
      !hostPortShape.accepts(80),
  );
  assert.ok(addressPortShape.accepts('[::1]:53') && addressPortShape.accepts('10.0.0.1:53') && !addressPortShape.accepts('ns.example:53'));
  const filled = await tcp.inquire({ tcp: 'db:none' }, PLACE);
  assert.ok('reason' in filled && filled.code === 'ENV_MISSING');
  const { question } = (await inquiryOf(tcp, { tcp: '[::1]:5432' })).asks[0]!;
  assert.ok(question.kind === 'tcp' && question.host === '::1' && question.port === 5432);
});
