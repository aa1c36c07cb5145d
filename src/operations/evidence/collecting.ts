// Evidence first, and always: what the platform says of a deployment, before anyone asks the service itself.
import type { Judgement } from '../../checks/inquiry.ts';
import type { Deploy } from '../../checks/service.ts';
import type { Context, Supervised } from '../../context.ts';
import { harmless, plural, visible } from '../../markdown.ts';
import { foldVerdicts, type Finding } from '../../outcome.ts';
import { isJsonObject } from '../../proof/canonical.ts';
import type { Location } from '../../section.ts';
import { UnreadableStatus, type Collector, type DeployOf, type Recipe } from './collector.ts';
import { LogTail } from './log-tail.ts';
import { collectors } from './registry.generated.ts';

export interface EvidenceRequest {
  /** Id of the service. */
  readonly target: string;
  readonly deploy: Deploy;
  readonly location: Location | null;
  /** For each of the two programs. */
  readonly timeoutMs?: number;
}

export interface Evidence {
  /** Check `evidence`. */
  readonly finding: Finding;
  /** The last lines of the log, already without secrets, for stderr; empty where there are none. */
  readonly lastLines: readonly string[];
}

/** What is known before the platform has answered: a run that is stopped by then still says that it would have been asked. */
export function uncollected({ target, location }: Pick<EvidenceRequest, 'target' | 'location'>): Evidence {
  const place = { check: 'evidence', target, ...(location === null ? {} : { location }) };
  return { finding: { ...place, verdict: 'unknown', reason: 'the platform has not answered yet' }, lastLines: [] };
}

const TIMEOUT_MS = 30_000;
const MAX_STATUS_BYTES = 8 << 20;
const SHOWN_LINES = 40;
const MAX_REASON = 200;

/** Writes the view of the log and attaches what the tools said, through `context.record`. Throws nothing but the signal's reason. */
export async function collectEvidence(context: Context, request: EvidenceRequest): Promise<Evidence> {
  const { target, deploy, location, timeoutMs = TIMEOUT_MS } = request;
  const recipe = recipeOf(deploy);
  const startedMs = context.clock.monotonicMs();
  const statusArgs = recipe.statusArgs(deploy);
  // Two programs that know nothing of each other: what one of them needs for its time-out, the other does not wait for.
  const [status, log] = await Promise.all([
    statusArgs === null ? null : ask(context, { recipe, deploy, args: statusArgs, name: `${target}.status`, timeoutMs }),
    ask(context, { recipe, deploy, args: recipe.logArgs(deploy), name: `${target}.logs`, timeoutMs }),
  ]);
  context.signal.throwIfAborted();
  keepLog(context, { view: recipe.logView(deploy, target), target, log });
  const judgements = [...judgeStatus(recipe, deploy, status), ...judgeLog(log)];
  const finding = toFinding(judgements, {
    target,
    deploy,
    location,
    durationMs: Math.round(context.clock.monotonicMs() - startedMs),
    exits: { status: status?.ended?.exitCode ?? null, logs: log.ended?.exitCode ?? null },
  });
  return { finding, lastLines: log.tail.lines.slice(-SHOWN_LINES) };
}

type AnyRecipe = Recipe<Deploy['kind']>;

/** The one of the deploy's own kind, so that it may be asked about it. */
function recipeOf(deploy: Deploy): AnyRecipe {
  const found: Collector | undefined = collectors.find(({ kind }) => kind === deploy.kind);
  if (found === undefined) throw new TypeError(`nobody collects evidence of ${deploy.kind}`);
  return found as AnyRecipe;
}

interface Spoken {
  /** Those that were looked for: `flyctl or fly`. */
  readonly tools: string;
  /** The program that was started, with its arguments; of several the last that was tried. */
  readonly command: string;
  /** Null where none could be started. */
  readonly ended: Supervised | null;
  readonly stdout: string;
  readonly isStdoutCut: boolean;
  /** What it said on both, without secrets. */
  readonly tail: LogTail;
}

interface Asking {
  readonly recipe: AnyRecipe;
  readonly deploy: DeployOf<Deploy['kind']>;
  readonly args: readonly string[];
  /** Of the attachment. */
  readonly name: string;
  readonly timeoutMs: number;
}

async function ask(context: Context, { recipe, deploy, args, name, timeoutMs }: Asking): Promise<Spoken> {
  const names = recipe.tools(deploy);
  const tools = names.join(' or ');
  let command = '';
  for (const tool of names) {
    command = [tool, ...args].join(' ');
    const spoken = await listen(context, { tool, args, name, timeoutMs });
    if (spoken.ended !== null) return { tools, command, ...spoken };
  }
  return { tools, command, ended: null, stdout: '', isStdoutCut: false, tail: new LogTail() };
}

interface Listening extends Pick<Asking, 'args' | 'name' | 'timeoutMs'> {
  readonly tool: string;
}

