// actions/<name>/action.yml: a composite action of one step. Inputs go through env only; nothing is spliced into the script.
import { Document } from 'yaml';
import { inputVariableOf } from '../command.ts';
import { COMMON_OUTPUTS, describeGlobals } from '../describe.ts';
import type { CommandDescription, OptionDescription } from '../description.ts';
import { markOf } from './source.ts';

export interface Input {
  readonly name: string;
  readonly description: string;
  readonly required?: true;
  readonly default?: string;
}

/** The action of one command. */
export function actionOf(command: CommandDescription, folder: string): string {
  return toYaml(markOf(`src/commands/${folder}/command.ts`), {
    name: `sophia ${command.name}`,
    description: command.summary,
    inputs: inputsOf(command),
    outputs: command.outputs,
    run: `bash "$GITHUB_ACTION_PATH/../run.sh" ${command.name}`,
  });
}

/** The action at the root: any command that has an action, by name. */
export function rootActionOf(commands: readonly CommandDescription[]): string {
  const needsToken = commands.some(({ permissions }) => permissions.length > 0);
  const names = commands.filter(({ action }) => action !== null).map(({ name }) => name);
  const inputs: Input[] = [
    { name: 'command', description: `The command to run: ${names.join(', ')}. There is no default`, required: true },
    { name: 'options', description: "The command's options as a YAML mapping: option to value, or to a list of values" },
    ...(needsToken ? [tokenInput('The token whose permissions are used, by commands that need one')] : []),
    ...commonInputs(),
  ];
  return toYaml(markOf('src/commands/*/command.ts'), {
    name: 'sophia',
    description: 'Operations that prove themselves: run one command of sophia, and keep the proof',
    inputs,
    outputs: COMMON_OUTPUTS,
    run: 'bash "$GITHUB_ACTION_PATH/actions/run.sh"',
  });
}

/** Every option of the command, then the common ones. */
export function inputsOf(command: CommandDescription): readonly Input[] {
  return [...command.options.map(toInput), ...commonInputs()];
}

function commonInputs(): readonly Input[] {
  return describeGlobals().flatMap(({ input, help, type }) =>
    input === null ? [] : [{ name: input, description: `${help.charAt(0).toUpperCase()}${help.slice(1)}${hintOf(type)}` }],
  );
}

function toInput(option: OptionDescription): Input {
  if (option.secret && option.env === 'GITHUB_TOKEN') return tokenInput(option.help);
  const choices = option.choices === null ? '' : `; one of ${option.choices.join(', ')}`;
  const standard = option.default === null ? '' : ` (default: ${option.default})`;
  const input = { name: option.name, description: `${option.help}${choices}${hintOf(option.type)}${standard}` };
  return option.required ? { ...input, required: true } : input;
}

/** The only input with a default: any other one would arrive as if it had been given, and beat sophia.yaml. */
function tokenInput(description: string): Input {
  return { name: 'github-token', description, default: '${{ github.token }}' };
}

function hintOf(type: string): string {
  if (type === 'boolean') return '; true or false';
  return type === 'list' ? '; one a line, or commas between them' : '';
}

interface ActionParts {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Input[];
  readonly outputs: CommandDescription['outputs'];
  readonly run: string;
}

function toYaml(mark: string, { name, description, inputs, outputs, run }: ActionParts): string {
  const step = {
    id: 'sophia',
    shell: 'bash',
    env: Object.fromEntries(inputs.map((input) => [inputVariableOf(input.name), `\${{ inputs.${input.name} }}`])),
    run,
  };
  const document = new Document(
    {
      name,
      description,
      inputs: Object.fromEntries(inputs.map(({ name: key, ...input }) => [key, input])),
      outputs: Object.fromEntries(
        outputs.map((output) => [output.name, { description: output.help, value: `\${{ steps.sophia.outputs.${output.name} }}` }]),
      ),
      runs: { using: 'composite', steps: [step] },
    },
    { compat: 'yaml-1.1' }, // the runner's parser is of another generation: what either would misread is quoted
  );
  document.commentBefore = ` ${mark}`;
  return document.toString({ lineWidth: 0 });
}
