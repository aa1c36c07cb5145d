import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import command from '../../../src/commands/explain/command.ts';
import { ERROR_CODES, SophiaError } from '../../../src/errors.ts';
import { contextFor } from '../../fakes/context.ts';

for (const spelling of ['CONFIG_INVALID', 'config_invalid', 'Config-Invalid', ' config_invalid ']) {
  test(`"${spelling}" is found, whatever its case`, async (t) => {
    const { data } = await command.run(contextFor(t), { code: spelling });
    deepEqual(
      data.codes.map(({ code }) => code),
      ['CONFIG_INVALID'],
    );
  });
}

test('one code is told with what happened, why and what to do', async (t) => {
  const view = command.view(await command.run(contextFor(t), { code: 'STORE_BUSY' }));
  match(view, /What happened: .*Why: .*What to do: .*Trying again may help/s);
});

test('without a code all are listed, each with its texts', async (t) => {
  const outcome = await command.run(contextFor(t), { code: undefined });
  equal(outcome.data.codes.length, ERROR_CODES.length);
  for (const { code, title, hint, explain } of outcome.data.codes) ok(title !== '' && hint !== '' && explain !== '', code);
  for (const code of ERROR_CODES) ok(command.view(outcome).includes(code), code);
});

test('an unknown code is refused with the nearest one', (t) => {
  throws(
    () => command.run(contextFor(t), { code: 'CONFIG_INVALD' }),
    (error: unknown) => error instanceof SophiaError && error.exitCode === 2 && error.message.includes('did you mean "CONFIG_INVALID"?'),
  );
});
