import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Answer, Question } from '../../index/search/search.ts';
import { RANKING_VERSION } from '../../index/ranking.ts';
import { MODES } from '../../index/search/query.ts';
import { SYMBOL_KINDS } from '../../index/languages/language.ts';
import { blocks, bold, code, codeBlock, plural, visible } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { dataSchema, type SearchData } from './data.ts';

export default defineCommand({
  name: 'search',
  summary: 'Find code by words, exact text, regular expression or symbol, ranked and never stale',
  group: 'main',
  action: { none: 'it answers a person or an agent; a workflow has nothing to decide from it' },
  options: {
    query: {
      type: 'string',
      positional: true,
      required: true,
      help: 'Words; "quoted" for exact text, /re/ for a regular expression, sym:name for a definition',
    },
    mode: { type: 'string', choices: MODES, default: 'auto', help: 'How to read the query' },
    path: { type: 'list', value: 'glob', help: 'Only files whose path matches' },
    lang: { type: 'list', value: 'language', help: 'Only files of this language, for example typescript' },
    kind: { type: 'string', choices: SYMBOL_KINDS, help: 'Only hits in a symbol of this kind' },
    limit: { type: 'integer', default: 10, min: 1, help: 'At most this many hits' },
    context: { type: 'integer', default: 2, min: 0, help: 'Lines to show before and after the best line' },
    explain: { type: 'boolean', help: 'Show what each score is made of' },
    url: { type: 'string', env: 'SOPHIA_SERVICE_URL', help: 'Ask the context service at this address instead of the index here' },
    repository: { type: 'string', env: 'SOPHIA_SERVICE_REPOSITORY', value: 'owner/name', help: 'With --url: only in this repository' },
  },
  examples: [
    { command: 'sophia search "where is the lock released"', does: 'Ask in words' },
    { command: 'sophia search parseConfig', does: 'Find the definition of a name first, then its uses' },
    { command: `sophia search '"x; rm -rf"' --path 'src/**'`, does: 'Find exact text; nothing in it is special' },
    { command: "sophia search '/TODO|FIXME/' --lang typescript", does: 'Find a regular expression' },
    {
      command: 'sophia search parseConfig --url https://context.example.com',
      does: 'Ask a context service, with the token in SOPHIA_SERVICE_TOKEN',
    },
  ],
  secrets: { SOPHIA_SERVICE_TOKEN: 'The token for --url: one that may read from the service' },
  dataSchema,
  async run(context, options) {
    const question = {
      text: options.query,
      mode: options.mode,
      paths: options.path,
      languages: options.lang,
      kind: options.kind ?? null,
      limit: options.limit,
      contextLines: options.context,
    };
    const answer = await answerOf(context, question, options);
    if (answer.isCut) context.log.warn('there are too many matches to rank; only the first ones, by path, were looked at');
    const data: SearchData = {
      query: options.query,
      mode: answer.mode,
      hits: answer.hits,
      freshness: answer.freshness,
      ranking: RANKING_VERSION,
      explain: options.explain,
      service: answer.service,
    };
    return outcome([judge(data)], data);
  },
  view: ({ data, findings }) =>
    data.hits.length === 0
      ? findings.map(({ reason }) => `${bold('No hit')}: ${reason}.`).join('\n')
      : blocks(...data.hits.map((hit) => showHit(hit, data.explain)), staleness(data)),
});

/** `service` is the address of who answered; null for the index here. */
async function answerOf(
  context: Context,
  question: Question,
  { url, repository }: { readonly url: string | undefined; readonly repository: string | undefined },
): Promise<Answer & { readonly service: string | null }> {
  if (url === undefined) {
    if (repository !== undefined)
      throw new SophiaError('USAGE', { problem: '--repository needs --url: the index here has only one', command: 'search' });
    const { search } = await import('../../index/search/search.ts');
    return { ...(await search(context, question)), service: null };
  }
  const { parseAddress, readToken } = await import('../../index/push/address.ts');
  const { ContextService } = await import('../../index/push/service.ts');
  const { searchRemote } = await import('../../index/search/remote.ts');
  const variable = 'SOPHIA_SERVICE_TOKEN';
  const address = parseAddress(url);
  const token = readToken(context.env, variable, address);
  const service = new ContextService(context, { address, token, variable, refusal: 'SERVICE_REFUSED', attempts: 1 });
  return { ...(await searchRemote(context, service, { ...question, repository: repository ?? null })), service: service.url };
}

function staleness({ freshness, service }: SearchData): string | false {
  if (!freshness.stale) return false;
  if (service !== null) return `The index of ${service} is behind its sources.`;
  return `${plural(freshness.live_files, 'changed file')} searched live; run ${code('sophia index')} to catch up.`;
}

/** Like grep: no hit is exit 1, with what was searched. */
function judge({ hits, mode, freshness, query, service }: SearchData): Finding {
  const place = service ?? 'files outside git';
  const commit = freshness.indexed_commit === null ? place : `commit ${freshness.indexed_commit.slice(0, 12)}`;
  const where = `${commit}${freshness.stale && service === null ? ` and ${plural(freshness.live_files, 'changed file')}` : ''}`;
  const reason =
    hits.length === 0 ? `nothing matches ${JSON.stringify(query.slice(0, 200))} as ${mode} in ${where}` : plural(hits.length, 'hit');
  return { check: 'hits', target: service ?? 'index', verdict: hits.length === 0 ? 'fail' : 'pass', reason };
}

function showHit(hit: SearchData['hits'][number], shouldExplain: boolean): string {
  const symbol =
    hit.symbol === undefined
      ? ''
      : ` ${hit.symbol.kind} ${code([hit.symbol.container, hit.symbol.name].filter((part) => part !== null).join('.'))}`;
  const why = (Object.entries(hit.why) as [string, number][])
    .filter(([, score]) => score !== 0)
    .map(([field, score]) => `${field} ${score.toFixed(2)}`);
  return blocks(
    `${bold(`${visible(hit.path)}:${hit.line}`)}${symbol}${hit.live ? ' (changed since indexed)' : ''}${shouldExplain ? ` — score ${hit.score.toFixed(2)} = ${why.join(' + ')}` : ''}`,
  ).concat('\n', codeBlock(hit.snippet));
}
