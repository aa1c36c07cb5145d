// One GitHub issue for each incident of a service, as the proofs tell it. GitHub is never asked how a service is.
import { hash } from 'node:crypto';
import path from 'node:path';
import type { Context, Env } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Finding } from '../../outcome.ts';
import { createRedactor } from '../../proof/redaction/redaction.ts';
import { rulesOf } from '../../proof/redaction/rules.ts';
import { readHistory, type PastRun } from '../history.ts';
import type { ServiceData } from '../run-data.ts';
import { Board, type Issue } from './board.ts';
import { episodeOf, isWell, sightingsOf } from './episode.ts';
import { bodyOf, changeOf, closingOf, closingWithoutProofs, duplicateOf, markerOf, titleOf } from './telling.ts';

const KINDS = ['smoke', 'deployment'] as const;

export interface IncidentRequest {
  /** Of the run that is about to end, with its kind and when it began. */
  readonly kind: (typeof KINDS)[number];
  readonly startedAt: string;
  readonly services: readonly ServiceData[];
  readonly findings: readonly Finding[];
  readonly after: number;
  readonly labels: readonly string[];
}

/** Opens, edits and closes issues; what GitHub refuses is a `warn` finding with INCIDENT_NOT_WRITTEN, never an error. */
export async function writeIncidents(context: Context, request: IncidentRequest): Promise<readonly Finding[]> {
  const missing = ['GITHUB_REPOSITORY', 'GITHUB_TOKEN'].filter((name) => (context.env[name] ?? '') === '');
  if (missing.length > 0) return [notWritten('incidents', `set ${missing.join(' and ')}: --issues writes to GitHub`)];
  const place = placeOf(context.env);
  if (place === null) return [notWritten('incidents', 'GITHUB_REPOSITORY is not OWNER/REPO')];
  try {
    const board = new Board(context, place);
    const [open, runs, key] = await Promise.all([board.listOpen(request.labels), readRuns(context, request.startedAt), keyOf(context)]);
    return await writeEach(context, { ...request, board, open, runs, key });
  } catch (thrown) {
    return [notWritten('incidents', reasonOf(context, thrown))];
  }
}

interface Desk extends IncidentRequest {
  readonly board: Board;
  /** Of all incidents, oldest first. */
  readonly open: readonly Issue[];
  readonly runs: readonly PastRun[];
  readonly key: string;
}

/** Longer ago nobody counts the days of an outage. */
const MEMORY_MS = 90 * 86_400_000;

/** Whoever is refused once is refused again, and each silence takes half a minute. */
const FINAL: ReadonlySet<string> = new Set(['GITHUB_UNREACHABLE', 'GITHUB_DENIED', 'GITHUB_LIMITED']);

async function writeEach(context: Context, desk: Desk): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const service of desk.services) {
    if (service.verdict === 'skipped') continue;
    try {
      await writeOne(context, desk, service);
    } catch (thrown) {
      findings.push(notWritten(`incident.${service.id}`, reasonOf(context, thrown)));
      if (thrown instanceof SophiaError && FINAL.has((thrown as SophiaError).code)) break;
    }
  }
  return findings;
}

async function writeOne(context: Context, desk: Desk, service: ServiceData): Promise<void> {
  const { board, runs, startedAt, after } = desk;
  const { id, verdict, code } = service;
  const marker = markerOf(id, desk.key);
  const issue = await keepOne(board, desk.open, marker);
  const sightings = [...sightingsOf(id, runs), { startedAt, verdict, code, proof: null }];
  const episode = episodeOf(sightings, after);
  if (episode === null) {
    if (issue !== null) await close(board, issue, { comment: closingWithoutProofs(id) });
    return;
  }
  const incident = { service: id, episode, findings: cleanFindings(context, desk, id), runUrl: runUrlOf(context.env) };
  if (isWell(verdict)) {
    if (issue === null) return;
    await close(board, issue, { body: bodyOf(marker, incident), comment: closingOf(incident) });
    context.log.info(`incident of ${id}: closed #${issue.number}`);
  } else if (issue !== null) {
    await board.edit(issue.number, bodyOf(marker, incident));
    const change = changeOf(incident);
    if (change !== null) await board.comment(issue.number, change);
  } else if (episode.sightings.length >= after) {
    const { number } = await board.open({ title: titleOf(id), body: bodyOf(marker, incident), labels: desk.labels });
    context.log.info(`incident of ${id}: opened #${number}`);
    await yieldToOlder(board, { number, marker, labels: desk.labels });
  }
}

