// What a proof says: an in-toto v1 statement with the predicate of a run. Every field is present; an unknown one is an error.
// Source: in-toto/attestation spec/v1/statement.md. A change of shape needs a new predicate type.
import type { Counts, Finding, JsonObject, Result, Verdict } from '../outcome.ts';
import { VERDICTS } from '../outcome.ts';
import { ATTACHMENT_NAME_PATTERN, KIND_PATTERN } from './path-law.ts';
import {
  amount,
  anything,
  anyObject,
  either,
  flag,
  integer,
  listOf,
  nullOr,
  object,
  oneOf,
  text,
  type Flaw,
  type Shape,
} from '../shape.ts';
import { ULID_PATTERN } from './ulid.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1' as const;
export const PREDICATE_TYPE = 'urn:sophia:proof:run:v1' as const;
export const MAX_PROOF_BYTES = 256 * 1024;
export const MAX_DATA_BYTES = 128 * 1024;
export const MAX_ATTACHMENTS = 20;
/** What is larger is neither written nor read. */
export const MAX_VIEW_BYTES = 32 * 1024 * 1024;
/** The check that says a run did not get to its end. */
export const RUN_COMPLETED = 'run-completed';
/** Subject of a run that saw neither a commit nor a file: the RFC 8785 bytes of its findings. */
export const FINDINGS_SUBJECT = 'findings';
export const SOURCE_SUBJECT = 'source';

export type Ending = 'completed' | 'stopped' | 'crashed' | 'timeout' | 'interrupted' | 'vanished';
export type Relation = 'supersedes' | 'retries' | 'follows' | 'revokes';

export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly subject: readonly Subject[];
  readonly predicate: Predicate;
}

export interface Subject {
  readonly name: string;
  readonly digest: Digest;
}

export type Digest = { readonly sha256: string } | { readonly gitCommit: string };

export interface Predicate {
  readonly id: string;
  readonly kind: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly tool: { readonly name: string; readonly version: string };
  /** UTC, three decimals. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** From the monotonic clock, so it may differ from finishedAt - startedAt where the clock was set. */
  readonly durationMs: number;
  readonly ending: Ending;
  readonly findings: readonly Finding[];
  readonly counts: Counts;
  readonly result: Result;
  readonly exitCode: number;
  /** Null exactly where the ending is `completed`. */
  readonly error: RecordedProblem | null;
  readonly data: JsonObject;
  readonly source: Source | null;
  readonly environment: Environment;
  readonly inputs: readonly { readonly name: string; readonly digest: { readonly sha256: string }; readonly sizeBytes: number }[];
  readonly attachments: readonly { readonly path: string; readonly mediaType: string; readonly sizeBytes: number }[];
  readonly views: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** The last checkpoint seen: a lower bound in time. */
  readonly ledger: { readonly origin: string; readonly size: number; readonly root: string } | null;
  readonly links: readonly { readonly rel: Relation; readonly proof: string; readonly sha256: string }[];
  readonly redactions: readonly Redaction[];
  /** What is kept only in part, or not at all: size and digest of the whole. */
  readonly truncated: readonly { readonly path: string; readonly sizeBytes: number; readonly sha256: string }[];
}

/** RFC 9457 as in the catalogue; the code of another version is kept as it is. */
export interface RecordedProblem {
  readonly type: string;
  readonly code: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly errors: readonly JsonObject[];
}

export interface Source {
  /** Without credentials; null where there is no remote. */
  readonly repository: string | null;
  /** Null before the first commit. */
  readonly commit: string | null;
  readonly tree: string | null;
  /** Null on a detached HEAD. */
  readonly ref: string | null;
  readonly dirty: boolean;
  /** SHA-256 of what differs from the commit; null when clean, or too much to read. */
  readonly diffSha256: string | null;
}

export interface Environment {
  readonly kind: 'github' | 'local';
  readonly os: string;
  readonly node: string;
  readonly runId?: string;
  readonly runAttempt?: string;
  readonly job?: string;
  readonly event?: string;
  readonly workflowRef?: string;
  readonly runnerEnvironment?: string;
}

export interface Redaction {
  readonly path: string;
  readonly reason: string;
  readonly count: number;
}

const sha256 = text({ pattern: '[0-9a-f]{64}', what: '64 lowercase hex digits' });
const gitId = text({ pattern: '[0-9a-f]{40}([0-9a-f]{24})?', what: '40 or 64 lowercase hex digits' });
const name = text({ pattern: '[\\s\\S]+', what: 'text that is not empty' });
const kind = text({ pattern: KIND_PATTERN, what: 'a kind: a to z, 0 to 9 and _, a letter first, at most 32' });
const time = text({
  pattern: '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z',
  what: 'a UTC time with three decimals, like 2026-11-22T03:00:04.123Z',
});
const DAY_FOLDERS = `${KIND_PATTERN}/\\d{4}/\\d{2}/\\d{2}/${ULID_PATTERN}`;
const proofPath = text({ pattern: `${DAY_FOLDERS}\\.json`, what: 'the path of a proof, relative to proofs/' });
const attachmentPath = text({
  pattern: `${DAY_FOLDERS}\\.${ATTACHMENT_NAME_PATTERN}`,
  what: 'the path of an attachment, relative to proofs/',
});
const viewPath = text({ pattern: '[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*', what: 'a folder and a name' });

