// A program and both of its outputs, from its first byte to its end.
import type { Capture, Context, OutputStream, Supervised } from '../../context.ts';
import type { JsonObject } from '../../outcome.ts';

export interface Watched {
  readonly ended: Supervised;
  readonly durationMs: number;
  /** Of the outputs without their secrets: a digest of the others could be one of a secret. */
  readonly observed: JsonObject;
}

export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number | undefined;
}

/** What it says is passed on while it says it, and kept with the proof. */
export async function watchProgram(context: Context, { program, args, timeoutMs }: Program): Promise<Watched> {
  const { clock, record, supervisor, signal } = context;
  const relay = new Relay(context);
  const captures = { stdout: record.capture('stdout'), stderr: record.capture('stderr') } satisfies Record<OutputStream, Capture>;
  const startedMs = clock.monotonicMs();
  const ended = await supervisor.run(program, args, {
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onOutput: (stream, chunk) => relay.pass(captures[stream].write(chunk)),
  });
  const durationMs = Math.round(clock.monotonicMs() - startedMs);
  const stdout = captures.stdout.end();
  const stderr = captures.stderr.end();
  for (const { rest } of [stdout, stderr]) await relay.pass(rest);
  await relay.endLine();
  return {
    ended,
    durationMs,
    observed: {
      exitCode: ended.exitCode,
      signal: ended.signal,
      stdoutSha256: stdout.sha256,
      stderrSha256: stderr.sha256,
      stdoutBytes: stdout.sizeBytes,
      stderrBytes: stderr.sizeBytes,
    },
  };
}

const LINE_FEED = 0x0a;

class Relay {
  readonly #log: Context['log'];
  #last = LINE_FEED;

  constructor({ log }: Pick<Context, 'log'>) {
    this.#log = log;
  }

  pass(bytes: Uint8Array): Promise<void> | void {
    if (bytes.length === 0) return;
    this.#last = bytes.at(-1) ?? LINE_FEED;
    return this.#log.relay(bytes);
  }

  /** So that what we say next begins a line of its own. */
  async endLine(): Promise<void> {
    if (this.#last !== LINE_FEED) await this.pass(Buffer.from('\n'));
  }
}
