// One run of one command, the same for every face: options in, document out, proof left.
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
  /** What was thrown, for the stack of a bug. */
  readonly thrown: unknown;
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
  const { kind } = ask.command;
  return kind === undefined || ask.options['dryRun'] === true
    ? await performPlain(context, ask)
    : await performRecorded(context, ask, kind);
}

/** A document for what went wrong before a command could run. */
export function refuse(command: string, thrown: unknown): Performed {
  const error = thrown instanceof SophiaError ? thrown : toInternal(thrown);
  const document: Document = { command, result: 'UNKNOWN', findings: [], data: {}, error: toProblem(error), proof: null };
  return { document, markdown: '', exitCode: error.exitCode, proofProblem: null, thrown };
}

async function performRecorded(context: Context, ask: Ask, kind: string): Promise<Performed> {
  const [{ recordRun }, { proofsSection }] = await Promise.all([import('../proof/recording/record.ts'), import('../proof/section.ts')]);
  const { command } = ask;
  let outcome: Outcome | null = null;
  let thrown: unknown = null;
  const { redact } = context.config.read(proofsSection);
  const rules = { names: redact?.env ?? [], patterns: redact?.patterns ?? [] };
  const recorded = await recordRun(context, { kind, command: command.name, argv: ask.argv, redact: rules }, async (inner) => {
    try {
      if (ask.configFile) inner.record.input(ask.configFile.name, ask.configFile.bytes);
      outcome = await run(inner, ask);
      for (const finding of outcome.findings) inner.record.find(finding);
      inner.record.data(outcome.data as Parameters<Recorder['data']>[0]);
      if (outcome.error !== undefined) throw outcome.error;
    } catch (error) {
      thrown = error;
      throw error;
    }
  });
  const { result, findings, error, proof, exitCode, proofProblem } = recorded;
  const document: Document = { command: command.name, result, findings, data: recorded.data, error, proof };
  return { document, markdown: outcome === null ? '' : viewOf(command, { findings, data: recorded.data }), exitCode, proofProblem, thrown };
}

async function performPlain(context: Context, ask: Ask): Promise<Performed> {
  const { command } = ask;
  const found: Finding[] = [];
  try {
    const outcome = await run({ ...context, record: { ...context.record, find: (finding) => found.push(finding) } }, ask);
    const findings = [...found, ...outcome.findings];
    const result = resultOf(findings);
    const error = outcome.error === undefined ? null : toProblem(outcome.error);
    const document: Document = { command: command.name, result, findings, data: outcome.data, error, proof: null };
    const exitCode = outcome.error?.exitCode ?? exitCodeOf(result);
    return { document, markdown: viewOf(command, { findings, data: outcome.data }), exitCode, proofProblem: null, thrown: null };
  } catch (thrown) {
    return refuse(command.name, thrown);
  }
}

/** Ends when the command ends or the run is stopped, whichever comes first. */
async function run(context: Context, { command, options }: Ask): Promise<Outcome> {
  context.signal.throwIfAborted();
  return await command.run(context, options as never);
}

/** Of what was recorded, not of what the command returned: secrets are taken out there. */
function viewOf(command: Command, outcome: Pick<Outcome, 'findings' | 'data'>): string {
  return command.view(outcome as never);
}