const finding: Shape<Finding> = object(
  { check: name, target: text(), verdict: oneOf(VERDICTS), reason: text() },
  {
    code: text(),
    attempts: integer(),
    durationMs: amount(),
    observed: anything(),
    expected: anything(),
    tries: listOf(anything()),
    location: object({ file: text(), line: integer(1), column: integer(1) }),
  },
);

const problem: Shape<RecordedProblem> = object({
  type: name,
  code: text({ pattern: '[A-Z][A-Z0-9_]*', what: 'an error code' }),
  title: text(),
  status: integer(100),
  detail: text(),
  hint: text(),
  retryable: flag(),
  errors: listOf(anyObject()),
});

const verdictCount = integer();
const counts: Shape<Counts> = object({
  pass: verdictCount,
  flaky: verdictCount,
  warn: verdictCount,
  fail: verdictCount,
  unknown: verdictCount,
  blocked: verdictCount,
  skipped: verdictCount,
  total: verdictCount,
} satisfies Record<Verdict | 'total', Shape<number>>);

const digest: Shape<Digest> = either(
  object({ sha256 }),
  object({ gitCommit: gitId }),
  'one digest: {"sha256": 64 hex} or {"gitCommit": 40 or 64 hex}',
);

const source: Shape<Source> = object({
  repository: nullOr(name),
  commit: nullOr(gitId),
  tree: nullOr(gitId),
  ref: nullOr(name),
  dirty: flag(),
  diffSha256: nullOr(sha256),
});

export const ENVIRONMENT_SHAPE: Shape<Environment> = object(
  { kind: oneOf(['github', 'local']), os: name, node: name },
  { runId: text(), runAttempt: text(), job: text(), event: text(), workflowRef: text(), runnerEnvironment: text() },
);

const predicate: Shape<Predicate> = object({
  id: text({ pattern: ULID_PATTERN, what: 'a ULID: 26 uppercase Crockford letters' }),
  kind,
  command: name,
  argv: listOf(text()),
  tool: object({ name, version: name }),
  startedAt: time,
  finishedAt: time,
  durationMs: amount(),
  ending: oneOf(['completed', 'stopped', 'crashed', 'timeout', 'interrupted', 'vanished']),
  findings: listOf(finding),
  counts,
  result: oneOf(['PASSED', 'WARNED', 'FAILED', 'UNKNOWN']),
  exitCode: integer(),
  error: nullOr(problem),
  data: anyObject(),
  source: nullOr(source),
  environment: ENVIRONMENT_SHAPE,
  inputs: listOf(object({ name, digest: object({ sha256 }), sizeBytes: integer() })),
  attachments: listOf(object({ path: attachmentPath, mediaType: name, sizeBytes: integer() }), { max: MAX_ATTACHMENTS }),
  views: listOf(object({ path: viewPath, sizeBytes: integer() })),
  ledger: nullOr(object({ origin: name, size: integer(), root: text({ pattern: '[A-Za-z0-9+/]{43}=', what: 'a SHA-256 in base64' }) })),
  links: listOf(object({ rel: oneOf(['supersedes', 'retries', 'follows', 'revokes']), proof: proofPath, sha256 })),
  redactions: listOf(object({ path: text({ pattern: '(/[\\s\\S]*)?', what: 'a JSON pointer' }), reason: name, count: integer(1) })),
  truncated: listOf(object({ path: name, sizeBytes: integer(), sha256 })),
});

const statement: Shape<Statement> = object({
  _type: oneOf([STATEMENT_TYPE]),
  predicateType: oneOf([PREDICATE_TYPE]),
  subject: listOf(object({ name, digest }), { min: 1 }),
  predicate,
});

/** Published with the package: what an editor or a stranger's validator checks is what verify checks. */
export const PROOF_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: PREDICATE_TYPE,
  title: 'Proof of one run of sophia',
  description:
    'In-toto v1 statement. Byte law, path law, digests and the recomputed result go beyond a schema: "sophia proofs verify" checks them.',
  ...statement.schema,
};

/** The statement, or everything that is wrong with its shape. */
export function readStatement(
  value: unknown,
): { readonly ok: true; readonly statement: Statement } | { readonly ok: false; readonly flaws: readonly Flaw[] } {
  if (statement.accepts(value)) return { ok: true, statement: value };
  const flaws: Flaw[] = [];
  return statement.check(value, '', flaws) ? { ok: true, statement: value } : { ok: false, flaws };
}
