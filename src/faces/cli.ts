// The terminal: argv in, text out. Which command is asked for is seen here, cli/command-line.ts reads the rest of its line.
import type { Sections } from '../section.ts';
import type { Command, Registry, RegistryEntry } from '../command.ts';
import type { Context, Env } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { visible } from '../markdown.ts';
import { suggest } from '../suggest.ts';
import type { CommandLine } from './cli/command-line.ts';
import { readConfig } from './config.ts';
import { parseOptions, usage } from './options.ts';
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
  readonly sections: Sections;
  readonly terminal: Terminal;
  readonly createContext: (globals: Globals) => Promise<Context>;
}

/** The process's exit code. Never throws: whatever goes wrong is printed in the form that was asked for. */
export async function runCli(faced: Faced): Promise<number> {
  const { registry, terminal } = faced;
  const named = findCommand(registry, terminal.argv);
  if (named.entry === null) return await answerWithoutCommand(faced, named.words);
  const command = await named.entry.load();
  const { parseCommandLine } = await import('./cli/command-line.ts');
  const line = parseCommandLine(command, terminal.argv.toSpliced(named.at, named.entry.name.split(' ').length));
  if ('help' in line) {
    terminal.out(line.help);
    return 0;
  }
  if ('problem' in line) {
    const performed = refuse(command.name, usage(command.name, line.problem));
    await print(performed, { json: isJsonAsked(terminal.argv), quiet: false }, terminal);
    return performed.exitCode;
  }
  return await runParsed(faced, command, line);
}

/** Behind `--` it is a word like any other. */
function isJsonAsked(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

async function runParsed(faced: Faced, command: Command, { given, flags }: CommandLine): Promise<number> {
  const { terminal } = faced;
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
    const {
      config,
      file,
      options: configured,
    } = await readConfig(context, {
      path: globals.config,
      command,
      registry: faced.registry,
      sections: faced.sections,
    });
    const options = parseOptions(command.options, {
      command: command.name,
      flags,
      env: terminal.env,
      config: configured,
    });
    performed = await perform({ ...context, config }, { command, options, argv: terminal.argv, configFile: file });
  } catch (error) {
    performed = refuse(command.name, error);
  }
  await print(performed, { ...globals, isVerbatim: isVerbatim(command, performed) }, terminal);
  return performed.exitCode;
}

function isVerbatim({ isVerbatim: asked }: Command, { document, markdown }: Performed): boolean {
  return typeof asked === 'function' ? markdown !== '' && asked(document.data as never) : asked === true;
}

interface Form extends Pick<Globals, 'json' | 'quiet'> {
  readonly isVerbatim?: boolean;
}

async function print(performed: Performed, globals: Form, terminal: Terminal): Promise<void> {
  const { document, markdown, proofProblem } = performed;
  if (globals.json) {
    // A program has only this to learn from that there is no proof; the exit code is that of the run.
    terminal.out(`${JSON.stringify({ ...document, error: document.error ?? proofProblem })}\n`);
  } else if (globals.isVerbatim) {
    terminal.out(markdown);
  } else if (markdown !== '') {
    terminal.out(`${await renderMarkdown(markdown, { hasColour: terminal.stdoutHasColour })}\n`);
  }
  if (document.error !== null) printError(performed, terminal, globals.json);
  if (proofProblem !== null)
    terminal.err(`warning: no proof was written: ${proofProblem.code}: ${visible(proofProblem.title)}\n  ${proofProblem.hint}\n`);
  if (document.proof !== null && !globals.quiet && !globals.json) terminal.err(`proof: ${document.proof.path}\n`);
}

function printError({ document, stack }: Performed, terminal: Terminal, isJson: boolean): void {
  const error = document.error;
  if (error === null) return;
  if (stack !== null) terminal.err(`${stack}\n`);
  if (isJson) return;
  const lines = [`error: ${error.title} [${error.code}]`];
  // The only one is what the title says already.
  for (const { message, ...rest } of error.errors.filter((each) => each['message'] !== error.title))
    lines.push(`  ${typeof message === 'string' ? message : JSON.stringify(rest)}`);
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
  const family = familyOf(registry, words);
  const wrong = flags.find((flag) => !['--help', '-h', '--json', '--quiet', '--verbose', '-C', '--directory', '--config'].includes(flag));
  if (words.length === 0 && wrong === undefined) {
    const { overview } = await import('./overview.ts');
    terminal.out(await renderMarkdown(overview(registry), { hasColour: terminal.stdoutHasColour }));
    return 0;
  }
  if (words.length > 0 && family.length > 0) {
    const { overviewOf } = await import('./overview.ts');
    terminal.out(await renderMarkdown(overviewOf(words.join(' '), family), { hasColour: terminal.stdoutHasColour }));
    return flags.some((flag) => flag === '--help' || flag === '-h') ? 0 : 2;
  }
  const performed = refuse(words[0] ?? '', words.length === 0 ? usage('', `unknown option ${wrong!}`) : unknownCommand(registry, words));
  await print(performed, { json: flags.includes('--json'), quiet: false }, terminal);
  return performed.exitCode;
}

/** Commands whose names begin with these words: `proofs`, `proofs log`. */
function familyOf(registry: Registry, words: readonly string[]): Registry {
  return registry.filter(({ name }) => name.startsWith(`${words.join(' ')} `));
}

function unknownCommand(registry: Registry, words: readonly string[]): SophiaError {
  const names = registry.map(({ name }) => name);
  let known = 0;
  while (known < words.length && familyOf(registry, words.slice(0, known + 1)).length > 0) known += 1;
  const name = words.slice(0, known + 1).join(' ');
  return new SophiaError('UNKNOWN_COMMAND', {
    name,
    suggestion: suggest(name, known > 0 ? names : [...names.map((each) => each.split(' ')[0]!), ...names]),
  });
}
