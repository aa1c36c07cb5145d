// One run of one command, the same for every face: options in, document out, proof left.
import path from 'node:path';
import type { Command } from '../command.ts';
import type { Context, Recorder } from '../context.ts';
import { SophiaError, toInternal, toProblem, type Problem } from '../errors.ts';
import type { ConfigFile } from './config.ts';
import { exitCodeOf, resultOf, type Finding, type Outcome, type Result } from '../outcome.ts';

/** What `--json` prints, on success and on failure. */
export interface Document {
  readonly command: string;
  readonly result: Result;
  readonly findings: readonly Finding[];
  readonly data: object;
  readonly error: Problem | null;
  readonly proof: { readonly id: string; readonly path: string; readonly sha256: string } | null;
}

export interface Performed {
  readonly document: Document;
  /** The command's own view; empty when it did not get that far. */
  readonly markdown: string;
  readonly exitCode: number;
  /** Why there is no proof although the command leaves one. */
  readonly proofProblem: Problem | null;
  /** Of what was thrown, where that is a bug. */
  readonly stack: string | null;
}

export interface Ask {
  readonly command: Command;
  readonly options: Readonly<Record<string, unknown>>;
  /** As typed, for the proof. */
  readonly argv: readonly string[];
  /** The configuration that was read, which the run then depended on. */
  readonly configFile?: ConfigFile | null;
}

export async function perform(context: Context, ask: Ask): Promise<Performed> {
  const kind = kindOf(ask);
  return kind === null || ask.options['dryRun'] === true ? await performPlain(context, ask) : await performRecorded(context, ask, kind);
}

/** An option that says it is required, so that there always is one. */
function kindOf({ command, options }: Ask): string | null {
  const { kind, proofless } = command;
  if (proofless !== undefined && options[proofless] !== undefined) return null;
  if (kind === undefined || typeof kind === 'string') return kind ?? null;
  return String(options[kind.option]);
}

/** A document for what went wrong before a command could run. */
export function refuse(command: string, thrown: unknown): Performed {
  const error = thrown instanceof SophiaError ? (thrown as SophiaError) : toInternal(thrown); // instanceof forgets which codes there are
  const document: Document = { command, result: 'UNKNOWN', findings: [], data: {}, error: toProblem(error), proof: null };
  return { document, markdown: '', exitCode: error.exitCode, proofProblem: null, stack: stackOf(error) };
}

async function performRecorded(context: Context, ask: Ask, kind: string): Promise<Performed> {
  const { recordRun } = await import('../proof/recording/record.ts');
  const { command } = ask;
  let outcome: Outcome | null = null;
  const { editsFiles = false, secrets = {} } = command;
  const asked = { kind, command: command.name, argv: ask.argv, editsFiles, secretNames: Object.keys(secrets) };
  const recorded = await recordRun(context, asked, async (inner) => {
    if (ask.configFile) inner.record.input(ask.configFile.name, ask.configFile.bytes);
    outcome = await run(inner, ask);
    for (const finding of outcome.findings) inner.record.find(finding);
    inner.record.data(outcome.data as Parameters<Recorder['data']>[0]);
    if (outcome.error !== undefined) throw outcome.error;
  });
  const { result, findings, error, proof, exitCode, proofProblem, stack } = recorded;
  const document: Document = { command: command.name, result, findings, data: recorded.data, error, proof };
  // Of a question that was refused there is nothing to report, and where to write it may be what was wrong with it.
  if (error?.code !== 'USAGE') writeReports(context, ask, { findings, data: recorded.data });
  return { document, markdown: outcome === null ? '' : viewOf(command, { findings, data: recorded.data }), exitCode, proofProblem, stack };
}

async function performPlain(context: Context, ask: Ask): Promise<Performed> {
  const { command } = ask;
  const found: Finding[] = [];
  try {
    const record: Recorder = { ...context.record, find: (finding) => found.push(finding) };
    const outcome = await run({ ...context, argv: ask.argv, record }, ask);
    const findings = [...found, ...outcome.findings];
    const result = resultOf(findings);
    const error = outcome.error === undefined ? null : toProblem(outcome.error);
    const document: Document = { command: command.name, result, findings, data: outcome.data, error, proof: outcome.proof ?? null };
    const exitCode = outcome.error?.exitCode ?? exitCodeOf(result);
    return { document, markdown: viewOf(command, { findings, data: outcome.data }), exitCode, proofProblem: null, stack: null };
  } catch (thrown) {
    return refuse(command.name, thrown);
  }
}

function stackOf({ code, cause }: SophiaError): string | null {
  return code === 'INTERNAL' && cause instanceof Error ? (cause.stack ?? cause.message) : null;
}

/** Ends when the command ends or the run is stopped, whichever comes first. */
async function run(context: Context, { command, options }: Ask): Promise<Outcome> {
  context.signal.throwIfAborted();
  return await command.run(context, options as never);
}

/** Also of a run that was stopped. A file that cannot be written changes no exit code, as with proofs. */
function writeReports({ directory, files, log }: Context, { command, options }: Ask, outcome: Pick<Outcome, 'findings' | 'data'>): void {
  for (const { path: file, text } of command.reports?.(outcome as never, options as never) ?? []) {
    try {
      files.replace(path.resolve(directory, file), text);
    } catch (thrown) {
      log.warn(`${file} was not written: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
}

/** Of what was recorded, not of what the command returned: secrets are taken out there. */
function viewOf(command: Command, outcome: Pick<Outcome, 'findings' | 'data'>): string {
  return command.view(outcome as never);
}
