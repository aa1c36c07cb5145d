// All pages of a listing of secrets. A listing that is not whole says so: what it lacks would look as if it were not there.
import type { Context, GitHubAnswer } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { duration, visible } from '../markdown.ts';
import { readListing, repeatedIn, type Listed } from './listing.ts';
import type { Place } from './place.ts';

export interface Gathered {
  readonly secrets: readonly Listed[];
  /** Why it may lack some. */
  readonly gaps: readonly string[];
}

const PER_PAGE = 100;
/** An organization has a thousand at most. */
const MAX_PAGES = 50;
const MAX_SAID = 200;

/** Throws SECRETS_DENIED, GITHUB_LIMITED, GITHUB_BAD_ANSWER and what the port throws, unless there was a page before: that is then a gap. */
export async function listSecrets(context: Context, place: Place): Promise<Gathered> {
  const secrets: Listed[] = [];
  const gaps: string[] = [];
  let total: number | null = null;
  for (let page = 1; ; page += 1) {
    const asked = await askPage(context, place, page);
    if ('error' in asked) {
      if (page === 1 || asked.error.code === 'SECRETS_DENIED') throw asked.error;
      gaps.push(`page ${page} is missing: ${asked.error.message}`);
      break;
    }
    if (total !== null && asked.total !== total)
      gaps.push(`page ${page} says that there are ${asked.total} secrets, those before ${total}`);
    total ??= asked.total;
    secrets.push(...asked.secrets);
    if (!asked.hasNext) break;
    if (page === MAX_PAGES) {
      gaps.push(`only ${MAX_PAGES} pages were read`);
      break;
    }
  }
  const repeated = repeatedIn(secrets);
  if (repeated !== null) gaps.push(`${repeated} came twice: the listing changed while it was read`);
  if (secrets.length !== total) gaps.push(`GitHub says that there are ${total} secrets, and listed ${secrets.length}`);
  return { secrets: repeated === null ? secrets : withoutRepeated(secrets), gaps };
}

/** Names only: how old they are is for whoever asks for the organization. None where it cannot be told, as of a person's repository. */
export async function listShared(context: Context, place: Place): Promise<ReadonlySet<string>> {
  if (place.shared === null) return new Set();
  try {
    const { secrets } = await listSecrets(context, place.shared);
    return new Set(secrets.map(({ name }) => name));
  } catch (thrown) {
    if (!(thrown instanceof SophiaError) || context.signal.aborted) throw thrown;
    context.log.debug(thrown.message);
    return new Set();
  }
}

interface Page {
  readonly secrets: readonly Listed[];
  readonly total: number | null;
  readonly hasNext: boolean;
}

async function askPage(context: Context, place: Place, page: number): Promise<Page | { readonly error: SophiaError }> {
  try {
    const { route, parameters } = place;
    const answer = await context.github.request(route, { ...parameters, per_page: PER_PAGE, page }, context.signal);
    return readPage(place, answer);
  } catch (thrown) {
    // What the user or the system stopped is over; only GitHub's own silence leaves a gap.
    if (thrown instanceof SophiaError && thrown.code === 'GITHUB_UNREACHABLE') return { error: thrown as SophiaError }; // instanceof forgets which codes there are
    throw thrown;
  }
}

function readPage(place: Place, answer: GitHubAnswer): Page | { readonly error: SophiaError } {
  const { status, retryAfterMs, hasNext } = answer;
  if (status === 429 || retryAfterMs !== null) {
    const until = retryAfterMs === null ? '' : `: again in ${duration(retryAfterMs)}`;
    return { error: new SophiaError('GITHUB_LIMITED', { until }) };
  }
  if (status === 401 || status === 403 || status === 404)
    return { error: new SophiaError('SECRETS_DENIED', { place: place.name, said: saidBy(answer) }) };
  if (status !== 200) return refuse(saidBy(answer));
  const read = readListing(answer.data);
  if ('problem' in read) return refuse(read.problem);
  return read.total === null ? refuse('it has no "total_count"') : { ...read, hasNext };
}

function refuse(reason: string): { readonly error: SophiaError } {
  return { error: new SophiaError('GITHUB_BAD_ANSWER', { what: 'a question for secrets', reason }) };
}

function saidBy({ status, data }: GitHubAnswer): string {
  const message = typeof data === 'object' && data !== null && 'message' in data ? data['message'] : null;
  return typeof message === 'string' ? `${status}, ${visible(message.slice(0, MAX_SAID).toWellFormed())}` : String(status);
}

/** Of two with one name the older one: it may be the one that is there. */
function withoutRepeated(secrets: readonly Listed[]): readonly Listed[] {
  const byName = new Map<string, Listed>();
  for (const secret of secrets) {
    const known = byName.get(secret.name);
    if (known === undefined || secret.updatedMs < known.updatedMs) byName.set(secret.name, secret);
  }
  return [...byName.values()];
}
