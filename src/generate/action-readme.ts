// actions/<name>/README.md: how to use the action, what it may do and why, what goes in and comes out.
import type { CommandDescription } from '../description.ts';
import { blocks, code, codeBlock, table } from '../markdown.ts';
import { inputsOf } from './action.ts';
import { markOf } from './source.ts';

export function actionReadmeOf(command: CommandDescription, folder: string, repository: string | null): string {
  const { permissions } = command;
  return blocks(
    `<!-- ${markOf(`src/commands/${folder}/command.ts`)} -->`,
    `# sophia ${command.name}`,
    `${command.summary}.`,
    codeBlock(workflowOf(command, repository), 'yaml'),
    '## Permissions',
    permissions.length === 0
      ? 'None beyond reading the code that was checked out.'
      : table(
          ['scope', 'level', 'why'],
          permissions.map(({ scope, level, reason }) => [code(scope), level, reason]),
        ),
    '## Inputs',
    table(
      ['input', 'what it does'],
      inputsOf(command).map(({ name, description, required }) => [code(name), required ? `${description} (required)` : description]),
    ),
    'An empty input counts as not given. Inputs rank as flags: above the environment and sophia.yaml.',
    '## Outputs',
    'Written also when the step fails.',
    table(
      ['output', 'what it is'],
      command.outputs.map(({ name, help }) => [code(name), help]),
    ),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      command.exitCodes.map(({ code: exit, meaning }) => [String(exit), meaning]),
    ),
    command.kind !== null && `Each run leaves a proof in ${code(`proofs/${command.kind}/`)}.`,
  ).concat('\n');
}

function workflowOf(command: CommandDescription, repository: string | null): string {
  const required = command.options
    .filter((option) => option.required && !option.secret)
    .map(({ name, value }) => `          ${name}: ${value?.toUpperCase() ?? '…'}`);
  const secrets = command.options
    .filter((option) => option.secret && option.env !== 'GITHUB_TOKEN')
    .map(({ name, env }) => `          ${name}: \${{ secrets.${env} }}`);
  const given = [...required, ...secrets];
  return [
    'permissions: {}',
    'jobs:',
    `  ${command.action}:`,
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 15',
    '    permissions:',
    ...grantsOf(command).map((grant) => `      ${grant}`),
    '    steps:',
    '      - uses: actions/checkout@<commit> # <release>',
    '        with:',
    '          persist-credentials: false',
    `      - uses: ${repository ?? 'OWNER/REPO'}/actions/${command.action}@<commit> # <release>`,
    ...(given.length === 0 ? [] : ['        with:', ...given]),
  ].join('\n');
}

/** A checkout needs to read the contents, whatever the command needs. */
function grantsOf({ permissions }: CommandDescription): readonly string[] {
  const own = permissions.map(({ scope, level, reason }) => `${scope}: ${level} # ${reason}`);
  return permissions.some(({ scope }) => scope === 'contents') ? own : ['contents: read # to check the code out', ...own];
}
