import { deepEqual, match, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING_CODES } from '../../../src/codes.ts';
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

test('a code of a finding is told like one of an error, and leaves the exit code to the verdict', async (t) => {
  const outcome = await command.run(contextFor(t), { code: 'version_mixed' });
  deepEqual(
    outcome.data.codes.map(({ code, exitCode, status }) => ({ code, exitCode, status })),
    [{ code: 'VERSION_MIXED', exitCode: null, status: null }],
  );
  match(command.view(outcome), /What happened: .*Why: .*What to do: .*its verdict decides the exit code/s);
});

test('what can stop a run and be found as well is told as both', async (t) => {
  const outcome = await command.run(contextFor(t), { code: 'net_refused' });
  match(command.view(outcome), /Exit code 3.*As a finding: .*Its verdict decides the exit code.*What to do then: /s);
});

test('without a code all are listed, each once and with its texts', async (t) => {
  const outcome = await command.run(contextFor(t), { code: undefined });
  const codes = [...ERROR_CODES, ...FINDING_CODES];
  deepEqual(
    outcome.data.codes.map(({ code }) => code),
    [...new Set(codes)],
  );
  for (const { code, title, hint, explain } of outcome.data.codes) ok(title !== '' && hint !== '' && explain !== '', code);
  for (const code of codes) ok(command.view(outcome).includes(code), code);
});

test('what is told of a finding are whole sentences: what to do, and what it means', async (t) => {
  const { data } = await command.run(contextFor(t), { code: undefined });
  for (const { code, hint, explain } of data.codes.filter((each) => each.exitCode === null)) {
    match(hint, /^[A-Z][^]{15,}[.?]$/, code);
    match(explain, /^[A-Z`][^]{25,}\.$/i, code);
  }
});

test('an unknown code is refused with the nearest one', (t) => {
  throws(
    () => command.run(contextFor(t), { code: 'CONFIG_INVALD' }),
    (error: unknown) => error instanceof SophiaError && error.exitCode === 2 && error.message.includes('did you mean "CONFIG_INVALID"?'),
  );
});
