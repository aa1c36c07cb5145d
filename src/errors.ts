// The catalogue of coded errors. Docs and `sophia explain` are made from it.
import type { JsonObject } from './outcome.ts';

interface Entry {
  /** What happened, with {placeholders}. */
  readonly title: string;
  /** What to do about it. */
  readonly hint: string;
  /** 2 usage or configuration, 3 could not tell, 4 authentication or permission, 5 a proof does not hold. */
  readonly exitCode: 2 | 3 | 4 | 5;
  /** HTTP status of the problem document. */
  readonly status: number;
  readonly retryable?: true;
  /** More for `sophia explain`: why it happens, an example. */
  readonly explain: string;
}

const CATALOGUE = {
  USAGE: {
    title: '{problem}',
    hint: 'Run "sophia {command} --help" for what it takes.',
    exitCode: 2,
    status: 400,
    explain: 'An option or argument is unknown, missing, repeated or has a value of the wrong form. Nothing was run.',
  },
  UNKNOWN_COMMAND: {
    title: 'There is no command "{name}"{suggestion}',
    hint: 'Run "sophia" to see all commands.',
    exitCode: 2,
    status: 400,
    explain: 'The first words of the command line name a command. Nothing was run.',
  },
  CONFIG_INVALID: {
    title: '{file}:{line}:{column}: {problem}',
    hint: 'Mend the line; every key is described in schemas/sophia.schema.json.',
    exitCode: 2,
    status: 400,
    explain:
      'sophia.yaml is strict YAML 1.2: an unknown key, a wrong type or a duplicate key is an error, so that a typo cannot switch a check off.',
  },
  CONFIG_NOT_FOUND: {
    title: 'There is no configuration file at {path}',
    hint: 'Give an existing file to --config, or leave the option out.',
    exitCode: 2,
    status: 400,
    explain: 'A file named by --config or SOPHIA_CONFIG must exist. The default, sophia.yaml, may be absent.',
  },
  CONFIG_UNREADABLE: {
    title: 'The configuration {path} cannot be read: {reason}',
    hint: 'Make it a regular file that you may read, or name another one with --config.',
    exitCode: 2,
    status: 400,
    explain:
      'sophia.yaml is a directory, a pipe, a device, a link that leads nowhere, far too large, or not readable by you. Nothing was run.',
  },
  GLOB_INVALID: {
    title: 'The glob "{glob}" {problem}',
    hint: 'Write it as in .gitignore: *, ?, [a-z], ** for any folders, alternatives in braces; a special character is written behind a backslash.',
    exitCode: 2,
    status: 400,
    explain:
      'A glob that can match nothing, or that stands for thousands of others, is more likely a mistake than a wish. Nothing was searched or indexed.',
  },
  NOT_A_DIRECTORY: {
    title: '{path} is not a directory that can be read{reason}',
    hint: 'Give the path of an existing directory.',
    exitCode: 2,
    status: 400,
    explain: 'The command works on a directory: it does not exist, is a file, or may not be read.',
  },
  TOOL_MISSING: {
    title: '{tool} was not found on this machine',
    hint: '{mend}',
    exitCode: 2,
    status: 500,
    explain: 'A program the command needs is not installed or not on the PATH.',
  },
  TOOL_FAILED: {
    title: '{tool} failed: {reason}',
    hint: 'Run the same command by hand to see more: {command}',
    exitCode: 3,
    status: 502,
    explain: 'A program that the command started ended with an error it could not handle.',
  },
  GIT_UNTRUSTED: {
    title: 'git does not trust the repository at {path}: {reason}',
    hint: '{mend}',
    exitCode: 4,
    status: 403,
    explain:
      'git reads no repository that belongs to another user, because its configuration could start programs. If you trust it, say so with the command of the hint.',
  },
  REGEX_INVALID: {
    title: 'The regular expression is not valid: {reason}',
    hint: 'Mend the pattern (syntax: https://docs.rs/regex), or search for the text itself with --mode literal.',
    exitCode: 2,
    status: 400,
    explain: 'The pattern was given to ripgrep, which refused it with these words. Nothing was searched.',
  },
  SEARCH_REFUSED: {
    title: 'ripgrep refused the search: {reason}',
    hint: 'Check the globs and the language, or search for less text.',
    exitCode: 2,
    status: 400,
    explain: 'A glob or a file type is not one that ripgrep knows, or the pattern is too long. Nothing was searched.',
  },
  NOT_INDEXED: {
    title: 'There is no index in {path} or above it',
    hint: 'Run "sophia index" there first.',
    exitCode: 3,
    status: 404,
    explain: 'Searching and mapping answer from .sophia/context.db, which "sophia index" writes into the directory it indexes.',
  },
  STORE_CORRUPT: {
    title: 'The index {path} is damaged: {reason}',
    hint: 'Run "sophia index --full" to build it anew; nothing else is kept in it.',
    exitCode: 3,
    status: 500,
    explain:
      'The SQLite file was cut, overwritten or is no database. "sophia index" notices and rebuilds it by itself; reading commands only say so.',
  },
  STORE_NEWER: {
    title: 'The index {path} was written by a newer sophia (schema {found}, this one knows {known})',
    hint: 'Use the newer version, or delete the file and run "sophia index" again.',
    exitCode: 2,
    status: 500,
    explain: 'An index of an older schema is rebuilt by itself; one of a newer schema is left alone, since another version still uses it.',
  },
  STORE_FULL: {
    title: 'No room to write the index {path}: {reason}',
    hint: 'Make room on the disk and run the command again; the former index is intact.',
    exitCode: 3,
    status: 507,
    retryable: true,
    explain: 'The disk or the quota is full. The index is written in one transaction, so what was there before still answers.',
  },
  STORE_UNAVAILABLE: {
    title: 'The index {path} cannot be opened or written: {reason}',
    hint: 'Check that the folder exists and that you may write there.',
    exitCode: 4,
    status: 500,
    explain: 'The file or its folder is missing, read-only, or belongs to someone else.',
  },
  STORE_BUSY: {
    title: 'The index {path} is being written by another process: {reason}',
    hint: 'Wait for the other run to end, or use --wait.',
    exitCode: 3,
    status: 503,
    retryable: true,
    explain: 'One run writes the index at a time. Searching is possible meanwhile.',
  },
  NET_REFUSED: {
    title: 'Nothing listens at {url} ({reason})',
    hint: 'Check the address and port, and that the service is started.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain: 'The host answered that no program listens on that port.',
  },
  NET_TIMEOUT: {
    title: 'No answer from {url} in time ({reason})',
    hint: 'Try again, or look at the service: it accepted the connection or not even that.',
    exitCode: 3,
    status: 504,
    retryable: true,
    explain: 'The connection, the headers or the body took longer than allowed.',
  },
  NET_UNREACHABLE: {
    title: 'Could not talk to {url} ({reason})',
    hint: 'Check the name, the network and any proxy.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain: 'The name could not be resolved, the host not be reached, or the connection broke.',
  },
  HTTP_TOO_LARGE: {
    title: 'The answer of {url} is larger than {limit} bytes',
    hint: 'Is this the right address?',
    exitCode: 3,
    status: 502,
    explain: 'Answers are read up to a limit, so that a wrong address cannot fill the memory.',
  },
  SERVICE_URL_INVALID: {
    title: 'This is no address for a context service: {problem}',
    hint: 'Give it like https://context.example.com; a token comes from the environment.',
    exitCode: 2,
    status: 400,
    explain:
      'Tokens and source code go to this address: so only https, or plain http on this machine, and nothing in the URL that would be written to a log. Nothing was run.',
  },
  SERVICE_TOKEN_INVALID: {
    title: '{variable} {problem}',
    hint: 'Set {variable} to the token that the service was started with; there is no flag for it.',
    exitCode: 2,
    status: 400,
    explain:
      'A context service on another machine asks for a token, which comes from the environment only: a list of processes shows flags. Nothing was run.',
  },
  SERVICE_REFUSED: {
    title: '{url} did not let this search in: {said}',
    hint: 'Check {variable}: is it the token of this service, and has it not been replaced?',
    exitCode: 4,
    status: 403,
    explain: 'The service answered 401 or 403: it does not know the token, or the token may not do this.',
  },
  SERVICE_UNAVAILABLE: {
    title: '{url} cannot answer now: {said}',
    hint: 'Try again later, or look at the service.',
    exitCode: 3,
    status: 503,
    retryable: true,
    explain:
      'The service answered that it is overloaded or broken (408, 429 or 5xx), or changed all the time while it was read. Its time to wait (Retry-After) is kept, up to half a minute.',
  },
  SERVICE_REJECTED: {
    title: '{url} does not take this request: {said}',
    hint: 'Mend what the service names; if it is not yours, the service and this sophia are of different versions.',
    exitCode: 2,
    status: 422,
    explain: 'The service understood the request and refused it with a code of its own, such as REGEX_INVALID or PARAM_INVALID.',
  },
  SERVICE_BAD_ANSWER: {
    title: '{url} did not answer like a context service: {reason}',
    hint: 'Is this the address of a context service? docs/context-service.md says what it answers.',
    exitCode: 3,
    status: 502,
    explain:
      'The answer was a redirect, a page for people, no JSON, or not of the agreed shape, so nothing can be concluded from it. Redirects are not followed: they could carry a token to a stranger.',
  },
  PUSH_REFUSED: {
    title: '{url} did not let this push in: {said}',
    hint: 'Check {variable}: is it the token of this service, and may it write to the index?',
    exitCode: 4,
    status: 403,
    explain:
      'The service answered 401 or 403 to a push: it does not know the token, or the token may only read. The index on this machine is complete.',
  },
  PAYLOAD_TARGET_INVALID: {
    title: '{path} cannot take the payload: {problem}',
    hint: 'Give a file, such as payload.json or proofs/context_index/payload.json.',
    exitCode: 2,
    status: 400,
    explain:
      'A payload is written as a regular file in a folder that exists, or as a view below proofs/, which lies in exactly one folder. Nothing was run.',
  },
  PAYLOAD_NOT_WRITTEN: {
    title: 'The payload {path} could not be written: {reason}',
    hint: 'Make room or give another place; what was in the file before is still there.',
    exitCode: 3,
    status: 507,
    explain: 'The disk is full, or the folder may not be written. The index itself is complete.',
  },
  OUTPUT_LOST: {
    title: 'The output could not be written: {reason}',
    hint: 'Make room where the output goes, and run the command again.',
    exitCode: 3,
    status: 507,
    explain:
      'The file that stdout leads to is on a full disk, or broken. The command did its work, and its proof is there; only what it had to say is lost.',
  },
  INTERRUPTED: {
    title: 'Stopped by {signal}',
    hint: 'Run the command again; nothing half-done is left behind.',
    exitCode: 3,
    status: 499,
    retryable: true,
    explain: 'The run was stopped from outside (Ctrl-C is SIGINT, exit 130; SIGTERM exits 143). Its proof says so.',
  },
  TIMEOUT: {
    title: 'Gave up after {seconds} s',
    hint: 'Give it more time with --timeout.',
    exitCode: 3,
    status: 504,
    retryable: true,
    explain: 'The run took longer than it was allowed to. Its proof says so and keeps what was found until then.',
  },
  INTERNAL: {
    title: 'A bug in sophia: {message}',
    hint: 'Please report it with the stack above and the output of "sophia --version".',
    exitCode: 3,
    status: 500,
    explain: 'Something happened that the code did not expect. The result is UNKNOWN: nothing can be concluded from the run.',
  },
  NODE_TOO_OLD: {
    title: 'sophia needs Node {needed}; this is {found}',
    hint: 'Install a newer Node, or run "npm ci" in a checkout: it brings one.',
    exitCode: 2,
    status: 500,
    explain:
      'SQLite with full-text search and TypeScript without a build are part of Node from these versions on. bin/sophia.js says this before anything else is loaded.',
  },
  ACTION_INPUT_INVALID: {
    title: 'The input "{input}" {problem}',
    hint: 'Mend the "with:" of the step; the README of the action lists its inputs.',
    exitCode: 2,
    status: 400,
    explain:
      'Inputs of an action are text. A boolean is true, True, TRUE, false, False or FALSE; a list has one item a line, or commas between them. Nothing was run.',
  },
  ACTION_NODE_MISSING: {
    title: 'There is no Node on the PATH of this runner; needed is {needed}',
    hint: 'Add a step with "uses: actions/setup-node" and "node-version: 24" before this one.',
    exitCode: 2,
    status: 500,
    explain: 'The actions run on the Node of the PATH, which self-hosted runners and container jobs often lack. Nothing was run.',
  },
  ACTION_NODE_TOO_OLD: {
    title: 'The Node of this runner is {found}; needed is {needed}',
    hint: 'Add a step with "uses: actions/setup-node" and "node-version: 24" before this one.',
    exitCode: 2,
    status: 500,
    explain: 'The actions run on the Node of the PATH, and this one cannot run sophia. Nothing was run.',
  },
  ACTION_BUILD_FAILED: {
    title: 'This ref of the actions has no bundle, and building it failed: {reason}',
    hint: 'Use a release of the actions: every release holds its bundle.',
    exitCode: 2,
    status: 500,
    explain:
      'The bundle dist/ is part of every release and of no other commit. On another ref the first step builds it once, in the folder of the action, with an empty environment.',
  },
  UNKNOWN_CODE: {
    title: 'There is no error code "{code}"{suggestion}',
    hint: 'Run "sophia explain" for the list.',
    exitCode: 2,
    status: 400,
    explain: 'The argument of "sophia explain" is a code as printed in an error, for example CONFIG_INVALID.',
  },
  PROOF_DOES_NOT_HOLD: {
    title: '{directory} does not hold: {count}',
    hint: 'Each finding names the file and what is wrong with it; restore the file from where it is whole, do not edit it.',
    exitCode: 5,
    status: 409,
    explain:
      'A proof, or a file that a proof vouches for, is not what was written: changed, renamed, missing, or contradicting itself. Files that no proof vouches for count as well.',
  },
  PROOF_NOT_FOUND: {
    title: 'There is no proof {reference} under {directory}',
    hint: 'Run "sophia proofs ls" for what is there. A proof is named by the first letters of its id, its path, "latest" or "latest:KIND".',
    exitCode: 2,
    status: 404,
    explain: 'The reference does not lead to a proof in this directory.',
  },
  PROOF_AMBIGUOUS: {
    title: '{reference} is the beginning of {count} proofs: {ids}',
    hint: 'Give more letters of the id.',
    exitCode: 2,
    status: 400,
    explain:
      'An id may be shortened as long as only one proof begins with it. Ids of runs within the same second share their first letters.',
  },
  PROOF_KIND_INVALID: {
    title: '"{kind}" cannot be the kind of a proof: {problem}',
    hint: 'Choose a word like smoke or context_index.',
    exitCode: 2,
    status: 400,
    explain: "The kind is the first folder of a proof's path. ledger, archive, seal, compact and prune belong to the ledger.",
  },
  PROOF_NAME_INVALID: {
    title: '"{name}" cannot be the name of {what}: {problem}',
    hint: 'Choose another name.',
    exitCode: 2,
    status: 400,
    explain:
      'An attachment is named with a to z, 0 to 9, dot, _ and -, at most 64, and not .json. A view lies in one folder below proofs/, as in healthz/api.txt.',
  },
  PROOF_NOT_WRITTEN: {
    title: 'The proof of this run could not be written: {reason}',
    hint: 'Mend the cause and run again; the result above stands, but there is no evidence of it.',
    exitCode: 3,
    status: 507,
    explain:
      'The disk is full, the folder is read-only, or the proof did not pass the check it would later be verified with. It never changes the exit code of the run itself.',
  },
  PROOF_TOO_LARGE: {
    title: "The {part} of this run's proof is {size} bytes, and at most {limit} are allowed",
    hint: 'Put the large part into an attachment; a proof holds what was judged.',
    exitCode: 3,
    status: 413,
    explain:
      'A proof is at most 256 KiB, its data at most 128 KiB, so that a directory of many thousands can be verified in a second. It never changes the exit code of the run itself.',
  },
  PROOF_SECRET_REFUSED: {
    title: 'The proof was not written because it still held {secret} after redaction',
    hint: 'Find where the run prints the secret. A stub without its findings was written in place of the proof.',
    exitCode: 3,
    status: 500,
    explain:
      'The last thing before a proof is written is a search of its finished bytes for every known secret. A hit means that redaction was not enough, so nothing of the run is kept.',
  },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof CATALOGUE;

export const ERROR_CODES: readonly ErrorCode[] = Object.keys(CATALOGUE).sort() as ErrorCode[];

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** The words an error's title and hint ask for. */
export type ErrorDetails<Code extends ErrorCode> = {
  readonly [Name in Placeholders<(typeof CATALOGUE)[Code]['title'] | (typeof CATALOGUE)[Code]['hint']>]: string | number;
};

/** An error a user can act on. Anything else that is thrown is a bug. */
export class SophiaError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SophiaError';
  readonly code: Code;
  readonly details: Readonly<Record<string, string | number>>;
  /** Several problems found at once, each with its place: `[{file, line, column, message}]`. */
  readonly errors: readonly JsonObject[];

  constructor(code: Code, details: ErrorDetails<Code>, options: { cause?: unknown; errors?: readonly JsonObject[] } = {}) {
    super(fill(CATALOGUE[code].title, details), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = details;
    this.errors = options.errors ?? [];
  }

  get hint(): string {
    return fill(CATALOGUE[this.code].hint, this.details);
  }

  /** Of the process: 128 + the signal's number where one ended the run. */
  get exitCode(): number {
    if (this.code === 'INTERRUPTED') return this.details['signal'] === 'SIGTERM' ? 143 : 130;
    return exitCodeOfError(this.code);
  }
}

/** RFC 9457 problem details, the shape of an error everywhere. */
export interface Problem {
  readonly type: string;
  readonly code: ErrorCode;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly errors: readonly JsonObject[];
}

/** Anything thrown, as a problem; what is not a SophiaError is a bug in ours. */
export function toProblem(thrown: unknown): Problem {
  const error = thrown instanceof SophiaError ? (thrown as SophiaError) : toInternal(thrown);
  const entry: Entry = describeError(error.code);
  return {
    type: `urn:sophia:error:${error.code}`,
    code: error.code,
    title: error.message,
    status: entry.status,
    detail: causesOf(error),
    hint: error.hint,
    retryable: entry.retryable ?? false,
    errors: error.errors,
  };
}

export function toInternal(thrown: unknown): SophiaError<'INTERNAL'> {
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new SophiaError('INTERNAL', { message }, { cause: thrown });
}

export function exitCodeOfError(code: ErrorCode): number {
  return CATALOGUE[code].exitCode;
}

export function describeError(code: ErrorCode): Entry & { readonly code: ErrorCode } {
  return { code, ...CATALOGUE[code] };
}

/** The system's own code of an error ('ENOENT'), or null. */
export function systemCodeOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
}

function causesOf(error: Error): string {
  const messages: string[] = [];
  let cause: unknown = error.cause;
  while (cause instanceof Error && messages.length < 8) {
    messages.push(cause.message);
    cause = cause.cause;
  }
  return messages.join(': ');
}
