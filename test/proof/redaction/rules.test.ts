import { deepEqual, doesNotMatch } from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor } from '../../../src/proof/redaction/redaction.ts';
import { rulesOf } from '../../../src/proof/redaction/rules.ts';
import { configOf } from '../../../src/section.ts';

const env = { REPO_PASS: 'quite-harmless-9', PLAIN: 'nothing-to-hide-9' };

test('a variable that sophia.yaml sends somewhere is secret, whatever it is called', () => {
  const config = configOf(new Map(), { secretNames: ['REPO_PASS'] });
  const redactor = createRedactor(rulesOf({ env, config }));
  doesNotMatch(redactor.text('said quite-harmless-9', '/x'), /harmless/);
  deepEqual(redactor.text('said nothing-to-hide-9', '/x'), 'said nothing-to-hide-9');
});

test('so are those that a command and that `proofs.redact` name', () => {
  const config = configOf(new Map([['proofs', { redact: { env: ['PLAIN'] } }]]));
  const redactor = createRedactor(rulesOf({ env, config }, ['REPO_PASS']));
  doesNotMatch(redactor.text('quite-harmless-9 nothing-to-hide-9', '/x'), /harmless|hide/);
});