/** Bytes pass through the redaction of the record before any of them is kept. */
async function listen(context: Context, { tool, args, name, timeoutMs }: Listening): Promise<Omit<Spoken, 'command' | 'tools'>> {
  const captures = { stdout: context.record.capture(name), stderr: context.record.capture(`${name}.err`) };
  const tail = new LogTail();
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  const ended = await context.supervisor.run(tool, args, {
    timeoutMs,
    signal: context.signal,
    onOutput: (stream, chunk) => {
      tail.add(stream, captures[stream].write(chunk));
      if (stream !== 'stdout') return;
      sizeBytes += chunk.length;
      if (sizeBytes <= MAX_STATUS_BYTES) parts.push(chunk);
    },
  });
  for (const stream of ['stdout', 'stderr'] as const) tail.add(stream, captures[stream].end().rest);
  tail.end();
  const stdout = Buffer.concat(parts).toString('utf8');
  return { ended: ended.notStarted === null ? ended : null, stdout, isStdoutCut: sizeBytes > MAX_STATUS_BYTES, tail };
}

function judgeStatus(recipe: AnyRecipe, deploy: Deploy, status: Spoken | null): readonly Judgement[] {
  if (status === null) return [];
  const silence = judgeSilence(status);
  if (silence !== null) return [silence];
  if (status.isStdoutCut) return [failed(status, 'it printed more than can be its status')];
  try {
    return recipe.judge(status.stdout, deploy);
  } catch (error) {
    if (error instanceof UnreadableStatus) return [failed(status, error.message)];
    throw error;
  }
}

/** A log is kept and not judged; one that could not be had is missing evidence. */
function judgeLog(log: Spoken): readonly Judgement[] {
  const silence = judgeSilence(log);
  if (silence !== null) return [silence];
  const lines = plural(log.tail.lines.length, 'line');
  const { exitCode } = log.ended!;
  if (exitCode !== 0) return [failed(log, `it ended with ${exitCode ?? 'a signal'} and ${lines} of log`)];
  return [{ verdict: 'pass', reason: `${lines} of log`, observed: null }];
}

function judgeSilence(spoken: Spoken): Judgement | null {
  const { tools, command, ended } = spoken;
  if (ended === null) return { verdict: 'unknown', code: 'EVIDENCE_TOOL_MISSING', reason: `${visible(tools)} cannot be started here` };
  if (ended.isTimedOut)
    return { verdict: 'unknown', code: 'EVIDENCE_TIMEOUT', reason: `"${visible(command)}" did not end in time, and was ended` };
  return null;
}

function failed({ command, ended, tail }: Spoken, problem: string): Judgement {
  const said = tail.lastOf('stderr');
  const words = said === null ? '' : `: ${visible(said)}`;
  const observed = { exitCode: ended?.exitCode ?? null };
  return {
    verdict: 'unknown',
    code: 'EVIDENCE_FAILED',
    reason: `"${visible(command)}": ${problem}${words}`.slice(0, MAX_REASON),
    observed,
  };
}

interface Facts {
  readonly target: string;
  readonly deploy: Deploy;
  readonly location: Location | null;
  readonly durationMs: number;
  readonly exits: { readonly status: number | null; readonly logs: number | null };
}

/** The worst judgement is the finding's. Evidence that need not be there may be missing, but what it says always counts. */
function toFinding(judgements: readonly Judgement[], { target, deploy, location, durationMs, exits }: Facts): Finding {
  const verdict = foldVerdicts(judgements.map((each) => each.verdict));
  const worst = judgements.filter((each) => each.verdict === verdict);
  const place = { check: 'evidence', target, durationMs, ...(location === null ? {} : { location }) };
  const reason = [...new Set(worst.map((each) => each.reason))].join('; ');
  const facts = worst.map((each) => each.observed).find((each) => isJsonObject(each));
  const observed = { ...facts, exitCodes: exits };
  if (verdict === 'unknown' && deploy.optional !== null)
    return { ...place, verdict: 'skipped', reason: `${deploy.optional} (${reason})`, observed };
  const code = worst.find((each) => each.code !== undefined)?.code;
  return { ...place, verdict, reason, ...(code === undefined ? {} : { code }), observed };
}

interface Kept {
  readonly view: string;
  readonly target: string;
  readonly log: Spoken;
}

/** Also where there is no log: an older one would be taken for that of this run. */
function keepLog({ record, clock }: Context, { view, target, log }: Kept): void {
  const at = new Date(clock.now()).toISOString();
  const { command, ended, tail } = log;
  record.view(view, (proofPath) => {
    const head = [`proof: ${proofPath}`, `service: ${target}`, `at: ${at}`, `command: ${visible(command)}`, `ended: ${endingOf(ended)}`];
    const cut = tail.isCut ? [`truncated: the last ${plural(tail.lines.length, 'line')} of ${plural(tail.sizeBytes, 'byte')}`] : [];
    return `${[...head, ...cut, '', ...tail.lines.map(harmless)].join('\n')}\n`;
  });
}

function endingOf(ended: Supervised | null): string {
  if (ended === null) return 'not started';
  if (ended.isTimedOut) return 'ended by us, out of time';
  return ended.exitCode === null ? `killed by ${ended.signal ?? 'a signal'}` : `exit ${ended.exitCode}`;
}
