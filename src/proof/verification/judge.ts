// Judging one proof: bytes and the path they were found under in, flaws out. Pure, and the writer's own last check.
// Whatever the file says about itself is recomputed; nothing is believed.
import { ERROR_CODES, exitCodeOfError } from '../../errors.ts';
import { countVerdicts, exitCodeOf, resultOf, VERDICTS, type Json } from '../../outcome.ts';
import { isJsonObject, parseCanonical, serializeCompact } from '../canonical.ts';
import { sha256Of } from '../digest.ts';
import { isAttachmentOf, isViewPath, pathOf } from '../path-law.ts';
import {
  FINDINGS_SUBJECT,
  MAX_DATA_BYTES,
  MAX_PROOF_BYTES,
  readStatement,
  RUN_COMPLETED,
  SOURCE_SUBJECT,
  type Ending,
  type Predicate,
  type Statement,
} from '../statement.ts';
import { timeOfUlid } from '../ulid.ts';
import type { ProofCheck } from './flaw.ts';
import { findHttpContradictions } from './http-facts.ts';

export interface ProofFlaw {
  readonly check: ProofCheck;
  readonly reason: string;
}

export interface Judged {
  /** SHA-256 of the file, hex: the proof's digest. */
  readonly sha256: string;
  /** Null where the file is not a statement of ours. */
  readonly statement: Statement | null;
  readonly flaws: readonly ProofFlaw[];
}

/** `path` is relative to proofs/. */
export function judgeProof(path: string, bytes: Uint8Array): Judged {
  return { sha256: sha256Of(bytes), ...judgeStatement(path, bytes) };
}

/** As `judgeProof`, for whoever has no use for the digest. */
export function judgeStatement(path: string, bytes: Uint8Array): Omit<Judged, 'sha256'> {
  const refuse = (check: ProofCheck, reasons: readonly string[]): Omit<Judged, 'sha256'> => ({
    statement: null,
    flaws: reasons.map((reason) => ({ check, reason })),
  });
  if (bytes.length > MAX_PROOF_BYTES) return refuse('schema', [`${bytes.length} bytes; a proof has at most ${MAX_PROOF_BYTES}`]);
  const parsed = parseCanonical(bytes);
  if (!parsed.ok) return refuse(parsed.isTooDeep ? 'schema' : 'not-canonical', [parsed.reason]);
  const read = readStatement(parsed.value);
  if (!read.ok)
    return refuse(
      'schema',
      read.flaws.map(({ pointer, message }) => `${pointer === '' ? 'the file' : pointer} ${message}`),
    );
  const { statement } = read;
  const flaws: ProofFlaw[] = [
    ...findMisplaced(path, statement.predicate).map((reason) => ({ check: 'path-law', reason }) as const),
    ...findContradictions(statement, parsed.value, bytes.length).map((reason) => ({ check: 'contradiction', reason }) as const),
  ];
  return { statement, flaws };
}

/** The SHA-256 that a statement binds a file (path relative to proofs/) or another subject to. */
export function digestOf(statement: Statement, name: string): string | null {
  const subject = statement.subject.find((each) => each.name === name);
  return subject !== undefined && 'sha256' in subject.digest ? subject.digest.sha256 : null;
}

/** SHA-256 of the RFC 8785 bytes of the findings. */
export function hashFindings(findings: Json): string {
  return sha256Of(serializeCompact(findings));
}

function findMisplaced(path: string, { kind, id, startedAt, attachments, views }: Predicate): string[] {
  // What it says of its day is looked at beside the id; so the text, where it agrees, is as good as a calendar.
  const likely = `${kind}/${startedAt.slice(0, 4)}/${startedAt.slice(5, 7)}/${startedAt.slice(8, 10)}/${id}.json`;
  const right = path === likely && Date.parse(startedAt) === timeOfUlid(id) && isRealTime(startedAt) ? path : pathOf({ kind, id });
  const reasons = path === right ? [] : [`by what it says it belongs at ${right}`];
  for (const each of attachments) {
    if (!isAttachmentOf(right, each.path)) reasons.push(`the attachment ${each.path} would not lie beside its proof`);
  }
  for (const each of views) {
    if (!isViewPath(each.path)) reasons.push(`${each.path} is not where a view can lie`);
  }
  return reasons;
}

function findContradictions(statement: Statement, value: Json, sizeBytes: number): string[] {
  const { predicate } = statement;
  return [
    ...findWrongTimes(predicate),
    ...findWrongCounts(predicate),
    ...findWrongEnding(predicate),
    ...findWrongSubjects(statement, value),
    ...predicate.findings.flatMap(findHttpContradictions),
    // Most proofs are shorter than what their data alone may be.
    ...(sizeBytes > MAX_DATA_BYTES && Buffer.byteLength(serializeCompact(predicate.data)) > MAX_DATA_BYTES
      ? [`data is larger than ${MAX_DATA_BYTES} bytes`]
      : []),
  ];
}

