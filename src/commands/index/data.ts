// `data` of `sophia index --json`, and its schema.
import type { Changes, IndexReport } from '../../index/indexer.ts';
import type { Skipped } from '../../index/inventory.ts';
import type { PushReport } from '../../index/push/push.ts';

export interface IndexData extends DeliveryData {
  readonly repository: string;
  readonly commit: string | null;
  readonly tree: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly documents: number;
  readonly symbols: number;
  readonly languages: Readonly<Record<string, number>>;
  readonly changed: Readonly<Changes>;
  /** Files whose bytes were read in this run. */
  readonly files_read: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly skipped_files?: readonly Skipped[];
  readonly index_digest: string;
  readonly index_bytes: number;
  readonly generation: number;
  readonly elapsed_ms: number;
  readonly dry_run: boolean;
  readonly rebuilt: string | null;
  /** With --watch: how often something had changed. */
  readonly refreshes?: number;
}

/** With --push and --payload. */
export interface DeliveryData {
  readonly push?: PushData;
  readonly payload?: { readonly path: string; readonly entries: number; readonly bytes: number; readonly left_out: number };
}

export interface PushData {
  readonly url: string;
  readonly repository: string;
  /** What the service should hold. */
  readonly entries: number;
  readonly digest: string;
  readonly sent: number;
  readonly sent_bytes: number;
  readonly batches: number;
  /** These three as the service counted them. */
  readonly indexed: number;
  readonly skipped: number;
  readonly removed: number;
  readonly refused: number;
  readonly left_out: number;
  readonly retries: number;
  /** What the service says it holds; null when it did not come to that. */
  readonly held: { readonly entries: number; readonly digest: string; readonly generation: number } | null;
}

export function toPushData(report: PushReport): PushData {
  const { url, repository, entries, digest, sent, batches, indexed, skipped, removed, retries, held } = report;
  return {
    url,
    repository,
    entries,
    digest,
    sent,
    sent_bytes: report.sentBytes,
    batches,
    indexed,
    skipped,
    removed,
    refused: report.refused.length,
    left_out: report.leftOut.length,
    retries,
    held: held === null ? null : { entries: held.entries, digest: held.digest, generation: held.generation },
  };
}

export function toData(report: IndexReport, run: { elapsedMs: number; isDryRun: boolean; shouldList: boolean }): IndexData {
  const { inventory, stats } = report;
  return {
    repository: inventory.repository,
    commit: inventory.commit,
    tree: inventory.tree,
    files: stats?.documents ?? 0,
    bytes: stats?.bytes ?? 0,
    documents: stats?.documents ?? 0,
    symbols: stats?.symbols ?? 0,
    languages: stats?.languages ?? {},
    changed: report.changed,
    files_read: report.filesRead,
    skipped: countReasons(report.skipped),
    ...(run.shouldList ? { skipped_files: report.skipped.map(({ path, reason }) => ({ path, reason })) } : {}),
    index_digest: stats?.digest ?? '',
    index_bytes: report.indexBytes,
    generation: stats?.generation ?? 0,
    elapsed_ms: Math.round(run.elapsedMs),
    dry_run: run.isDryRun,
    rebuilt: report.rebuilt,
  };
}

function countReasons(skipped: readonly Skipped[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

const COUNT = { type: 'integer', minimum: 0 } as const;
const COUNTS = { type: 'object', additionalProperties: COUNT } as const;
const TEXT = { type: 'string' } as const;
const TEXT_OR_NULL = { anyOf: [TEXT, { type: 'null' }] } as const;

const held = {
  type: 'object',
  properties: { entries: COUNT, digest: TEXT, generation: COUNT },
  required: ['entries', 'digest', 'generation'],
  additionalProperties: false,
} as const;

const push = {
  type: 'object',
  properties: {
    url: TEXT,
    repository: TEXT,
    entries: COUNT,
    digest: TEXT,
    sent: COUNT,
    sent_bytes: COUNT,
    batches: COUNT,
    indexed: COUNT,
    skipped: COUNT,
    removed: COUNT,
    refused: COUNT,
    left_out: COUNT,
    retries: COUNT,
    held: { anyOf: [held, { type: 'null' }] },
  },
  required: [
    'url',
    'repository',
    'entries',
    'digest',
    'sent',
    'sent_bytes',
    'batches',
    'indexed',
    'skipped',
    'removed',
    'refused',
    'left_out',
    'retries',
    'held',
  ],
  additionalProperties: false,
} as const;

const payload = {
  type: 'object',
  properties: { path: TEXT, entries: COUNT, bytes: COUNT, left_out: COUNT },
  required: ['path', 'entries', 'bytes', 'left_out'],
  additionalProperties: false,
} as const;

export const dataSchema = {
  type: 'object',
  properties: {
    repository: { type: 'string' },
    commit: TEXT_OR_NULL,
    tree: TEXT_OR_NULL,
    files: COUNT,
    bytes: COUNT,
    documents: COUNT,
    symbols: COUNT,
    languages: COUNTS,
    changed: {
      type: 'object',
      properties: { added: COUNT, modified: COUNT, removed: COUNT, unchanged: COUNT },
      required: ['added', 'modified', 'removed', 'unchanged'],
      additionalProperties: false,
    },
    files_read: COUNT,
    skipped: COUNTS,
    skipped_files: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, reason: { type: 'string' } },
        required: ['path', 'reason'],
        additionalProperties: false,
      },
    },
    index_digest: { type: 'string' },
    index_bytes: COUNT,
    generation: COUNT,
    elapsed_ms: COUNT,
    dry_run: { type: 'boolean' },
    rebuilt: TEXT_OR_NULL,
    refreshes: COUNT,
    push,
    payload,
  },
  required: [
    'repository',
    'commit',
    'tree',
    'files',
    'bytes',
    'documents',
    'symbols',
    'languages',
    'changed',
    'files_read',
    'skipped',
    'index_digest',
    'index_bytes',
    'generation',
    'elapsed_ms',
    'dry_run',
    'rebuilt',
  ],
  additionalProperties: false,
} as const;
