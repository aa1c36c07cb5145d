// From definitions to descriptions.
import {
  envNameOf,
  GLOBAL_OPTIONS,
  shownKindOf,
  toKebab,
  toSlug,
  type Command,
  type GlobalSpec,
  type OptionSpec,
  type Registry,
} from './command.ts';
import type { CommandDescription, GlobalDescription, OptionDescription } from './description.ts';

/** Outputs of every action's step, whatever the command. */
export const COMMON_OUTPUTS: CommandDescription['outputs'] = [
  { name: 'result', help: 'PASSED, WARNED, FAILED or UNKNOWN; UNKNOWN whenever the exit code is 2 or more' },
  { name: 'exit-code', help: 'Exit code of the command' },
  { name: 'proof-path', help: 'The proof, relative to the workspace; empty when the run left none' },
  { name: 'proof-sha256', help: 'SHA-256 of the proof, in hex' },
];

export const EXIT_CODES: CommandDescription['exitCodes'] = [
  { code: 0, meaning: 'passed, perhaps with warnings' },
  { code: 1, meaning: 'a check failed' },
  { code: 2, meaning: 'usage or configuration' },
  { code: 3, meaning: 'could not tell: unreachable, incomplete, nothing to check' },
  { code: 4, meaning: 'authentication or permission' },
  { code: 5, meaning: 'a proof does not hold' },
];

export async function describeAll(registry: Registry): Promise<readonly CommandDescription[]> {
  const commands = await Promise.all(registry.map((entry) => entry.load()));
  return commands.map(describeCommand);
}

export function describeCommand(command: Command): CommandDescription {
  const own = Object.entries(command.outputs ?? {}).map(([name, { help }]) => ({ name, help }));
  const hasAction = command.action === undefined;
  return {
    name: command.name,
    action: hasAction ? toSlug(command.name) : null,
    noAction: command.action?.none ?? null,
    summary: command.summary,
    kind: shownKindOf(command),
    options: [...Object.entries(command.options).map(([name, spec]) => describeOption(name, spec)), ...secretsOf(command)],
    permissions: command.permissions ?? [],
    outputs: hasAction ? [...COMMON_OUTPUTS, ...own] : [],
    exitCodes: EXIT_CODES,
    examples: command.examples,
  };
}

export function describeGlobals(): readonly GlobalDescription[] {
  return Object.entries<GlobalSpec>(GLOBAL_OPTIONS).map(([name, spec]) => describeGlobal(name, spec));
}

function describeGlobal(name: string, spec: GlobalSpec): GlobalDescription {
  return { ...describeOption(name, spec), env: spec.env ?? null, short: spec.short ?? null, input: spec.input ?? null };
}

function describeOption(name: string, spec: OptionSpec): OptionDescription {
  return {
    name: toKebab(name),
    type: spec.type,
    positional: spec.positional ?? false,
    required: spec.required ?? false,
    choices: spec.choices ?? null,
    default: spec.default ?? null,
    env: spec.positional ? null : envNameOf(name, spec),
    secret: false,
    value: spec.value ?? null,
    help: spec.help,
  };
}

/** `NOTION_API_KEY` → the input `notion-api-key`. A command that needs a permission also takes the job's token. */
function secretsOf(command: Command): readonly OptionDescription[] {
  const token = (command.permissions ?? []).length > 0 ? { GITHUB_TOKEN: 'The token whose permissions are used' } : {};
  return Object.entries({ ...token, ...command.secrets }).map(([variable, help]) => ({
    name: variable.toLowerCase().replaceAll('_', '-'),
    type: 'string',
    positional: false,
    required: false,
    choices: null,
    default: null,
    env: variable,
    secret: true,
    value: null,
    help,
  }));
}
