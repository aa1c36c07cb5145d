import { defineCommand } from '../../command.ts';
import type { Supervised } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { duration, table } from '../../markdown.ts';
import { outcome, type Finding, type Outcome } from '../../outcome.ts';
import { RUN_COMPLETED } from '../../proof/statement.ts';
import { locateStore, resolveProof } from '../../proof/store.ts';
import { keepFiles, planFiles } from './files.ts';
import { watchProgram, type Watched } from './program.ts';

interface Data {
  readonly program: string;
  /** Null where it was not started, or ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly isTimedOut: boolean;
  readonly durationMs: number;
}

export default defineCommand({
  name: 'proofs record',
  summary: 'Run a program and leave a proof of how it ended',
  kind: { option: 'kind' },
  editsFiles: true,
  action: { none: 'a step runs "npx sophia proofs record -- CMD" by itself: a command line is no list of inputs' },
  options: {
    kind: { type: 'string', value: 'KIND', required: true, help: 'Kind of the proof: a word like smoke or context_index' },
    check: { type: 'string', value: 'ID', default: 'exit-code', help: 'What the finding is called' },
    timeout: { type: 'duration', min: 1, help: 'End the program, and all that it started, after this long' },
    attach: { type: 'list', value: 'FILE', help: 'Keep this file beside the proof, under its base name in lower case' },
    view: { type: 'list', value: 'PATH=FILE', help: 'Keep this file as a latest view, as in healthz/api.txt=out.txt' },
    follows: { type: 'string', value: 'REF', help: 'The proof that this run comes after: an id, a path, or latest:KIND' },
    command: {
      type: 'list',
      value: 'CMD',
      positional: true,
      required: true,
      rest: true,
      help: 'The program and its arguments; no shell reads them, and its stdin is closed',
    },
  },
  examples: [
    { command: 'sophia proofs record --kind build -- npm run build', does: 'A proof of kind build: exit 0 passes, any other fails' },
    {
      command: 'sophia proofs record --kind tests --timeout 10m --attach junit.xml -- npm test',
      does: 'With a limit, and with the report that the tests write',
    },
    {
      command:
        'sophia proofs record --kind healthz --view healthz/api.txt=out.txt --follows latest:build -- curl -fsS -o out.txt https://api.example.com/healthz',
      does: 'What was answered, as a view for people, linked to the build before',
    },
  ],
  dataSchema: {
    type: 'object',
    required: ['program', 'exitCode', 'signal', 'isTimedOut', 'durationMs'],
    additionalProperties: false,
    properties: {
      program: { type: 'string' },
      exitCode: { type: ['integer', 'null'], description: 'Null where the program was not started, or ended by a signal' },
      signal: { type: ['string', 'null'] },
      isTimedOut: { type: 'boolean' },
      durationMs: { type: 'integer' },
    },
  },
  run: async (context, options): Promise<Outcome<Data>> => {
    // What can be wrong about the question is found before anything is run.
    refuseCheck(options.check);
    const files = planFiles(context, options);
    if (options.follows !== undefined) context.record.link('follows', resolveProof(locateStore(context), options.follows).path);
    const [program = '', ...args] = options.command;
    const watched = await watchProgram(context, { program, args, timeoutMs: options.timeout });
    const finding = toFinding(options.check, program, watched);
    // An interrupted run is given up: what was seen of it is said at once.
    if (context.signal.aborted) context.record.find({ ...finding, verdict: 'unknown', reason: `stopped: ${finding.reason}` });
    context.signal.throwIfAborted();
    const { ended, durationMs } = watched;
    const kept = keepFiles(context, files, finding.verdict === 'pass');
    const error = ended.isTimedOut ? new SophiaError('TIMEOUT', { seconds: (options.timeout ?? 0) / 1000 }) : kept.error;
    const { exitCode, signal, isTimedOut } = ended;
    return {
      ...outcome([finding, ...kept.findings], { program, exitCode, signal, isTimedOut, durationMs }),
      ...(error === null ? {} : { error }),
    };
  },
  view: ({ findings }) =>
    table(
      ['check', 'target', 'verdict', 'reason'],
      findings.map(({ check, target, verdict, reason }) => [check, target, verdict, reason]),
    ),
});

function refuseCheck(check: string): void {
  const problem =
    check.trim() === '' ? '--check is empty' : check === RUN_COMPLETED ? `--check: ${check} says that a run did not end` : null;
  if (problem !== null) throw new SophiaError('USAGE', { problem, command: 'proofs record' });
}

function toFinding(check: string, program: string, { ended, observed, durationMs }: Watched): Finding {
  const { verdict, reason } = judge(ended, durationMs);
  const held = ended.isOutputHeld ? '; something it started still holds its output, and is not heard any more' : '';
  return { check, target: program, verdict, reason: `${reason}${held}`, durationMs, observed, expected: { exitCode: 0 } };
}

function judge({ notStarted, isTimedOut, signal, exitCode }: Supervised, durationMs: number): Pick<Finding, 'verdict' | 'reason'> {
  if (notStarted !== null) return { verdict: 'unknown', reason: `could not be started: ${describeReason(notStarted)}` };
  if (isTimedOut) return { verdict: 'unknown', reason: `did not end in time; ended after ${duration(durationMs)}` };
  if (signal !== null) return { verdict: 'unknown', reason: `killed by ${signal} after ${duration(durationMs)}` };
  return { verdict: exitCode === 0 ? 'pass' : 'fail', reason: `exit ${exitCode ?? 'unknown'} after ${duration(durationMs)}` };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be executed',
  E2BIG: 'its arguments are too long',
  ENOEXEC: 'it is no program',
  ERR_INVALID_ARG_VALUE: 'no program has this name',
};

function describeReason(code: string): string {
  return REASONS[code] === undefined ? code : `${REASONS[code]} (${code})`;
}
