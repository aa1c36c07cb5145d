import type { JsonObject } from '../../../src/outcome.ts';
import type { FakeGitHub, Paged, Reply, Route, Seen } from './github.ts';

export interface FakeIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  stateReason: string | null;
  labels: readonly string[];
  readonly comments: string[];
  readonly isPullRequest: boolean;
  /** Login of who opened it. */
  readonly author: string;
  readonly createdAt: string;
}

/** Of an issue's body and of a comment. */
const MAX_CHARACTERS = 65_536;

export const ISSUE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/repos\/(?<repository>[^/]+\/[^/]+)\/issues$/,
    needs: 'issues: read',
    answer: (hub, seen, { repository }) => list(issuesOf(hub, repository!), seen),
  },
  {
    method: 'POST',
    path: /^\/repos\/(?<repository>[^/]+\/[^/]+)\/issues$/,
    needs: 'issues: write',
    answer: (hub, { body }, { repository }) => create(hub, repository!, body),
  },
  {
    method: 'GET',
    path: /^\/repos\/(?<repository>[^/]+\/[^/]+)\/issues\/(?<number>\d+)$/,
    needs: 'issues: read',
    answer: (hub, _, groups) => withIssue(hub, groups, (issue) => ({ status: 200, body: toJson(issue) })),
  },
  {
    method: 'PATCH',
    path: /^\/repos\/(?<repository>[^/]+\/[^/]+)\/issues\/(?<number>\d+)$/,
    needs: 'issues: write',
    answer: (hub, { body }, groups) => withIssue(hub, groups, (issue) => edit(issue, body)),
  },
  {
    method: 'POST',
    path: /^\/repos\/(?<repository>[^/]+\/[^/]+)\/issues\/(?<number>\d+)\/comments$/,
    needs: 'issues: write',
    answer: (hub, { body }, groups) => withIssue(hub, groups, (issue) => comment(issue, body)),
  },
];

/** As somebody else would have opened it. */
export function addIssue(hub: FakeGitHub, repository: string, given: Partial<FakeIssue>): FakeIssue {
  const issues = issuesOf(hub, repository);
  const issue: FakeIssue = {
    number: issues.length + 1,
    title: 'an issue',
    body: '',
    state: 'open',
    stateReason: null,
    labels: [],
    comments: [],
    isPullRequest: false,
    author: 'somebody',
    createdAt: hub.now,
    ...given,
  };
  issues.push(issue);
  return issue;
}

export function issuesOf(hub: FakeGitHub, repository: string): FakeIssue[] {
  const issues = hub.issues.get(repository) ?? [];
  hub.issues.set(repository, issues);
  return issues;
}

/** Newest first, pull requests among them, and open ones only unless asked otherwise. */
function list(issues: readonly FakeIssue[], { query }: Seen): Paged {
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter((label) => label !== '');
  const items = issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((label) => issue.labels.includes(label)));
  const isAscending = query.get('direction') === 'asc';
  return { items: (isAscending ? items : items.toReversed()).map(toJson) };
}

function create(hub: FakeGitHub, repository: string, { title, body, labels }: JsonObject): Reply {
  if (typeof title !== 'string' || title === '' || isTooLong(body)) return unprocessable();
  const issue = addIssue(hub, repository, {
    title,
    body: typeof body === 'string' ? body : '',
    labels: (labels as readonly string[] | undefined) ?? [],
    author: 'sophia[bot]',
  });
  return { status: 201, body: toJson(issue) };
}

function edit(issue: FakeIssue, { title, body, state, state_reason: reason, labels }: JsonObject): Reply {
  if (isTooLong(body)) return unprocessable();
  if (typeof title === 'string') issue.title = title;
  if (typeof body === 'string') issue.body = body;
  if (state === 'open' || state === 'closed') issue.state = state;
  if (typeof reason === 'string') issue.stateReason = reason;
  if (Array.isArray(labels)) issue.labels = labels as readonly string[];
  return { status: 200, body: toJson(issue) };
}

function comment(issue: FakeIssue, { body }: JsonObject): Reply {
  if (typeof body !== 'string' || body === '' || isTooLong(body)) return unprocessable();
  return { status: 201, body: { id: issue.comments.push(body), body } };
}

function withIssue(hub: FakeGitHub, groups: Readonly<Record<string, string>>, use: (issue: FakeIssue) => Reply): Reply {
  const issue = issuesOf(hub, groups['repository']!).find(({ number }) => number === Number(groups['number']));
  return issue === undefined ? { status: 404, body: { message: 'Not Found', status: '404' } } : use(issue);
}

function isTooLong(body: unknown): boolean {
  return typeof body === 'string' && body.length > MAX_CHARACTERS;
}

function unprocessable(): Reply {
  return { status: 422, body: { message: 'Validation Failed', status: '422' } };
}

function toJson(issue: FakeIssue): JsonObject {
  const { number, title, body, state, stateReason, labels, comments, isPullRequest, author, createdAt } = issue;
  return {
    number,
    title,
    body,
    state,
    state_reason: stateReason,
    labels: labels.map((name) => ({ name })),
    comments: comments.length,
    user: { login: author },
    created_at: createdAt,
    ...(isPullRequest ? { pull_request: {} } : {}),
  };
}
