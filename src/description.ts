// A command as plain data: what `sophia help --json`, the docs, the actions and agents read. Made by describe.ts.
import { blocks, bold, code, codeBlock, table } from './markdown.ts';

export interface CommandDescription {
  /** As typed: `index`, `proofs verify`. */
  readonly name: string;
  /** Folder below actions/, or null where an action would make no sense. */
  readonly action: string | null;
  /** Why there is no action. */
  readonly noAction: string | null;
  readonly summary: string;
  /** Kind of the proof that each run leaves. */
  readonly kind: string | null;
  /** Each is one input of the action, positionals and secrets included, under the same name. */
  readonly options: readonly OptionDescription[];
  readonly permissions: readonly { readonly scope: string; readonly level: 'read' | 'write'; readonly reason: string }[];
  /** Of the action's step: the common ones and the command's own. */
  readonly outputs: readonly { readonly name: string; readonly help: string }[];
  readonly exitCodes: readonly { readonly code: number; readonly meaning: string }[];
  readonly examples: readonly { readonly command: string; readonly does: string }[];
}

export interface OptionDescription {
  /** Kebab-case: `max-file-size`. */
  readonly name: string;
  readonly type: string;
  readonly positional: boolean;
  readonly required: boolean;
  readonly choices: readonly string[] | null;
  /** As a user would type it. */
  readonly default: string | number | boolean | null;
  /** The variable that gives the value when nothing else does; null for a positional. */
  readonly env: string | null;
  /** Secrets have no flag: a process list shows flags. */
  readonly secret: boolean;
  /** A word for the value: FILE, GLOB, N. */
  readonly value: string | null;
  readonly help: string;
}

export interface GlobalDescription extends OptionDescription {
  readonly short: string | null;
  /** The action input of the same meaning. */
  readonly input: string | null;
}

/** The manual page of a command, in Markdown without a heading. */
export function manualOf(command: CommandDescription): string {
  return blocks(
    `${command.summary}.`,
    codeBlock(usageOf(command)),
    table(['option', 'what it does', 'default', 'env'], command.options.map(toOptionRow)),
    codeBlock(command.examples.flatMap(({ command: line, does }) => [`# ${does}`, line]).join('\n')),
    command.kind !== null && `Each run leaves a proof in ${code(`proofs/${command.kind}/`)}.`,
    actionLine(command),
  );
}

/** `sophia search QUERY [OPTIONS]`. */
function usageOf(command: CommandDescription): string {
  const places = command.options.filter(({ positional }) => positional).map(toPlace);
  const hasFlags = command.options.some(({ positional, secret }) => !positional && !secret);
  return ['sophia', command.name, ...places, ...(hasFlags ? ['[OPTIONS]'] : [])].join(' ');
}

function actionLine(command: CommandDescription): string {
  if (command.action === null) return `There is no action: ${command.noAction ?? ''}.`;
  const grants = command.permissions.map(({ scope, level, reason }) => `${code(`${scope}: ${level}`)} ${reason}`);
  const permissions = grants.length === 0 ? 'It needs no permission.' : `It needs ${grants.join('; ')}.`;
  return `Action: ${code(`actions/${command.action}`)}. ${permissions}`;
}

function toOptionRow(option: OptionDescription): readonly string[] {
  const help = [option.help, ...(option.choices === null ? [] : [`one of ${option.choices.join(', ')}`])].join('; ');
  const asked = option.required ? `${help} (${bold('required')})` : help;
  return [
    code(toSpelling(option)),
    asked,
    option.default === null ? '' : code(String(option.default)),
    option.env === null ? '' : code(option.env),
  ];
}

function toSpelling(option: OptionDescription): string {
  if (option.positional) return toPlace(option);
  if (option.secret) return option.env ?? option.name;
  return `--${option.name}${option.type === 'boolean' ? '' : ` ${(option.value ?? option.type).toUpperCase()}`}`;
}

function toPlace(option: OptionDescription): string {
  const word = `${(option.value ?? option.name).toUpperCase()}${option.type === 'list' ? '…' : ''}`;
  return option.required ? word : `[${word}]`;
}
