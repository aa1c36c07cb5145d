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
    explain: 'sophia.yaml is strict YAML 1.2: an unknown key, a wrong type or a duplicate key is an error, so that a typo cannot switch a check off.',
  },
  CONFIG_NOT_FOUND: {
    title: 'There is no configuration file at {path}',
    hint: 'Give an existing file to --config, or leave the option out.',
    exitCode: 2,
    status: 400,
    explain: 'A file named by --config or SOPHIA_CONFIG must exist. The default, sophia.yaml, may be absent.',
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
  UNKNOWN_CODE: {
    title: 'There is no error code "{code}"{suggestion}',
    hint: 'Run "sophia explain" for the list.',
    exitCode: 2,
    status: 400,
    explain: 'The argument of "sophia explain" is a code as printed in an error, for example CONFIG_INVALID.',
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
  readonly details: JsonObject;
  /** Several problems found at once, each with its place: `[{file, line, column, message}]`. */
  readonly errors: readonly JsonObject[];

  constructor(code: Code, details: ErrorDetails<Code>, options: { cause?: unknown; errors?: readonly JsonObject[] } = {}) {
    super(fill(CATALOGUE[code].title, details), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = details as JsonObject;
    this.errors = options.errors ?? [];
  }

  get hint(): string {
    return fill(CATALOGUE[this.code].hint, this.details);
  }

  get exitCode(): number {
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
  const error = thrown instanceof SophiaError ? thrown : toInternal(thrown);
  const entry: Entry = CATALOGUE[error.code];
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

function fill(template: string, details: Readonly<Record<string, unknown>>): string {
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
