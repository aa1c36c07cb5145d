import { defineCommand } from '../../command.ts';
import { SYMBOL_KINDS } from '../../index/languages/language.ts';
import { blocks, plural } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import type { RepositoryMap } from '../../index/map/map.ts';
import { freshnessSchema } from '../../index/search/hit.ts';

export default defineCommand({
  name: 'map',
  summary: 'Show the signatures that matter most, within a budget of tokens',
  group: 'main',
  action: { none: 'it answers a person or an agent; a workflow has nothing to decide from it' },
  options: {
    tokens: { type: 'integer', default: 2048, min: 50, help: 'The budget, at four characters a token' },
    focus: { type: 'list', value: 'path', help: 'Draw the map around these files or folders' },
    query: { type: 'string', help: 'Draw the map around what these words find' },
  },
  examples: [
    { command: 'sophia map --tokens 1000', does: 'Get to know a repository' },
    { command: 'sophia map --focus src/auth --tokens 4000', does: 'See what a folder is made of and depends on' },
    { command: 'sophia map --query "rate limit" --json', does: 'Context for an agent with a task' },
  ],
  dataSchema: {
    type: 'object',
    properties: {
      text: { type: 'string' },
      tokens: { type: 'integer', minimum: 0 },
      budget: { type: 'integer', minimum: 1 },
      estimate: { type: 'string' },
      files: { type: 'integer', minimum: 0 },
      entry_points: {
        type: 'array',
        items: {
          type: 'object',
          properties: { path: { type: 'string' }, why: { type: 'string' } },
          required: ['path', 'why'],
          additionalProperties: false,
        },
      },
      sections: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            path: { type: 'string' },
            symbols: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  name: { type: 'string' },
                  kind: { enum: SYMBOL_KINDS },
                  container: { anyOf: [{ type: 'string' }, { type: 'null' }] },
                  line: { type: 'integer', minimum: 1 },
                  end_line: { type: 'integer', minimum: 1 },
                  signature: { type: 'string' },
                },
                required: ['name', 'kind', 'container', 'line', 'end_line', 'signature'],
                additionalProperties: false,
              },
            },
          },
          required: ['path', 'symbols'],
          additionalProperties: false,
        },
      },
      freshness: freshnessSchema,
    },
    required: ['text', 'tokens', 'budget', 'estimate', 'files', 'entry_points', 'sections', 'freshness'],
    additionalProperties: false,
  },
  async run(context, { tokens, focus, query }) {
    const { drawMap } = await import('../../index/map/map.ts');
    const drawn = await drawMap(context, { tokens, focus, query: query ?? null });
    return outcome([judge(drawn)], toData(drawn, tokens));
  },
  view: ({ data, findings }) =>
    blocks(
      data.text === '' ? findings.map(({ reason }) => reason).join('\n') : data.text,
      data.freshness.stale && 'Files changed since the index was made; run `sophia index` to map them.',
    ),
});

function judge({ sections, entryPoints, tokens }: RepositoryMap): Finding {
  const isEmpty = sections.length === 0 && entryPoints.length === 0;
  const reason = isEmpty
    ? 'no definition is in the index that a map could show'
    : `${plural(sections.length, 'file')} in about ${plural(tokens, 'token')}`;
  return { check: 'mapped', target: 'index', verdict: isEmpty ? 'unknown' : 'pass', reason };
}

function toData(drawn: RepositoryMap, budget: number) {
  return {
    text: drawn.text,
    tokens: drawn.tokens,
    budget,
    estimate: 'one token for four characters, rounded up',
    files: drawn.files,
    entry_points: drawn.entryPoints,
    sections: drawn.sections.map(({ path, symbols }) => ({
      path,
      symbols: symbols.map(({ name, kind, container, line, endLine, signature }) => ({
        name,
        kind,
        container,
        line,
        end_line: endLine,
        signature,
      })),
    })),
    freshness: drawn.freshness,
  };
}
