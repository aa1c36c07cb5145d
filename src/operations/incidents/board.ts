// The issues of a repository, as far as incidents need them. What GitHub refuses is thrown, in words.
import type { Context, GitHubAnswer } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { duration, visible } from '../../markdown.ts';
import type { Json, JsonObject } from '../../outcome.ts';

export interface Issue {
  readonly number: number;
  readonly body: string;
}

const PER_PAGE = 100;
const MAX_PAGES = 20;
const MAX_SAID = 200;

/** Who may not write to the repository may not speak for it either, whatever an issue of theirs holds. */
const STRANGERS: ReadonlySet<Json> = new Set(['NONE', 'CONTRIBUTOR', 'FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR', 'MANNEQUIN']);

export class Board {
  readonly #context: Context;
  readonly #place: { readonly owner: string; readonly repo: string };

  constructor(context: Context, place: { readonly owner: string; readonly repo: string }) {
    this.#context = context;
    this.#place = place;
  }

  /** Open ones with all of the labels, oldest first. By listing, as what searches lags behind. Throws unless it read them all. */
  async listOpen(labels: readonly string[]): Promise<readonly Issue[]> {
    const issues: Issue[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const asked = { state: 'open', labels: labels.join(','), sort: 'created', direction: 'asc', per_page: PER_PAGE, page };
      const { data, hasNext } = await this.#ask('GET /repos/{owner}/{repo}/issues', asked);
      if (!Array.isArray(data)) throw unlike('GET /repos/{owner}/{repo}/issues', 'no list came');
      issues.push(...(data as readonly Json[]).flatMap(toTrusted));
      if (!hasNext) return issues.toSorted((a, b) => a.number - b.number);
    }
    throw unlike('GET /repos/{owner}/{repo}/issues', `there are more than ${MAX_PAGES} pages`);
  }

  /**
   * Labels that are not there yet come to be. Who may not write to the repository gets an issue without them, and no error: nobody would
   * find that one again, and the next run would open another.
   */
  async open(issue: { readonly title: string; readonly body: string; readonly labels: readonly string[] }): Promise<Issue> {
    const what = 'POST /repos/{owner}/{repo}/issues';
    const { data } = await this.#ask(what, issue);
    const opened = readIssue(data);
    if (opened === null) throw unlike(what, 'no issue came back');
    if (hasLabels(data, issue.labels)) return opened;
    await this.close(opened.number, { reason: 'not_planned' });
    throw new SophiaError('GITHUB_DENIED', { what, said: `it left out the labels, so #${opened.number} was closed again` });
  }

  async edit(number: number, body: string): Promise<void> {
    await this.#patch(number, { body });
  }

  /** The body in the same request: it tells how it ended also where the comment gets lost. */
  async close(
    number: number,
    { reason, ...text }: { readonly reason: 'completed' | 'not_planned'; readonly body?: string },
  ): Promise<void> {
    await this.#patch(number, { ...text, state: 'closed', state_reason: reason });
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#ask('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: number, body });
  }

  async #patch(number: number, change: JsonObject): Promise<void> {
    await this.#ask('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { issue_number: number, ...change });
  }

  async #ask(route: string, parameters: JsonObject): Promise<GitHubAnswer> {
    const answer = await this.#context.github.request(route, { ...this.#place, ...parameters }, this.#context.signal);
    const { status, retryAfterMs } = answer;
    if (status === 200 || status === 201) return answer;
    if (status === 429 || retryAfterMs !== null)
      throw new SophiaError('GITHUB_LIMITED', { until: retryAfterMs === null ? '' : `: again in ${duration(retryAfterMs)}` });
    if (status === 401 || status === 403 || status === 404) throw new SophiaError('GITHUB_DENIED', { what: route, said: saidBy(answer) });
    throw unlike(route, saidBy(answer));
  }
}

/** Pull requests are listed among the issues. */
function toTrusted(item: Json): readonly Issue[] {
  const issue = readIssue(item);
  const { pull_request: pull, author_association: association = null, user = null } = fieldsOf(item);
  const isStranger = fieldsOf(user)['type'] !== 'Bot' && STRANGERS.has(association);
  return issue === null || pull !== undefined || isStranger ? [] : [issue];
}

function readIssue(item: Json): Issue | null {
  const { number, body } = fieldsOf(item);
  return typeof number === 'number' && Number.isSafeInteger(number) ? { number, body: typeof body === 'string' ? body : '' } : null;
}

/** GitHub does not tell upper case from lower, and writes a label as it was made first. */
function hasLabels(item: Json, wanted: readonly string[]): boolean {
  const { labels } = fieldsOf(item);
  const given = Array.isArray(labels) ? (labels as readonly Json[]).map((label) => fieldsOf(label)['name']) : [];
  const names = new Set(given.map((name) => (typeof name === 'string' ? name.toLowerCase() : null)));
  return wanted.every((label) => names.has(label.toLowerCase()));
}

function fieldsOf(json: Json): JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
}

function unlike(what: string, reason: string): SophiaError {
  return new SophiaError('GITHUB_BAD_ANSWER', { what, reason });
}

function saidBy({ status, data }: GitHubAnswer): string {
  const { message } = fieldsOf(data);
  return typeof message === 'string' ? `${status}, ${visible(message.slice(0, MAX_SAID).toWellFormed())}` : String(status);
}
