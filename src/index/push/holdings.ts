// What a context service holds of a repository. Asked before a push, to send only what differs, and after it, to believe it.
import { SophiaError } from '../../errors.ts';
import { LISTING, readAnswer, STATS, type Stats } from './answers.ts';
import type { ContextService } from './service.ts';

const PATH = '/context/stats';
const PAGE_ENTRIES = 5000;
/** Others may write while the pages are read; then they are read anew. */
const READINGS = 3;

/** Counts and digest over the files of the repository; zeros where the service knows none. */
export async function readStats(service: ContextService, repository: string): Promise<Stats> {
  const { data } = readAnswer(STATS, service.url, await service.get(PATH, { repository, type: 'code' }));
  if (data.repository === repository) return data;
  throw new SophiaError('SERVICE_BAD_ANSWER', {
    url: service.url,
    reason: `asked about ${repository}, it told about ${data.repository.slice(0, 200)}`,
  });
}

/** id → SHA-256 of every entry, all of one generation. */
export async function readListing(service: ContextService, repository: string): Promise<ReadonlyMap<string, string>> {
  for (let reading = 0; reading < READINGS; reading += 1) {
    const listing = await readPages(service, repository);
    if (listing !== null) return listing;
  }
  throw new SophiaError('SERVICE_UNAVAILABLE', { url: service.url, said: 'others are writing to the same repository all the time' });
}

/** Null when the store changed on the way. */
async function readPages(service: ContextService, repository: string): Promise<ReadonlyMap<string, string> | null> {
  const held = new Map<string, string>();
  const cursors = new Set<string>();
  let generation: number | null = null;
  for (let cursor = ''; ;) {
    const query = { repository, type: 'code', entries: '1', limit: String(PAGE_ENTRIES), ...(cursor === '' ? {} : { cursor }) };
    const page = readAnswer(LISTING, service.url, await service.get(PATH, query));
    if (generation !== null && page.generation !== generation) return null;
    generation = page.generation;
    for (const { id, sha256 } of page.data) held.set(id, sha256);
    if (!page.has_more) return held;
    cursor = page.next_cursor ?? '';
    if (cursor === '' || cursors.has(cursor))
      throw new SophiaError('SERVICE_BAD_ANSWER', { url: service.url, reason: 'its pages never end' });
    cursors.add(cursor);
  }
}