function findWrongTimes({ id, startedAt, finishedAt }: Predicate): string[] {
  const reasons: string[] = [];
  if (Date.parse(startedAt) !== timeOfUlid(id) || !isRealTime(startedAt))
    reasons.push(`startedAt is ${startedAt}, the time in the id is ${new Date(timeOfUlid(id)).toISOString()}`);
  if (!isRealTime(finishedAt)) reasons.push(`there is no time ${finishedAt}`);
  else if (finishedAt < startedAt) reasons.push(`it finished at ${finishedAt}, before it started at ${startedAt}`);
  return reasons;
}

/** The 30th of February has the right form. */
function isRealTime(time: string): boolean {
  const day = Number(time.slice(8, 10));
  return day <= 28 || new Date(Date.parse(time)).getUTCDate() === day;
}

function findWrongCounts({ findings, counts, result }: Predicate): string[] {
  const recounted = countVerdicts(findings);
  const reasons = [...VERDICTS, 'total' as const]
    .filter((name) => counts[name] !== recounted[name])
    .map((name) => `counts say ${counts[name]} ${name}, the findings ${recounted[name]}`);
  const folded = resultOf(findings);
  if (result !== folded) reasons.push(`the result says ${result}, the findings ${folded}`);
  return reasons;
}

function findWrongEnding(predicate: Predicate): string[] {
  const { ending, error, exitCode, findings } = predicate;
  const reasons: string[] = [];
  if ((ending === 'completed') !== (error === null))
    reasons.push(`the ending is ${ending}, but ${error === null ? 'there is no error' : `the error is ${error.code}`}`);
  if (error !== null && ending !== 'completed' && !isEndingOf(ending, error.code))
    reasons.push(`the ending is ${ending}, but the error is ${error.code}`);
  const admissions = findings.filter(({ check }) => check === RUN_COMPLETED);
  if (ending === 'completed' && admissions.length > 0) reasons.push(`the ending is completed, but a finding is ${RUN_COMPLETED}`);
  if (ending !== 'completed' && !admissions.some(({ verdict }) => verdict === 'unknown'))
    reasons.push(`the ending is ${ending}, but no finding ${RUN_COMPLETED} says so`);
  const allowed = exitCodesOf(predicate);
  if (!allowed.includes(exitCode)) reasons.push(`the exit code says ${exitCode}, but it must have been ${allowed.join(' or ')}`);
  return reasons;
}

const CODE_OF_ENDING: ReadonlyMap<Ending, string> = new Map([
  ['crashed', 'INTERNAL'],
  ['timeout', 'TIMEOUT'],
  ['interrupted', 'INTERRUPTED'],
]);

function isEndingOf(ending: Ending, code: string): boolean {
  const own = CODE_OF_ENDING.get(ending);
  if (own !== undefined) return code === own;
  return ending === 'vanished' || ![...CODE_OF_ENDING.values()].includes(code);
}

/** One, except that a signal's name is no field of an error, and that an error of another version may have its own code. */
function exitCodesOf({ ending, error, result }: Predicate): readonly number[] {
  if (ending === 'interrupted') return [130, 143];
  if (error === null) return [exitCodeOf(result)];
  const known = ERROR_CODES.find((code) => code === error.code);
  if (known === undefined) return [exitCodeOf(result), 2, 4, 5];
  const own = exitCodeOfError(known);
  return [own === 3 ? exitCodeOf(result) : own];
}

function findWrongSubjects(statement: Statement, value: Json): string[] {
  const { subject, predicate } = statement;
  const reasons: string[] = [];
  const names = new Set(subject.map(({ name }) => name));
  if (names.size !== subject.length) reasons.push('two subjects have the same name');
  const commit = predicate.source?.commit ?? null;
  const source = subject.find(({ name }) => name === SOURCE_SUBJECT)?.digest ?? null;
  const recorded = source !== null && 'gitCommit' in source ? source.gitCommit : null;
  if (recorded !== commit || (source !== null && recorded === null))
    reasons.push(`the subject "${SOURCE_SUBJECT}" is not the commit of the source`);
  const files = [...predicate.attachments, ...predicate.views].map(({ path }) => path);
  for (const path of files) {
    if (digestOf(statement, path) === null) reasons.push(`no subject has the digest of ${path}`);
  }
  if (new Set(files).size !== files.length) reasons.push('two attachments or views have the same path');
  const isAlone = commit === null && files.length === 0;
  const digest = digestOf(statement, FINDINGS_SUBJECT);
  if (isAlone && digest === null) reasons.push(`without a commit and a file there must be a subject "${FINDINGS_SUBJECT}"`);
  if (names.has(FINDINGS_SUBJECT) && digest !== hashFindings(findingsIn(value)))
    reasons.push(`the subject "${FINDINGS_SUBJECT}" is not the digest of the findings`);
  return reasons;
}

/** The findings as they stand in the file, not as this version understands them. */
function findingsIn(value: Json): Json {
  const predicate = isJsonObject(value) ? (value['predicate'] ?? null) : null;
  return isJsonObject(predicate) ? (predicate['findings'] ?? null) : null;
}
