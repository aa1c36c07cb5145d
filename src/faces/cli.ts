// The terminal: argv in, text out. commander parses, this file decides what is printed where.
import { Command as Commander, CommanderError, Option, Argument } from 'commander';
import { GLOBAL_OPTIONS, toKebab, type Command, type GlobalSpec, type OptionSpec } from '../command.ts';
import type { Context, Env } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { visible } from '../markdown.ts';
import type { Registry, RegistryEntry } from '../registry.ts';
import { suggest } from '../suggest.ts';
import { readConfig } from './config.ts';
import { parseOptions, usage, type RawOptions } from './options.ts';
import { perform, refuse, type Performed } from './perform.ts';
import { renderMarkdown } from './terminal.ts';

export interface Terminal {
  readonly argv: readonly string[];
  readonly env: Env;
  readonly version: string;
  readonly stdoutHasColour: boolean;
  readonly stderrHasColour: boolean;
  out(text: string): void;
  err(text: string): void;
}

export interface Globals {
  readonly directory: string;
  readonly config: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface Faced {
  readonly registry: Registry;
  readonly terminal: Terminal;
  readonly createContext: (globals: Globals) => Promise<Context>;
}

/** The process's exit code. Never throws: whatever goes wrong is printed in the form that was asked for. */
export async function runCli(faced: Faced): Promise<number> {
  const { registry, terminal } = faced;
  const named = findCommand(registry, terminal.argv);
  if (named.entry === null) return await answerWithoutCommand(faced, named.words);
  const command = await named.entry.load();
  const program = toCommander(command, terminal);
  const words = terminal.argv.toSpliced(named.at, named.entry.name.split(' ').length);
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    return answerParseError(error, command, terminal);
  }
  return await runParsed(faced, command, program);
}

async function runParsed(faced: Faced, command: Command, program: Commander): Promise<number> {
  const { terminal } = faced;
  const given = program.opts<Record<string, unknown>>();
  const globals: Globals = {
    directory: typeof given['directory'] === 'string' ? given['directory'] : '.',
    config: typeof given['config'] === 'string' ? given['config'] : terminal.env['SOPHIA_CONFIG'],
    json: given['json'] === true,
    quiet: given['quiet'] === true,
    verbose: given['verbose'] === true,
  };
  let performed: Performed;
  try {
    const context = await faced.createContext(globals);
    const config = await readConfig(context, { path: globals.config, command, registry: faced.registry });
    const options = parseOptions(command.options, {
      command: command.name,
      flags: toRaw(command, given, program),
      env: terminal.env,
      config,
    });
    performed = await perform(context, { command, options, argv: terminal.argv });
  } catch (error) {
    performed = refuse(command.name, error);
  }
  print(performed, globals, terminal);
  return performed.exitCode;
}

function print(performed: Performed, globals: Pick<Globals, 'json' | 'quiet'>, terminal: Terminal): void {
  const { document, markdown, proofProblem } = performed;
  if (globals.json) {
    terminal.out(`${JSON.stringify(document)}\n`);
  } else if (markdown !== '') {
    terminal.out(`${renderMarkdown(markdown, { hasColour: terminal.stdoutHasColour })}\n`);
  }
  if (document.error !== null) printError(performed, terminal, globals.json);
  if (proofProblem !== null)
    terminal.err(`warning: no proof was written: ${proofProblem.code}: ${visible(proofProblem.title)}\n  ${proofProblem.hint}\n`);
  if (document.proof !== null && !globals.quiet && !globals.json) terminal.err(`proof: ${document.proof.path}\n`);
}

function printError({ document, thrown }: Performed, terminal: Terminal, isJson: boolean): void {
  const error = document.error;
  if (error === null) return;
  if (error.code === 'INTERNAL' && thrown instanceof Error) terminal.err(`${thrown.stack ?? thrown.message}\n`);
  if (isJson) return;
  const lines = [`error: ${error.title} [${error.code}]`];
  for (const { message, ...rest } of error.errors) lines.push(`  ${typeof message === 'string' ? message : JSON.stringify(rest)}`);
  if (error.detail !== '') lines.push(`  ${error.detail}`);
  lines.push(`  ${error.hint}`);
  terminal.err(`${lines.map(visible).join('\n')}\n`);
}

