// The world as a command sees it: interfaces only. The real machine stands in src/platform/, fakes in test/fakes/.
import type { Answer, Question } from './answer.ts';
import type { CommandDescription } from './description.ts';
import type { Match, Options as RipgrepSearch } from 'ripgrep-js';
import type { Finding, Json, JsonObject } from './outcome.ts';
import type { Config } from './section.ts';

export interface Context {
  /** Absolute path of the directory the command works in (after -C). */
  readonly directory: string;
  readonly env: Env;
  /** The command line as typed, for the rooms that record a run themselves. */
  readonly argv?: readonly string[];
  readonly clock: Clock;
  readonly files: Files;
  readonly stdin: Stdin;
  readonly exec: Exec;
  readonly supervisor: Supervisor;
  readonly git: Git;
  readonly ripgrep: Ripgrep;
  readonly http: Http;
  readonly probe: Probe;
  readonly github: GitHub;
  readonly sigstore: Sigstore;
  readonly databases: Databases;
  readonly workers: Workers;
  /** What sophia.yaml says, beyond options of commands. */
  readonly config: Config;
  readonly log: Log;
  readonly machine: Machine;
  /** Evidence gathered while the run goes on; what was found before a crash is kept. */
  readonly record: Recorder;
  /** All commands of this program, in their order. A command knows no other one; what tells about them reads it here. */
  readonly commands: () => Promise<readonly CommandDescription[]>;
  /** Aborted on Ctrl-C, SIGTERM and timeout. Long loops ask it, and let the event loop turn (`clock.breathe`). */
  readonly signal: AbortSignal;
}

export type Env = Readonly<Record<string, string | undefined>>;

export interface Clock {
  /** Milliseconds since 1970, UTC. May jump: use `monotonicMs` for durations. */
  now(): number;
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets timers, signals and I/O run; throws the signal's reason when it was aborted. */
  breathe(signal?: AbortSignal): Promise<void>;
}

export interface Machine {
  readonly os: string;
  readonly node: string;
  readonly pid: number;
  readonly cores: number;
  /** Changes with every boot; null where the system does not tell. */
  readonly bootId: string | null;
  randomBytes(count: number): Uint8Array;
  /** From now on WebAssembly is compiled in one quick pass: the thorough compiler takes gigabytes for a large module. */
  compileQuickly(): Promise<void>;
  /**
   * For work that reads much and keeps little: memory for what is new grows no further. A third less in all, a tenth more CPU.
   */
  keepMemoryLow(): Promise<void>;
  isAlive(pid: number): boolean;
  /** When a living process began, in the system's own count since the boot: numbers of processes are used again. Null where it cannot be told. */
  birthOf(pid: number): string | null;
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** When the inode last changed: unlike mtime, no program sets it back. */
  readonly ctimeMs: number;
  readonly inode: number;
  readonly executable: boolean;
}

export interface DirectoryEntry {
  /** Bytes where the name is not UTF-8. */
  readonly name: Path;
  readonly kind: FileStat['kind'];
}

/** A path is text, or bytes where a file name is not UTF-8. */
export type Path = string | Uint8Array;

/**
 * The local disk. Synchronous on purpose: a cached read costs 20 µs this way and 150 µs through promises.
 * Everything throws the system's own error (`code: 'ENOENT'`, …) unless it says otherwise.
 */
export interface Files {
  read(path: Path): Uint8Array;
  readText(path: Path): string;
  /** The bytes of a plain file; what it is where it is anything else, or larger. Follows no link and waits for no pipe. */
  readPlain(path: string, maxBytes: number): Uint8Array | FileStat;
  /** lstat: a symlink is not followed. Null when there is nothing, or no way to look. */
  stat(path: Path): FileStat | null;
  exists(path: Path): boolean;
  /** Names, sorted by code unit; an empty list when the directory does not exist. */
  list(path: string): readonly string[];
  /** Names and kinds of what is in a directory, unsorted; symlinks are not followed. Throws where it may not be read. */
  scan(path: Path): readonly DirectoryEntry[];
  makeDirectory(path: string): void;
  /** Temp file in the same folder, fsync, rename over: readers see the old bytes or the new ones. */
  replace(path: string, bytes: Uint8Array | string): void;
  /** As `replace`, but throws EEXIST where the path exists: never overwrites. Mode 0644; 0600 from the first byte for a secret. */
  create(path: string, bytes: Uint8Array | string, options?: { readonly isSecret?: boolean }): void;
  rename(from: string, to: string): void;
  /** A second name for a file; throws EEXIST where the name is taken: never overwrites. */
  link(from: string, to: string): void;
  /** At the end of a file that may not be there yet, in one write: writers at the same time do not mix. */
  append(path: string, text: string): void;
  remove(path: string): void;
  realPath(path: string): string;
  /** A lock file created exclusively; null when another living process holds it. Call the returned function to release. */
  lock(path: string): { release(): void } | { heldBy: number | null };
  temporaryDirectory(prefix: string): string;
}

