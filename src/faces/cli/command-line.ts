// The words behind a command's name. commander reads them and writes the help; it is loaded when a command was named.
import { Argument, Command as Commander, CommanderError, Option } from 'commander';
import { GLOBAL_OPTIONS, shownKindOf, toKebab, type Command, type GlobalSpec, type OptionSpec } from '../../command.ts';
import type { RawOptions } from '../options.ts';

export interface CommandLine {
  /** The command's own options, positional ones included. */
  readonly flags: RawOptions;
  /** Everything that was given, global options too, by commander's names. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** What the words say, or the help they ask for, or what is wrong with them in one line. */
export function parseCommandLine(
  command: Command,
  words: readonly string[],
): CommandLine | { readonly help: string } | { readonly problem: string } {
  let help = '';
  const program = toCommander(command, (text) => (help += text));
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { help } : { problem: toProblem(error) };
  }
  const given = program.opts<Record<string, unknown>>();
  return { flags: toRaw(command, given, program), given };
}

function toProblem({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\(Did you mean (.*)\?\)/, 'did you mean $1?');
}

function toCommander(command: Command, out: (text: string) => void): Commander {
  const program = new Commander(`sophia ${command.name}`)
    .description(`${command.summary}.`)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: () => {}, outputError: () => {} })
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'show this help');
  for (const [name, spec] of Object.entries(command.options)) {
    if (spec.positional) program.addArgument(toArgument(name, spec));
    else program.addOption(toOption(name, spec));
    if (spec.rest === true) program.passThroughOptions().usage(`[options] -- <${(spec.value ?? name).toLowerCase()}...>`);
  }
  for (const [name, spec] of Object.entries<GlobalSpec>(GLOBAL_OPTIONS)) program.addOption(toGlobal(name, spec));
  program.addHelpText('after', () => helpAfter(command));
  return program;
}

function helpAfter(command: Command): string {
  const examples = command.examples.map(({ command: line, does }) => `  ${does}:\n    $ ${line}`).join('\n');
  const kind = shownKindOf(command);
  const proof = kind === null ? '' : `\nEach run leaves a proof in proofs/${kind}/.`;
  return `\nExamples:\n${examples}\n\nExit codes: 0 passed or warned, 1 failed, 2 usage, 3 could not tell, 4 not allowed, 5 a proof does not hold.${proof}`;
}

function toArgument(name: string, spec: OptionSpec): Argument {
  const word = `${(spec.value ?? name).toLowerCase()}${spec.type === 'list' ? '...' : ''}`;
  return new Argument(spec.required ? `<${word}>` : `[${word}]`, spec.help);
}

function toOption(name: string, spec: OptionSpec): Option {
  const flag = `--${toKebab(name)}`;
  const help = [
    spec.help,
    ...(spec.choices === undefined ? [] : [`one of ${spec.choices.join(', ')}`]),
    ...(spec.default === undefined ? [] : [`default ${spec.default}`]),
  ];
  if (spec.type === 'boolean') return new Option(flag, help.join('; '));
  const word =
    spec.value ??
    { duration: 'duration', size: 'size', integer: 'n', number: 'n', path: 'file', list: 'list', string: 'text', boolean: '' }[spec.type];
  const option = new Option(`${flag} <${word.toLowerCase()}>`, help.join('; '));
  const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];
  return option.argParser(collect);
}

/** The last occurrence counts: a script may add `-C` to a command line that has one. */
function toGlobal(name: string, spec: GlobalSpec): Option {
  const flags = `${spec.short === undefined ? '' : `-${spec.short}, `}--${name}${spec.type === 'boolean' ? '' : ` <${(spec.value ?? 'file').toLowerCase()}>`}`;
  const option = new Option(flags, spec.help);
  return name === 'quiet' ? option.conflicts('verbose') : option;
}

/** Options collect every occurrence; only a list may have several. */
function toRaw(command: Command, given: Record<string, unknown>, program: Commander): RawOptions {
  const raw: Record<string, string | boolean | readonly string[] | undefined> = {};
  const positionals = Object.entries(command.options).filter(([, spec]) => spec.positional);
  positionals.forEach(([name], index) => {
    raw[name] = program.processedArgs[index] as string | readonly string[] | undefined;
  });
  for (const [name, spec] of Object.entries(command.options)) {
    const value = given[name];
    if (spec.positional || value === undefined) continue;
    raw[name] =
      Array.isArray(value) && value.length === 1 && spec.type !== 'list'
        ? String(value[0])
        : (value as string | boolean | readonly string[]);
  }
  return raw;
}
