// A step of a workflow: inputs in, annotations, job summary and outputs out. The only file that knows @actions/core.
import type { Sections } from '../section.ts';
import type * as core from '@actions/core';
import path from 'node:path';
import { toKebab, type Command, type Registry } from '../command.ts';
import type { Context, Env } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { isSecretName } from '../proof/redaction/secrets.ts';
import { environmentOf, findEntry, readBoolean, readCommandName, readInput, readOptions, secretsOf } from './action-inputs.ts';
import { createLineWriter } from './action-lines.ts';
import { annotationsOf, outputsOf, summaryOf, type Place } from './action-report.ts';
import { readConfig } from './config.ts';
import { parseOptions, type RawOptions } from './options.ts';
import { perform, refuse, type Performed } from './perform.ts';

/** What we use of @actions/core. It reads GITHUB_OUTPUT and GITHUB_STEP_SUMMARY from the process itself. */
export type Runner = Pick<typeof core, 'setSecret' | 'error' | 'warning' | 'notice' | 'setOutput' | 'summary'>;

export interface ActionContextOptions {
  readonly directory: string;
  readonly env: Env;
  readonly isVerbose: boolean;
  /** Where talk goes: disarmed, because a runner reads it. */
  readonly write: (text: string) => void;
}

export interface FacedAction {
  readonly registry: Registry;
  readonly sections: Sections;
  /** The words of the command; none where the root action hands it over as an input. */
  readonly argv: readonly string[];
  readonly env: Env;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly createContext: (options: ActionContextOptions) => Promise<Context>;
  /** Default: @actions/core. */
  readonly runner?: Runner;
}

/** The process's exit code. Never throws; outputs are written also when the command fails. */
export async function runAction(faced: FacedAction): Promise<number> {
  const runner = faced.runner ?? (await import('@actions/core'));
  maskByName(runner, faced.env);
  const out = createLineWriter(faced.out);
  const err = createLineWriter(faced.err);
  const ran = await run(faced, runner, (text) => err.write(text));
  const { performed, place } = ran;
  if (performed.markdown !== '') out.write(`${performed.markdown}\n`);
  if (performed.stack !== null) err.write(`${performed.stack}\n`);
  if (performed.proofProblem !== null)
    err.write(`warning: no proof was written: ${performed.proofProblem.code}: ${performed.proofProblem.title}\n`);
  out.end();
  annotate(runner, performed, place);
  for (const handOver of HAND_OVERS) {
    try {
      await handOver(runner, ran, faced.env);
    } catch (error) {
      // The runner's files may be missing or full; the command's own exit code stands.
      err.write(`warning: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  err.end();
  return performed.exitCode;
}

interface Ran {
  readonly performed: Performed;
  readonly command: Command | null;
  readonly place: Place;
}

async function run(faced: FacedAction, runner: Runner, write: (text: string) => void): Promise<Ran> {
  const { registry, env } = faced;
  const directory = path.resolve(readInput(env, 'working-directory') ?? '.');
  const place: Place = { directory, workspace: path.resolve(env['GITHUB_WORKSPACE'] ?? directory) };
  let name = readCommandName(faced.argv, env);
  let command: Command | null = null;
  try {
    const entry = findEntry(registry, name);
    name = entry.name;
    command = await entry.load();
    if (command.action !== undefined)
      throw new SophiaError('ACTION_INPUT_INVALID', {
        input: 'command',
        problem: `is "${name}", which is no action: ${command.action.none}`,
      });
    maskInputs(runner, command, env);
    const inner = environmentOf(command, env);
    const isVerbose = readBoolean('verbose', readInput(env, 'verbose') ?? 'false');
    const context = await faced.createContext({ directory, env: inner, isVerbose, write });
    const flags = await readOptions(command, env);
    const configPath = readInput(env, 'config') ?? inner['SOPHIA_CONFIG'];
    const {
      config,
      file,
      options: configured,
    } = await readConfig(context, { path: configPath, command, registry, sections: faced.sections });
    const options = parseOptions(command.options, { command: name, flags, env: inner, config: configured });
    const ask = { command, options, argv: toArgv(command, flags), configFile: file };
    return { performed: await perform({ ...context, config }, ask), command, place };
  } catch (error) {
    return { performed: refuse(name, error), command, place };
  }
}

/** As it would be typed in a terminal, for the proof. */
function toArgv(command: Command, flags: RawOptions): readonly string[] {
  const words = command.name.split(' ');
  for (const [name, spec] of Object.entries(command.options)) {
    const value = flags[name];
    if (value === undefined || value === false) continue;
    const text = typeof value === 'string' ? [value] : value === true ? [] : spec.positional ? value : [value.join(',')];
    words.push(...(spec.positional ? text : [`--${toKebab(name)}`, ...text]));
  }
  return words;
}

/** Shorter values are ordinary words; masking them would make the log unreadable and hide nothing. */
const MIN_SECRET_LENGTH = 6;

function maskByName(runner: Runner, env: Env): void {
  for (const [name, value] of Object.entries(env)) {
    // Which of the inputs are secret is for the definition to say: `tokens` of a map is a number.
    if (name.startsWith('SOPHIA_INPUT_') || !isSecretName(name)) continue;
    for (const line of linesOf(value)) if (line.length >= MIN_SECRET_LENGTH) runner.setSecret(line);
  }
}

function maskInputs(runner: Runner, command: Command, env: Env): void {
  for (const { input, variable } of secretsOf(command)) {
    for (const line of [...linesOf(readInput(env, input) ?? ''), ...linesOf(env[variable])]) runner.setSecret(line);
  }
}

function linesOf(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function annotate(runner: Runner, { document }: Performed, place: Place): void {
  const { shown, more } = annotationsOf(document, place);
  for (const { level, message, ...properties } of shown) runner[level](message, properties);
  // On a level of its own: an eleventh of the same level would be dropped.
  if (more > 0) runner.notice(`${more} more in the summary`, { title: `sophia ${document.command}` });
}

/** To the files that the runner reads after the step. */
const HAND_OVERS: readonly ((runner: Runner, ran: Ran, env: Env) => Promise<void> | void)[] = [writeSummary, writeOutputs];

async function writeSummary(runner: Runner, { performed, place }: Ran, env: Env): Promise<void> {
  if (env['GITHUB_STEP_SUMMARY']) await runner.summary.addRaw(summaryOf(performed, place)).write();
}

function writeOutputs(runner: Runner, { performed, command, place }: Ran, env: Env): void {
  if (!env['GITHUB_OUTPUT']) return;
  // A heredoc with a random delimiter, refused where the delimiter occurs in the value.
  for (const [name, value] of outputsOf(command, performed, place)) runner.setOutput(name, value);
}
