import { defineCommand } from '../../command.ts';
import { describeGlobals } from '../../describe.ts';
import { manualOf, type CommandDescription } from '../../description.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, code, table } from '../../markdown.ts';
import { outcome } from '../../outcome.ts';
import { suggest } from '../../suggest.ts';
import { dataSchema } from './schema.ts';

export default defineCommand({
  name: 'help',
  summary: 'Show the manual of a command, or of all of them as data',
  group: 'desk',
  action: { none: 'it answers a person, or a program that reads --json in a terminal' },
  options: {
    command: { type: 'list', positional: true, value: 'COMMAND', help: 'The command to tell about (without it: all of them)' },
  },
  examples: [
    { command: 'sophia help index', does: 'The manual of one command' },
    { command: 'sophia help', does: 'What there is' },
    { command: 'sophia help --json', does: 'Every command, option, permission and output, for a program' },
  ],
  dataSchema,
  run: async (context, options) => {
    const commands = selectCommands(await context.commands(), options.command.join(' '));
    const findings = commands.map(({ name, summary }) => ({ check: 'described', target: name, verdict: 'pass' as const, reason: summary }));
    return outcome(findings, { commands, globals: describeGlobals() });
  },
  view: ({ data: { commands } }) => (commands.length === 1 ? viewOne(commands[0]!) : viewAll(commands)),
});

/** A command by its name, a family (`proofs`) by its first words, or all. */
function selectCommands(commands: readonly CommandDescription[], asked: string): readonly CommandDescription[] {
  if (asked === '') return commands;
  const exact = commands.filter(({ name }) => name === asked);
  const found = exact.length > 0 ? exact : commands.filter(({ name }) => name.startsWith(`${asked} `));
  if (found.length > 0) return found;
  throw new SophiaError('UNKNOWN_COMMAND', {
    name: asked,
    suggestion: suggest(
      asked,
      commands.map(({ name }) => name),
    ),
  });
}

function viewOne(command: CommandDescription): string {
  return blocks(bold(`sophia ${command.name}`), manualOf(command));
}

function viewAll(commands: readonly CommandDescription[]): string {
  return blocks(
    table(
      ['command', 'what it does'],
      commands.map(({ name, summary }) => [name, summary]),
    ),
    `More about one: ${code('sophia help COMMAND')}`,
  );
}
