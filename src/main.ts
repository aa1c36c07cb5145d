// The only file that sees argv, the process's env and its exit.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { registry, sections } from './commands/registry.generated.ts';
import { SophiaError, systemCodeOf } from './errors.ts';
import { runCli } from './faces/cli.ts';

// A terminal's Ctrl-C arrives twice where bin/sophia.js re-executed itself and forwards it; a later one is a person's.
const SAME_PRESS_MS = 500;
const stop = new AbortController();
let stoppedMs = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stop.signal.aborted) {
      stoppedMs = performance.now();
      stop.abort(new SophiaError('INTERRUPTED', { signal }));
    } else if (performance.now() - stoppedMs > SAME_PRESS_MS) {
      process.exit(signal === 'SIGTERM' ? 143 : 130);
    }
  });
}
let lostExitCode = 0;
process.stdout.on('error', (error: Error) => {
  // The reader went away (`| head -1`): nothing more can be said, and that is no failure.
  if (systemCodeOf(error) === 'EPIPE' || lostExitCode !== 0) return;
  const lost = new SophiaError('OUTPUT_LOST', { reason: error.message });
  process.stderr.write(`error: ${lost.message} [${lost.code}]\n  ${lost.hint}\n`);
  lostExitCode = lost.exitCode;
  if (process.exitCode === undefined || process.exitCode === 0) process.exitCode = lostExitCode; // a pipe may break when all is done
});
// Without stderr the exit code says what there is to say.
process.stderr.on('error', () => {});

const { stdout, stderr, env } = process;
const argv = process.argv.slice(2);
const out = (text: string): boolean => stdout.write(text);
const err = (text: string): boolean => stderr.write(text);
/** Also when it could not be written: a reader of stderr that went away must not hold anything up. */
const relay = async (bytes: Uint8Array): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  stderr.write(bytes, () => resolve());
  await promise;
};
// The machine and the descriptions are loaded when a command runs: help and version need neither.
const run = { signal: stop.signal, commands: async () => (await import('./describe.ts')).describeAll(registry) };
// actions/run.sh says so: the words on the command line are the same there, but options come as inputs.
process.exitCode = (env['SOPHIA_ACTION'] === '1' ? await runInAction() : await runInTerminal()) || lostExitCode;
// A stopped run may leave work behind that nobody waits for; what was written must still reach a slow reader.
if (stop.signal.aborted) stdout.write('', () => stderr.write('', () => process.exit()));

async function runInTerminal(): Promise<number> {
  return await runCli({
    registry,
    sections,
    terminal: { argv, env, version: readVersion(), stdoutHasColour: hasColour(stdout), stderrHasColour: hasColour(stderr), out, err },
    createContext: async ({ directory, quiet, verbose }) => {
      const { createContext } = await import('./platform/context.ts');
      const isTerminal = stderr.isTTY === true && env['CI'] === undefined;
      const level = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
      return createContext({ ...run, directory, env, log: { write: err, relay, isTerminal, columns: stderr.columns ?? 80, level } });
    },
  });
}

async function runInAction(): Promise<number> {
  const { runAction } = await import('./faces/action.ts');
  return await runAction({
    registry,
    sections,
    argv,
    env,
    out,
    err,
    createContext: async ({ directory, env: inner, isVerbose, write }) => {
      const { createContext } = await import('./platform/context.ts');
      const level = isVerbose ? 'verbose' : 'normal';
      return createContext({ ...run, directory, env: inner, log: { write, isTerminal: false, columns: 80, level } });
    },
  });
}

function hasColour(stream: NodeJS.WriteStream): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
