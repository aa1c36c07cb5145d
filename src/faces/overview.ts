// `sophia` alone: what it can do, on one screen.
import type { Registry } from '../command.ts';
import { blocks, bold, code, codeBlock, table } from '../markdown.ts';

export function overview(registry: Registry): string {
  return blocks(
    `${bold('sophia')}: operations that prove themselves`,
    table(
      ['command', 'what it does'],
      registry.map(({ name, summary }) => [name, summary]),
    ),
    'Start here:',
    codeBlock(
      [
        'sophia index .                     # index this repository, and prove it',
        'sophia search "where is the lock"  # ranked answers, never stale',
        'sophia map --tokens 2000           # the signatures that matter most',
      ].join('\n'),
    ),
    `Every command explains itself with ${code('--help')}, prints one document with ${code('--json')}, and takes ${code('-C DIR')}. An error code is explained by ${code('sophia explain CODE')}.`,
  ).concat('\n');
}

export function overviewOf(family: string, registry: Registry): string {
  return blocks(
    table(
      [`sophia ${family} …`, 'what it does'],
      registry.map(({ name, summary }) => [name, summary]),
    ),
    `Run ${code(`sophia ${family} COMMAND --help`)} for more.`,
  ).concat('\n');
}