/** What is piped in. Once read, it is empty. */
export interface Stdin {
  /** All of it; null where there is more. */
  read(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | null>;
}

export interface ExecOptions {
  readonly cwd?: string;
  readonly input?: Uint8Array | string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  /** Null when the program was ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** Programs are started from argument arrays, never through a shell, with stdin closed unless `input` is given. */
export interface Exec {
  /** Throws `TOOL_MISSING` when the program cannot be found. A non-zero exit is a result, not an error. */
  run(file: string, args: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Output as it comes. Ending the iteration early ends the program. */
  stream(file: string, args: readonly string[], options?: ExecOptions): ExecStream;
}

export interface ExecStream {
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly done: Promise<Omit<ExecResult, 'stdout'>>;
}

/** A program of the user's and all that it starts are one process group: what ends the program ends them as well. */
export interface Supervisor {
  /** Resolves when it is over, however it went; never rejects for what the program did. Stdin is closed. */
  run(file: string, args: readonly string[], watch: Watch): Promise<Supervised>;
}

export interface Watch {
  /** After so long the group gets SIGTERM, and a little later SIGKILL. */
  readonly timeoutMs?: number;
  /** Its reason says which signal the group gets: that of an interrupted run, otherwise SIGTERM. */
  readonly signal: AbortSignal;
  /** Bytes as they come. The program is held up while an answer is awaited, so memory stays bounded. */
  readonly onOutput: (stream: OutputStream, chunk: Uint8Array) => Promise<void> | void;
}

export type OutputStream = 'stdout' | 'stderr';

export interface Supervised {
  /** The system's reason why the program could not be started (`ENOENT`), or null. */
  readonly notStarted: string | null;
  /** Null when a signal ended the program, or when it was not started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly isTimedOut: boolean;
  /** Something that the program started still holds its outputs: what it says from now on is not heard. */
  readonly isOutputHeld: boolean;
}

/** git's own output, a command each. Each knows by itself that there is no repository. */
export interface WorkTreeFacts {
  /** Lines: is bare, is inside a work tree, object format, prefix of the directory, id of HEAD, id of its tree. */
  readonly place: ExecResult;
  /** `status --porcelain=v2 --branch --ignored -z` of the directory; its paths begin at the top of the repository. */
  readonly status: ExecResult;
  /** URL of the remote `origin`; null where there is none. */
  readonly remote: string | null;
}

export interface Git {
  /** Runs git in a directory with a neutral configuration (no pager, no colour, no quoting, no optional locks). */
  run(directory: string, args: readonly string[], options?: Omit<ExecOptions, 'cwd'>): Promise<ExecResult>;
  /**
   * What asks a remote (`ls-remote`, `fetch`, `push`, reading what a partial clone lacks), with the URLs, transports and
   * credentials that the user's own git would take.
   * Hooks, questions at the terminal, automatic upkeep and protocols that are programs (`ext::`) stay off.
   */
  remote(directory: string, args: readonly string[], options?: Omit<ExecOptions, 'cwd'>): Promise<ExecResult>;
  /** What git says of a work tree right now. Who asks while an answer is under way gets the same one. */
  workTree(directory: string, options?: Pick<ExecOptions, 'signal'>): Promise<WorkTreeFacts>;
  /** Blobs by id through one `git cat-file --batch`; null for a missing one. Results come in the order asked. */
  blobs(directory: string, ids: Iterable<string>): AsyncIterable<{ id: string; bytes: Uint8Array | null }>;
}

/** ripgrep-js's options (a string or a regex, globs, file types, multiline) and ours. */
export type RipgrepOptions = RipgrepSearch & {
  readonly ignoreCase?: boolean;
  /** Lines before and after each match. */
  readonly contextLines?: number;
  /** Larger files are not searched. */
  readonly maxFileSizeBytes?: number;
  /** Ends ripgrep after so many matches; the search was cut short when exactly so many came. */
  readonly limit?: number;
  /** By path: the same matches in the same order each time, on one thread. Elsewhere the order is chance. */
  readonly isSorted?: boolean;
  /** Only these, relative to the directory, ignored or not; everything below the directory when left out. */
  readonly paths?: readonly string[];
  readonly signal?: AbortSignal;
};

/** ripgrep-js's match. Text that was not UTF-8 is lossy; `start` and `end` count UTF-8 bytes of `lines.text`. */
export interface RipgrepMatch extends Match {
  /** The path as it is on disk, when it is not UTF-8. */
  readonly pathBytes: Uint8Array | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Text search of the work tree: hidden files too, what .gitignore names and .git itself not. */
export interface Ripgrep {
  /**
   * Matches as they are found; paths are relative to the directory. Ending the iteration early ends ripgrep.
   * Throws `REGEX_INVALID`, `SEARCH_REFUSED` (an unknown type, a broken glob, a pattern too long) and `TOOL_MISSING`.
   */
  search(directory: string, options: RipgrepOptions): AsyncIterable<RipgrepMatch>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Redirects are not followed. Network failures throw a coded error (`NET_*`); any status is an answer. */
export interface Http {
  request(request: HttpRequest): Promise<HttpAnswer>;
}

/** Asks as a stranger would: a new connection each time, nothing followed, everything measured. */
export interface Probe {
  /** Never rejects for what the network or the server does: that is an answer with trouble. Throws the signal's reason when it was aborted. */
  ask(question: Question, signal?: AbortSignal): Promise<Answer>;
  /** Watches how late this process's own event loop is, because a checker that is busy measures itself. */
  watchLag(): LagWatch;
}

export interface LagWatch {
  /** The 99th percentile (ms) of how late the loop came since the last time this was called; 0 where nothing was measured. */
  takeP99Ms(): number;
  stop(): void;
}

/** The REST API of GitHub, wherever `GITHUB_API_URL` says it is, with `GITHUB_TOKEN` where there is one. */
export interface GitHub {
  /**
   * One request. `route` as in GitHub's documentation: `GET /repos/{owner}/{repo}/issues`; parameters fill the path and make the
   * query or the body. Any status is an answer. Throws `GITHUB_UNREACHABLE` where none came.
   */
  request(route: string, parameters: JsonObject, signal?: AbortSignal): Promise<GitHubAnswer>;
}

export interface GitHubAnswer {
  readonly status: number;
  /** Null where the body is empty or no JSON. */
  readonly data: Json;
  /** There are more pages: `rel="next"` was sent. */
  readonly hasNext: boolean;
  /** Of a 403 or 429 that says so: when to ask again (ms from now). */
  readonly retryAfterMs: number | null;
}

/** Signatures without a key to keep: a certificate for an identity that lives for minutes, and a public log that says when it was used. */
export interface Sigstore {
  /** The bundle over these bytes, as its JSON. Publishes the identity and the digest. Throws `KEYLESS_UNAVAILABLE`. */
  sign(bytes: Uint8Array, services: SigstoreServices): Promise<Json>;
}

export interface SigstoreServices {
  /** A JWT. */
  readonly identityToken: string;
  readonly fulcioUrl: string;
  readonly rekorUrl: string;
}

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Statement {
  run(...values: SqlValue[]): void;
  get(...values: SqlValue[]): Record<string, SqlValue> | undefined;
  all(...values: SqlValue[]): Record<string, SqlValue>[];
  /** As `all`, each row a list of its columns: a third of the time where rows are many. */
  lists(...values: SqlValue[]): SqlValue[][];
  iterate(...values: SqlValue[]): Iterable<Record<string, SqlValue>>;
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** SQLite, in this process. Throws `STORE_*` errors for what a user can mend. */
export interface Databases {
  open(path: string, options?: { readonly readOnly?: boolean }): Promise<Database>;
}

/** Threads that run one exported function of a module of ours. */
export interface Workers {
  start<Input, Output>(task: string, count: number): WorkerPool<Input, Output>;
}

export interface WorkerPool<Input, Output> {
  run(input: Input): Promise<Output>;
  close(): Promise<void>;
}

export interface Log {
  /** Talk for people, on stderr; nothing under --quiet. */
  info(message: string): void;
  warn(message: string): void;
  /** Only under --verbose. */
  debug(message: string): void;
  /** A bar on a terminal, a line now and then elsewhere, nothing for the first second. */
  progress(label: string): Progress;
  /** What another program said, byte by byte as it is, without its secrets. Nothing under --quiet. Resolves when there is room for more. */
  relay(bytes: Uint8Array): Promise<void> | void;
}

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

/** The only road from a command to its proof. There is no result, count, exit code, time or path to set. */
export interface Recorder {
  find(finding: Finding): void;
  /** A file the run depended on, named by its digest in the proof. */
  input(name: string, bytes: Uint8Array): void;
  attach(name: string, bytes: Uint8Array, mediaType: string): void;
  /** A log that comes bit by bit and may be of any length: attached when it ends, unless it is empty. */
  capture(name: string): Capture;
  /** A latest view (path below proofs/); the maker gets the proof's path and returns bytes that name it. */
  view(path: string, make: (proofPath: string) => Uint8Array | string): void;
  /** Something observed, named by URL or label, with the SHA-256 of its bytes (hex). */
  subject(name: string, sha256: string): void;
  data(facts: { readonly [key: string]: Json }): void;
  link(rel: 'supersedes' | 'retries' | 'follows' | 'revokes', proofPath: string): void;
}

/** Secrets are taken out line by line, also one that comes in two pieces: what is given back may be shown. */
export interface Capture {
  /** What is certain by now: without secrets, and possibly later than it came. */
  write(chunk: Uint8Array): Uint8Array;
  /** The rest. Size and digest are of the whole without its secrets: a digest of the others could be one of a secret. */
  end(): { readonly rest: Uint8Array; readonly sizeBytes: number; readonly sha256: string };
}
