import path from 'node:path';
import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { IndexReport, IndexRequest } from '../../index/indexer.ts';
import { blocks, bold, code, count, duration, list, plural, size, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { dataSchema, toData, type IndexData } from './data.ts';

/** More threads than this wait for the one that writes. */
const MAX_DEFAULT_THREADS = 4;

export default defineCommand({
  name: 'index',
  summary: 'Turn a repository into a searchable index, and prove what it covers',
  group: 'main',
  kind: 'context_index',
  options: {
    path: { type: 'path', positional: true, default: '.', help: 'The directory to index' },
    full: { type: 'boolean', help: 'Read everything again instead of only what changed' },
    history: { type: 'integer', default: 5000, min: 0, help: 'Use the subjects of this many commits for ranking' },
    maxFileSize: { type: 'size', default: '1MiB', min: 1, help: 'Leave out files larger than this' },
    include: { type: 'list', value: 'glob', help: 'Only files whose path matches one of these' },
    exclude: { type: 'list', value: 'glob', help: 'No files whose path matches one of these' },
    workers: { type: 'integer', min: 1, help: 'Read and scan on this many threads (default: one a core, up to four)' },
    skipped: { type: 'boolean', help: 'List every file that was left out, with the reason' },
    wait: { type: 'boolean', help: 'Wait while another run writes the index' },
    push: { type: 'string', value: 'url', help: 'Bring the context service at this address up to date' },
    payload: { type: 'path', help: 'Write the whole index as one request for a context service' },
    watch: { type: 'boolean', help: 'Keep the index fresh until Ctrl-C' },
    dryRun: { type: 'boolean', help: 'Say what would change and write nothing' },
  },
  secrets: { SOPHIA_INDEX_TOKEN: 'The token for --push: one that may write to the index of the service' },
  permissions: [{ scope: 'contents', level: 'write', reason: 'to commit the proof' }],
  examples: [
    { command: 'sophia index', does: 'Index the repository in this directory, or bring its index up to date' },
    { command: 'sophia index . --skipped', does: 'See what was left out, and why' },
    { command: 'sophia index path/to/repo --json', does: 'The same facts for a program' },
    {
      command: 'sophia index --push https://context.example.com',
      does: 'Send what changed to a context service, with the token in SOPHIA_INDEX_TOKEN',
    },
    { command: 'sophia index --watch', does: 'Keep the index fresh while you work' },
  ],
  outputs: {
    digest: { from: 'index_digest', help: 'SHA-256 over paths, blob ids and symbols: equal for equal trees' },
    files: { from: 'files', help: 'Number of files in the index' },
  },
  dataSchema,
  async run(context, options) {
    refuseContradictions(options);
    const { buildIndex } = await import('../../index/indexer.ts');
    const { planDelivery, deliver } = await import('./delivery.ts');
    const delivery = await planDelivery(context, { push: options.push, payload: options.payload });
    const root = resolveRoot(context, options.path);
    const startedMs = context.clock.monotonicMs();
    const request = {
      root,
      isFull: options.full,
      historyLimit: options.history,
      maxFileBytes: options.maxFileSize,
      include: options.include,
      exclude: options.exclude,
      shouldWait: options.wait,
      threads: options.workers ?? Math.min(MAX_DEFAULT_THREADS, context.machine.cores),
      isDryRun: options.dryRun,
    };
    const report = await buildIndex(context, request);
    if (report.rebuilt !== null) context.log.warn(`${report.rebuilt}; it was built anew`);
    const data = toData(report, {
      elapsedMs: context.clock.monotonicMs() - startedMs,
      isDryRun: options.dryRun,
      shouldList: options.skipped,
    });
    if (options.watch) return await watch(context, { request, first: report, data, target: options.path });
    const delivered = await deliver(context, delivery, { root, report });
    return {
      ...outcome([...judge(report, options), ...delivered.findings], { ...data, ...delivered.data }),
      ...(delivered.error === null ? {} : { error: delivered.error }),
    };
  },
  view: ({ findings, data }) =>
    blocks(
      summarise(data),
      skippedTable(data),
      deliverySummary(data),
      findings.some(({ verdict }) => verdict !== 'pass') && list(findings.map(({ reason }) => reason)),
    ),
});

function resolveRoot(context: Context, given: string): string {
  const root = path.resolve(context.directory, given);
  try {
    const real = context.files.realPath(root);
    if (context.files.stat(real)?.kind === 'directory') return real;
  } catch (error) {
    throw new SophiaError('NOT_A_DIRECTORY', { path: given, reason: '' }, { cause: error });
  }
  throw new SophiaError('NOT_A_DIRECTORY', { path: given, reason: '' });
}

/** An option that would do nothing is an error, not silence. */
function refuseContradictions({
  dryRun,
  watch,
  push,
  payload,
}: {
  dryRun: boolean;
  watch: boolean;
  push: string | undefined;
  payload: string | undefined;
}): void {
  if (!dryRun && !watch) return;
  const other = push !== undefined ? '--push' : payload !== undefined ? '--payload' : watch && dryRun ? '--watch' : null;
  if (other === null) return;
  throw new SophiaError('USAGE', { problem: `${other} cannot be used with ${dryRun ? '--dry-run' : '--watch'}`, command: 'index' });
}

interface Watched {
  readonly request: IndexRequest;
  readonly first: IndexReport;
  readonly data: IndexData;
  readonly target: string;
}

/** Ends by being stopped, so what it has to say is put into the proof and not returned. */
async function watch(context: Context, { request, first, data, target }: Watched): Promise<never> {
  const { keepFresh } = await import('./watch.ts');
  let last = { report: first, data };
  let refreshes = 0;
  context.log.info(`the index holds ${plural(data.files, 'file')} and is kept fresh; Ctrl-C ends`);
  try {
    return await keepFresh(context, request, first, (report, elapsedMs) => {
      refreshes += 1;
      last = { report, data: toData(report, { elapsedMs, isDryRun: false, shouldList: data.skipped_files !== undefined }) };
      const { added, modified, removed } = report.changed;
      context.log.info(
        `refreshed: ${count(added)} added, ${count(modified)} modified, ${count(removed)} removed; ${plural(last.data.files, 'file')} (${duration(elapsedMs)})`,
      );
    });
  } finally {
    for (const finding of judge(last.report, { path: target, dryRun: false })) context.record.find(finding);
    const facts: object = { ...last.data, refreshes };
    context.record.data(facts as Parameters<Context['record']['data']>[0]);
  }
}

/** The store is asked what it holds: a loop counter proves nothing. */
function judge(report: IndexReport, { path: target, dryRun }: { path: string; dryRun: boolean }): Finding[] {
  if (dryRun) return [{ check: 'dry-run', target, verdict: 'pass', reason: 'nothing was written' }];
  const documents = report.stats?.documents ?? 0;
  const isWhole = documents === report.expectedDocuments;
  const readBack: Finding = {
    check: 'read-back',
    target,
    verdict: isWhole ? 'pass' : 'fail',
    reason: isWhole
      ? `the store holds ${plural(documents, 'file')}`
      : `the store holds ${plural(documents, 'file')}, ${count(report.expectedDocuments)} were to be there`,
    observed: documents,
    expected: report.expectedDocuments,
  };
  const isEmpty = documents === 0;
  const covered: Finding = { check: 'covered', target, verdict: 'unknown', reason: 'there is no file to index here' };
  return isEmpty ? [readBack, covered] : [readBack];
}

function summarise(data: IndexData): string {
  const { changed } = data;
  const verb = data.dry_run ? 'Would index' : 'Indexed';
  const isUnchanged = changed.added + changed.modified + changed.removed === 0;
  const languages = Object.entries(data.languages).sort(([, a], [, b]) => b - a);
  return blocks(
    data.dry_run
      ? `${bold(verb)} ${plural(changed.added, 'new file')}, ${count(changed.modified)} changed, ${count(changed.removed)} gone; ${count(changed.unchanged)} unchanged. Nothing was written.`
      : `${bold(verb)} ${plural(data.files, 'file')} (${size(data.bytes)}) and ${plural(data.symbols, 'symbol')} in ${duration(data.elapsed_ms)}: ${
          isUnchanged
            ? 'nothing changed since the last run'
            : `${count(changed.added)} added, ${count(changed.modified)} modified, ${count(changed.removed)} removed, ${count(changed.unchanged)} unchanged`
        }.`,
    languages.length > 0 &&
      `Languages: ${languages
        .slice(0, 8)
        .map(([name, files]) => `${name} ${count(files)}`)
        .join(', ')}${languages.length > 8 ? `, ${languages.length - 8} more` : ''}.`,
    data.index_digest !== '' &&
      `Commit ${code(data.commit?.slice(0, 12) ?? 'none')}, digest ${code(data.index_digest.slice(0, 16))}, index ${size(data.index_bytes)}.`,
  );
}

function skippedTable({ skipped, skipped_files: files }: IndexData): string {
  const reasons = Object.entries(skipped);
  if (reasons.length === 0) return '';
  if (files !== undefined)
    return table(
      ['left out', 'reason'],
      files.map((file) => [file.path, file.reason]),
    );
  return `Left out: ${reasons.map(([reason, files]) => `${count(files)} ${reason.replaceAll('_', ' ')}`).join(', ')} (${code('--skipped')} lists them).`;
}

function deliverySummary({ push, payload }: IndexData): string {
  return blocks(
    payload !== undefined && `Payload: ${code(payload.path)}, ${plural(payload.entries, 'file')} (${size(payload.bytes)}).`,
    push !== undefined &&
      (push.batches === 0
        ? `Pushed nothing to ${push.url}.`
        : `Pushed ${plural(push.sent, 'file')} to ${push.url} in ${plural(push.batches, 'batch', 'batches')} (${size(push.sent_bytes)}); ${count(push.removed)} removed there.`),
    push?.held !== undefined &&
      push.held !== null &&
      `The service holds ${plural(push.held.entries, 'file')}, digest ${code(push.held.digest.slice(0, 16))}.`,
  );
}
