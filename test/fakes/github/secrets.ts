import type { JsonObject } from '../../../src/outcome.ts';
import type { FakeGitHub, Grant, Paged, Reply, Route, Seen } from './github.ts';

export interface FakeSecret {
  readonly name: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

export const SECRET_ROUTES: readonly Route[] = [
  listing(/^\/(?<place>repos\/[^/]+\/[^/]+)\/actions\/secrets$/, 'secrets: read'),
  listing(/^\/(?<place>repos\/[^/]+\/[^/]+\/actions\/organization-secrets)$/, 'secrets: read'),
  listing(/^\/(?<place>repos\/[^/]+\/[^/]+\/environments\/[^/]+)\/secrets$/, 'environments: read'),
  listing(/^\/(?<place>orgs\/[^/]+)\/actions\/secrets$/, 'organization_secrets: read'),
];

function listing(path: RegExp, needs: Grant): Route {
  return { method: 'GET', path, needs, answer: (hub, seen, { place }) => list(hub, seen, place!) };
}

/** A place that nobody has made is not there, and what may not be seen is not there either. */
function list(hub: FakeGitHub, seen: Seen, place: string): Reply | Paged {
  const secrets = hub.secrets.get(place);
  if (secrets === undefined) return { status: 404, body: { message: 'Not Found', status: '404' } };
  const items = secrets.map(({ name, updatedAt }): JsonObject => ({ name, created_at: '2020-01-01T00:00:00Z', updated_at: updatedAt }));
  return { items, wrap: (page) => ({ total_count: hub.countSecrets(secrets, seen), secrets: page }) };
}
