// What lists secrets by name: an answer of GitHub's API, or what its command line prints. Neither has a value, and no value is read.
import { parseMoment } from '../units.ts';

export interface Listed {
  /** In upper case, as GitHub keeps it. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly updatedMs: number;
}

export interface Listing {
  readonly secrets: readonly Listed[];
  /** How many there are, by who listed them; null where that was not said. */
  readonly total: number | null;
}

/** Or why it is none. A listing that is partly wrong is none: what was left out would look as if it were not there. */
export type Reading = Listing | { readonly problem: string };

/** `[{name, updatedAt}]` of `gh secret list --json`, or `{total_count, secrets: [{name, updated_at}]}`. Other keys are passed over. */
export function readListing(value: unknown): Reading {
  if (Array.isArray(value)) return readSecrets(value, 'updatedAt', null);
  const { secrets, total_count: total } = fieldsOf(value);
  if (!Array.isArray(secrets)) return { problem: 'it is neither a list nor an object with a list "secrets"' };
  if (!Number.isSafeInteger(total) || typeof total !== 'number' || total < 0) return { problem: '"total_count" is no whole number' };
  return readSecrets(secrets, 'updated_at', total);
}

/** What belongs to one name twice cannot both be true. Null where all is well. */
export function repeatedIn(secrets: readonly Listed[]): string | null {
  const seen = new Set<string>();
  for (const { name } of secrets) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

const NAME = /^[A-Z_][A-Z0-9_]*$/i;
const MAX_NAME_LENGTH = 255;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

function readSecrets(items: readonly unknown[], key: string, total: number | null): Reading {
  const secrets: Listed[] = [];
  for (const [index, item] of items.entries()) {
    const fields = fieldsOf(item);
    const name = fields['name'];
    // Not repeated where it is wrong: it is a stranger's, and whoever mixed up the columns has put a value there.
    if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH || !NAME.test(name))
      return { problem: `entry ${index + 1} has no name of letters, digits and _` };
    const updatedMs = timeOf(fields[key]);
    if (updatedMs === null) return { problem: `${name} has no time in "${key}" like 2026-01-31T12:00:00Z` };
    secrets.push({ name: name.toUpperCase(), updatedAt: new Date(updatedMs).toISOString(), updatedMs });
  }
  const repeated = repeatedIn(secrets);
  return repeated === null ? { secrets, total } : { problem: `${repeated} is there twice` };
}

function timeOf(value: unknown): number | null {
  return typeof value === 'string' && TIME.test(value) ? parseMoment(value) : null;
}

function fieldsOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}