interface Named {
  readonly entry: RegistryEntry | null;
  /** Where the command's first word stands in argv. */
  readonly at: number;
  readonly words: readonly string[];
}

const GLOBALS_WITH_VALUE = new Set(['-C', '--directory', '--config']);

/** The longest command name that the first plain words spell. */
function findCommand(registry: Registry, argv: readonly string[]): Named {
  let at = 0;
  while (at < argv.length && argv[at]!.startsWith('-') && argv[at] !== '--') at += GLOBALS_WITH_VALUE.has(argv[at]!) ? 2 : 1;
  const words = argv.slice(at, at + 3).filter((word) => !word.startsWith('-'));
  for (let length = words.length; length > 0; length -= 1) {
    const entry = registry.find(({ name }) => name === words.slice(0, length).join(' '));
    if (entry !== undefined) return { entry, at, words };
  }
  return { entry: null, at, words };
}

async function answerWithoutCommand(faced: Faced, words: readonly string[]): Promise<number> {
  const { registry, terminal } = faced;
  const flags = terminal.argv.filter((word) => word.startsWith('-'));
  if (words.length === 0 && flags.some((flag) => flag === '--version' || flag === '-V')) {
    terminal.out(`${terminal.version}\n`);
    return 0;
  }
  const family = registry.filter(({ name }) => name.startsWith(`${words[0]} `));
  const wrong = flags.find((flag) => !['--help', '-h', '--json', '--quiet', '--verbose', '-C', '--directory', '--config'].includes(flag));
  if (words.length === 0 && wrong === undefined) {
    const { overview } = await import('./overview.ts');
    terminal.out(renderMarkdown(overview(registry), { hasColour: terminal.stdoutHasColour }));
    return 0;
  }
  if (words.length === 1 && family.length > 0) {
    const { overviewOf } = await import('./overview.ts');
    terminal.out(renderMarkdown(overviewOf(words[0]!, family), { hasColour: terminal.stdoutHasColour }));
    return flags.some((flag) => flag === '--help' || flag === '-h') ? 0 : 2;
  }
  const performed = refuse(words[0] ?? '', words.length === 0 ? usage('', `unknown option ${wrong!}`) : unknownCommand(registry, words));
  print(performed, { json: flags.includes('--json'), quiet: false }, terminal);
  return performed.exitCode;
}

function unknownCommand(registry: Registry, words: readonly string[]): SophiaError {
  const names = registry.map(({ name }) => name);
  const isFamily = names.some((name) => name.startsWith(`${words[0]} `));
  const name = isFamily ? words.slice(0, 2).join(' ') : words[0]!;
  return new SophiaError('UNKNOWN_COMMAND', {
    name,
    suggestion: suggest(name, isFamily ? names : [...names, ...names.map((each) => each.split(' ')[0]!)]),
  });
}

function toCommander(command: Command, terminal: Terminal): Commander {
  const program = new Commander(`sophia ${command.name}`)
    .description(`${command.summary}.`)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: () => {}, outputError: () => {} })
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'show this help');
  for (const [name, spec] of Object.entries(command.options)) {
    if (spec.positional) program.addArgument(toArgument(name, spec));
    else program.addOption(toOption(name, spec));
  }
  for (const [name, spec] of Object.entries<GlobalSpec>(GLOBAL_OPTIONS)) program.addOption(toGlobal(name, spec));
  program.addHelpText('after', () => helpAfter(command));
  return program;
}

function helpAfter(command: Command): string {
  const examples = command.examples.map(({ command: line, does }) => `  ${does}:\n    $ ${line}`).join('\n');
  const proof = command.kind === undefined ? '' : `\nEach run leaves a proof in proofs/${command.kind}/.`;
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

function answerParseError(error: unknown, command: Command, terminal: Terminal): number {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return 0; // --help was printed
  const problem = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\(Did you mean (.*)\?\)/, 'did you mean $1?');
  const performed = refuse(command.name, usage(command.name, problem));
  print(performed, { json: terminal.argv.includes('--json'), quiet: false }, terminal);
  return performed.exitCode;
}