/** Of several open ones the lowest number wins; the others are closed with a note. */
async function keepOne(board: Board, open: readonly Issue[], marker: string): Promise<Issue | null> {
  const [first, ...others] = open.filter((issue) => isMarked(issue, marker));
  if (first === undefined) return null;
  for (const { number } of others) await closeDuplicate(board, number, first.number);
  return first;
}

interface Opened {
  readonly number: number;
  readonly marker: string;
  readonly labels: readonly string[];
}

/** Another run may have opened one meanwhile. Each closes its own, so that none is closed twice. */
async function yieldToOlder(board: Board, { number, marker, labels }: Opened): Promise<void> {
  const open = await board.listOpen(labels);
  const first = open.find((issue) => isMarked(issue, marker));
  if (first !== undefined && first.number < number) await closeDuplicate(board, number, first.number);
}

/** On a line of its own, wherever somebody has put something above it; what is edited in a browser comes back with other line ends. */
function isMarked({ body }: Issue, marker: string): boolean {
  return body.split(/\r?\n/).includes(marker);
}

async function closeDuplicate(board: Board, number: number, first: number): Promise<void> {
  await board.close(number, { reason: 'not_planned' });
  await board.comment(number, duplicateOf(first));
}

interface Ending {
  /** The last text of the issue; it stays as it is where there is none. */
  readonly body?: string;
  readonly comment: string;
}

async function close(board: Board, { number }: Issue, { comment, ...text }: Ending): Promise<void> {
  await board.close(number, { reason: 'completed', ...text });
  await board.comment(number, comment);
}

/** Of both kinds: a service that a deploy finds well is well. Oldest first, without the run at hand. */
async function readRuns(context: Context, startedAt: string): Promise<readonly PastRun[]> {
  const fromMs = Date.parse(startedAt) - MEMORY_MS;
  const runs: PastRun[] = [];
  for (const kind of KINDS) runs.push(...(await readHistory(context, kind, fromMs)).runs);
  return runs.filter((run) => run.startedAt < startedAt).toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** An issue may be read by more people than a proof, and a finding is redacted only when its proof is written. */
function cleanFindings(context: Context, { findings }: Desk, service: string): readonly Finding[] {
  const redactor = createRedactor(rulesOf(context));
  return findings.filter(({ target }) => target === service).map((finding) => ({ ...finding, reason: redactor.text(finding.reason, '') }));
}

/** The same for every run of one configuration, wherever it is checked out. */
async function keyOf(context: Context): Promise<string> {
  const { config, directory } = context;
  const file = path.relative(directory, path.resolve(directory, config.file ?? 'sophia.yaml'));
  return hash('sha256', `${await prefixOf(context)}${file}`).slice(0, 12);
}

/** Of the directory, from the top of its repository. */
async function prefixOf({ git, directory, signal }: Context): Promise<string> {
  try {
    const { place } = await git.workTree(directory, { signal });
    return place.exitCode === 0 ? (Buffer.from(place.stdout).toString('utf8').split('\n')[3] ?? '') : '';
  } catch (thrown) {
    if (thrown instanceof SophiaError && thrown.code === 'TOOL_MISSING') return '';
    throw thrown;
  }
}

function placeOf(env: Env): { readonly owner: string; readonly repo: string } | null {
  const [, owner, repo] = /^([\w-]+)\/([\w.-]+)$/.exec(env['GITHUB_REPOSITORY'] ?? '') ?? [];
  return owner === undefined || repo === undefined || /^\.{1,2}$/.test(repo) ? null : { owner, repo };
}

function runUrlOf(env: Env): string | null {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID: run = '' } = env;
  return /^https:\/\/[\w.-]+$/.test(server) && /^\d+$/.test(run) ? `${server}/${repository}/actions/runs/${run}` : null;
}

function notWritten(check: string, reason: string): Finding {
  return { check, target: 'run', verdict: 'warn', code: 'INCIDENT_NOT_WRITTEN', reason };
}

/** In words. A run that was stopped is over: its reason goes on. */
function reasonOf({ signal }: Context, thrown: unknown): string {
  if (signal.aborted) throw signal.reason;
  if (!(thrown instanceof SophiaError)) return thrown instanceof Error ? thrown.message : String(thrown);
  return thrown.hint === '' ? thrown.message : `${thrown.message}. ${thrown.hint}`;
}
