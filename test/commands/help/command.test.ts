import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Context } from '../../../src/context.ts';
import command from '../../../src/commands/help/command.ts';
import { registry } from '../../../src/commands/registry.generated.ts';
import { describeAll } from '../../../src/describe.ts';
import { SophiaError } from '../../../src/errors.ts';
import { contextFor } from '../../fakes/context.ts';

function contextWithCommands(t: TestContext): Context {
  return contextFor(t, { commands: () => describeAll(registry) });
}

test('all commands are told, in the order of the registry', async (t) => {
  const { data } = await command.run(contextWithCommands(t), { command: [] });
  deepEqual(
    data.commands.map(({ name }) => name),
    registry.map(({ name }) => name),
  );
  deepEqual(
    data.globals.map(({ name, short }) => [name, short]),
    [
      ['directory', 'C'],
      ['config', null],
      ['json', null],
      ['quiet', null],
      ['verbose', null],
    ],
  );
});

test('one command is told with its options', async (t) => {
  const outcome = await command.run(contextWithCommands(t), { command: ['explain'] });
  equal(outcome.data.commands.length, 1);
  match(command.view(outcome), /sophia explain \[CODE\]/);
});

test('the first word of several commands tells all of them', async (t) => {
  const commands = await describeAll(registry);
  const family = { ...commands[0]!, name: 'two words' };
  const context = contextFor(t, { commands: () => Promise.resolve([...commands, family, { ...family, name: 'two others' }]) });
  const { data } = await command.run(context, { command: ['two'] });
  deepEqual(
    data.commands.map(({ name }) => name),
    ['two words', 'two others'],
  );
});

test('an unknown command is refused with the nearest one', async (t) => {
  const isCoded = (error: unknown): boolean =>
    error instanceof SophiaError && error.code === 'UNKNOWN_COMMAND' && error.message.includes('"explain"');
  await rejects(command.run(contextWithCommands(t), { command: ['explian'] }), isCoded);
});
