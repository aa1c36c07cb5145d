// What a run says on a runner: annotations, a job summary, outputs. Pure: the action face hands them over.
import path from 'node:path';
import type { Command } from '../command.ts';
import type { Problem } from '../errors.ts';
import { blocks, bold, code, table, visible } from '../markdown.ts';
import type { Finding, Verdict } from '../outcome.ts';
import { RUN_COMPLETED } from '../proof/statement.ts';
import type { Document, Performed } from './perform.ts';

export interface Place {
  /** The directory that paths in findings and of the proof count from. */
  readonly directory: string;
  /** What annotations and later steps count from. */
  readonly workspace: string;
}

export type Level = 'error' | 'warning';

export interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** GitHub keeps ten of each level for a step and drops the rest without a word. */
const PER_LEVEL = 10;
/** GitHub refuses a summary above 1 MiB; our note must still fit. */
const MAX_SUMMARY_BYTES = (1 << 20) - 1024;

const LEVELS: Readonly<Record<Verdict, Level | null>> = {
  fail: 'error',
  unknown: 'error',
  blocked: 'error',
  warn: 'warning',
  flaky: 'warning',
  pass: null,
  skipped: null,
};
const WORST_FIRST: readonly Verdict[] = ['fail', 'unknown', 'blocked', 'warn', 'flaky'];

/** The worst ten of each level, and how many there are beyond them. */
export function annotationsOf(document: Document, place: Place): { readonly shown: readonly Annotation[]; readonly more: number } {
  // The error says more than the finding that the run did not complete.
  const findings = document.findings.filter(({ check }) => document.error === null || check !== RUN_COMPLETED);
  const worst = worstFirst(findings);
  const all = [...annotationsOfError(document.error, place), ...worst.map((finding) => toAnnotation(finding, place))];
  const shown = (['error', 'warning'] as const).flatMap((level) => all.filter((each) => each.level === level).slice(0, PER_LEVEL));
  return { shown, more: all.length - shown.length };
}

/** Markdown for the job summary, under 1 MiB. */
export function summaryOf(performed: Performed, place: Place): string {
  const { document, markdown } = performed;
  const error = document.error;
  return cut(
    blocks(
      `### sophia ${document.command}: ${document.result}`,
      markdown,
      error !== null && blocks(`${bold(error.code)}: ${visible(error.title)}`, listOf(error), error.hint),
      annotationsOf(document, place).more > 0 && findingTable(document.findings),
      performed.proofProblem !== null && `No proof was written: ${performed.proofProblem.code}: ${visible(performed.proofProblem.title)}`,
      document.proof !== null && `Proof: ${code(document.proof.path)}, SHA-256 ${code(document.proof.sha256)}`,
    ),
  ).concat('\n');
}

/** The only one is what the title says already. */
function listOf({ title, errors }: Problem): string {
  const messages = errors.map(messageOf).filter((message) => message !== title);
  return messages.map((message) => `- ${visible(message)}`).join('\n');
}

/** Output names and values. The result is UNKNOWN whenever the command could not come to its end. */
export function outputsOf(command: Command | null, performed: Performed, place: Place): readonly (readonly [string, string])[] {
  const { document, exitCode } = performed;
  const data = document.data as Readonly<Record<string, unknown>>;
  return [
    ['result', exitCode > 1 ? 'UNKNOWN' : document.result],
    ['exit-code', String(exitCode)],
    ['proof-path', document.proof === null ? '' : fromWorkspace(document.proof.path, place)],
    ['proof-sha256', document.proof?.sha256 ?? ''],
    ...Object.entries(command?.outputs ?? {}).map(([name, { from }]) => [name, toText(data[from])] as const),
  ];
}

/** At a line's end, with an open code block closed and a note of what is gone. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_SUMMARY_BYTES) return text;
  const kept = bytes.subarray(0, bytes.lastIndexOf('\n', MAX_SUMMARY_BYTES) + 1).toString('utf8');
  const left = bytes.length - Buffer.byteLength(kept);
  return blocks(kept.trimEnd().concat(closingFenceOf(kept)), `… cut here: ${left} bytes more. The proof and the log have everything.`);
}

function annotationsOfError(error: Problem | null, place: Place): readonly Annotation[] {
  if (error === null) return [];
  const located = error.errors.filter((each) => each['location'] !== undefined);
  if (located.length === 0) return [{ level: 'error', title: error.code, message: `${error.title}\n${error.hint}` }];
  return located.map((each) => toAnnotationOfError(error, each, place));
}

function toAnnotationOfError({ code: title, hint }: Problem, each: Problem['errors'][number], place: Place): Annotation {
  return { level: 'error', title, message: `${messageOf(each)}\n${hint}`, ...toPosition(each['location'] as Finding['location'], place) };
}

function toAnnotation(finding: Finding, place: Place): Annotation {
  return {
    level: LEVELS[finding.verdict] ?? 'warning',
    title: finding.code ?? finding.check,
    message: `${finding.target}: ${finding.reason}`,
    ...toPosition(finding.location, place),
  };
}

/** A file outside the workspace cannot be annotated; its name is in the message. */
function toPosition(location: Finding['location'], place: Place): Pick<Annotation, 'file' | 'startLine' | 'startColumn'> {
  if (location === undefined) return {};
  const file = fromWorkspace(location.file, place);
  return path.isAbsolute(file) ? {} : { file, startLine: location.line, startColumn: location.column };
}

/** Relative to the workspace, or absolute where it lies outside. */
function fromWorkspace(file: string, { directory, workspace }: Place): string {
  const absolute = path.resolve(directory, file);
  const relative = path.relative(workspace, absolute);
  return relative.startsWith('..') || path.isAbsolute(relative) ? absolute : relative;
}

function findingTable(findings: readonly Finding[]): string {
  const rows = worstFirst(findings).map((each) => [each.verdict, each.check, each.target, each.reason]);
  return table(['verdict', 'check', 'target', 'reason'], rows);
}

function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return WORST_FIRST.flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict));
}

function closingFenceOf(text: string): string {
  let open = '';
  for (const [, fence] of text.matchAll(/^(`{3,})/gm)) {
    if (open === '') open = fence!;
    else if (fence!.length >= open.length) open = '';
  }
  return open === '' ? '' : `\n${open}`;
}

function messageOf(error: Problem['errors'][number]): string {
  const { message } = error;
  return typeof message === 'string' ? message : JSON.stringify(error);
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
