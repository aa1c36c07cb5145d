// What a step of a workflow hands over: SOPHIA_INPUT_* variables, all of them text, empty where nothing was given.
import {
  inputVariableOf,
  toKebab,
  toSlug,
  type Command,
  type OptionSpec,
  type OptionTable,
  type Registry,
  type RegistryEntry,
} from '../command.ts';
import { describeCommand } from '../describe.ts';
import type { Env } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { suggest } from '../suggest.ts';
import { splitList, type RawOptions } from './options.ts';

/** The value of an input; null where it was not given. */
export function readInput(env: Env, input: string): string | null {
  const value = env[inputVariableOf(input)];
  return value === undefined || value.trim() === '' ? null : value;
}

/** What the step asks for: by the words of its script, or by the input `command` of the root action. */
export function readCommandName(argv: readonly string[], env: Env): string {
  return argv.length > 0 ? argv.join(' ') : (readInput(env, 'command') ?? '').trim().replaceAll(/\s+/g, ' ');
}

/** By name, `proofs verify` or `proofs-verify`. There is no default. */
export function findEntry(registry: Registry, name: string): RegistryEntry {
  if (name === '') throw invalid('command', 'is missing: there is no default command');
  const found = registry.find((entry) => entry.name === name || toSlug(entry.name) === name);
  if (found !== undefined) return found;
  throw new SophiaError('UNKNOWN_COMMAND', {
    name,
    suggestion: suggest(
      name,
      registry.map((entry) => entry.name),
    ),
  });
}

/** Values by option name, from one input each and from the mapping in `options`. */
export async function readOptions(command: Command, env: Env): Promise<RawOptions> {
  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, spec] of Object.entries(command.options)) {
    const text = readInput(env, toKebab(name));
    if (text !== null) values[name] = toRaw(toKebab(name), spec, text);
  }
  const mapping = readInput(env, 'options');
  // A command with an option of this name has its own input for it; the mapping is an input of the root action.
  return mapping === null || 'options' in command.options ? values : { ...values, ...(await readMapping(command.options, mapping)) };
}

export function readBoolean(input: string, text: string): boolean {
  const word = text.trim();
  if (/^(true|True|TRUE)$/.test(word)) return true;
  if (/^(false|False|FALSE)$/.test(word)) return false;
  throw invalid(input, `is ${JSON.stringify(text)}, which is neither true nor false`);
}

/**
 * The environment the command sees: without the inputs, so that a sophia started below this one is an ordinary one,
 * and with the secrets among them under the names that the definition gives them.
 */
export function environmentOf(command: Command | null, env: Env): Env {
  const inner: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name !== 'SOPHIA_ACTION' && !name.startsWith('SOPHIA_INPUT_')) inner[name] = value;
  }
  for (const { input, variable } of command === null ? [] : secretsOf(command)) {
    const value = readInput(env, input);
    if (value !== null) inner[variable] = value;
  }
  return inner;
}

export function secretsOf(command: Command): readonly { readonly input: string; readonly variable: string }[] {
  return describeCommand(command).options.flatMap(({ secret, name, env }) =>
    secret && env !== null ? [{ input: name, variable: env }] : [],
  );
}

function toRaw(input: string, spec: OptionSpec, text: string): string | boolean | readonly string[] {
  if (spec.type === 'boolean') return readBoolean(input, text);
  return spec.type === 'list' ? splitList(text) : text.trim();
}

/** YAML as data: option to value or list of values. Nothing in it is split into words. */
async function readMapping(table: OptionTable, text: string): Promise<RawOptions> {
  const { isMap, isScalar, isSeq, parseDocument } = await import('yaml');
  const document = parseDocument(text, { version: '1.2', strict: true, uniqueKeys: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw invalid('options', `is no YAML: ${problem.message.split('\n', 1)[0]!.replace(/:$/, '')}`);
  if (document.contents === null) return {};
  if (!isMap(document.contents)) throw invalid('options', 'must be a mapping: option to value, or to a list of values');
  const names = new Map(Object.keys(table).map((name) => [toKebab(name), name]));
  const values: Record<string, string | boolean | readonly string[]> = {};
  const toText = (node: unknown, key: string): string => {
    if (!isScalar(node)) throw invalid('options', `gives "${key}" something that is neither a value nor a list of values`);
    return typeof node.value === 'string' ? node.value : (node.source ?? '');
  };
  for (const { key, value } of document.contents.items) {
    const option = toText(key, 'a key');
    const name = names.get(option);
    if (name === undefined) throw invalid('options', `has no option "${option}"${suggest(option, [...names.keys()])}`);
    const spec = table[name]!;
    if (isSeq(value)) {
      if (spec.type !== 'list') throw invalid('options', `gives "${option}" a list; it takes one value`);
      values[name] = value.items.map((item) => toText(item, option)).filter((item) => item !== '');
      continue;
    }
    const given = value === null ? '' : toText(value, option);
    if (given.trim() !== '') values[name] = toRaw(option, spec, given);
  }
  return values;
}

function invalid(input: string, problem: string): SophiaError<'ACTION_INPUT_INVALID'> {
  return new SophiaError('ACTION_INPUT_INVALID', { input, problem });
}
