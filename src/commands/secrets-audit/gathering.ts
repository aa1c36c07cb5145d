// Names and dates of secrets: from GitHub, or from a listing that somebody else made.
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { readInputOrStdin } from '../../proof/input.ts';
import { listSecrets, listShared, type Gathered } from '../../secrets/asking.ts';
import { readListing } from '../../secrets/listing.ts';
import { resolvePlace, type Asked } from '../../secrets/place.ts';
import { readStrictJson } from '../../strict-json.ts';

export interface Gathering extends Gathered {
  /** Whose secrets, in words. */
  readonly place: string;
  /** What this work tree's workflows use should be among them. */
  readonly isOwnRepository: boolean;
  /** Asked only where something is missing. */
  readonly listShared: () => Promise<ReadonlySet<string>>;
}

const MAX_BYTES = 1 << 20;

export async function gather(context: Context, options: Asked & { readonly listing: string | undefined }): Promise<Gathering> {
  const { listing, repo, environment, org } = options;
  if (listing === undefined) {
    const place = await resolvePlace(context, options);
    const gathered = await listSecrets(context, place);
    const { name, isOwnRepository } = place;
    return { ...gathered, place: name, isOwnRepository, listShared: async () => await listShared(context, place) };
  }
  const read = { ...(await readFile(context, listing)), listShared: () => Promise.resolve(new Set<string>()) };
  const isAnonymous = repo === undefined && environment === undefined && org === undefined;
  if (isAnonymous) return { ...read, place: shownName(listing), isOwnRepository: true };
  const place = await resolvePlace(context, options);
  return { ...read, place: place.name, isOwnRepository: place.isOwnRepository };
}

/** Throws INPUT_UNREADABLE and SECRETS_LISTING_INVALID. */
async function readFile(context: Context, given: string): Promise<Gathered> {
  const bytes = await readInputOrStdin(context, given, MAX_BYTES);
  const refuse = (problem: string): SophiaError => new SophiaError('SECRETS_LISTING_INVALID', { listing: shownName(given), problem });
  const json = readStrictJson(bytes, { maxDepth: 8, integers: 'any' });
  if ('problem' in json) throw refuse(`${json.line}:${json.column}: ${json.problem}`);
  const listing = readListing(json.value);
  if ('problem' in listing) throw refuse(listing.problem);
  // Only now: whatever else it may have been, its digest belongs into no proof.
  context.record.input(shownName(given), bytes);
  const { secrets, total } = listing;
  const isWhole = total === null || total === secrets.length;
  return { secrets, gaps: isWhole ? [] : [`it says that there are ${total} secrets, and lists ${secrets.length}`] };
}

function shownName(given: string): string {
  return given === '-' ? 'the listing' : given;
}
