// `data` of `sophia search --json`, and its schema.
import { freshnessSchema, type Freshness, type Hit } from '../../index/search/hit.ts';
import type { Lane } from '../../index/search/query.ts';
import { SYMBOL_KINDS } from '../../index/languages/language.ts';

export interface SearchData {
  readonly query: string;
  readonly mode: Lane;
  readonly hits: readonly Hit[];
  readonly freshness: Freshness;
  /** Version of the weights that made the scores. */
  readonly ranking: number;
  /** Whether the view shows scores; `why` is always in the data. */
  readonly explain: boolean;
  /** The address of the context service that answered; null for the index here. */
  readonly service: string | null;
}

const LINE = { type: 'integer', minimum: 1 } as const;
const TEXT_OR_NULL = { anyOf: [{ type: 'string' }, { type: 'null' }] } as const;

const symbol = {
  type: 'object',
  properties: { name: { type: 'string' }, kind: { enum: SYMBOL_KINDS }, container: TEXT_OR_NULL, signature: { type: 'string' } },
  required: ['name', 'kind', 'container', 'signature'],
  additionalProperties: false,
} as const;

const why = {
  type: 'object',
  properties: { body: { type: 'number' }, path: { type: 'number' }, symbols: { type: 'number' }, history: { type: 'number' } },
  required: ['body', 'path', 'symbols', 'history'],
  additionalProperties: false,
} as const;

const hit = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    line: LINE,
    end_line: LINE,
    snippet: { type: 'string' },
    symbol,
    score: { type: 'number' },
    why,
    blob: TEXT_OR_NULL,
    live: { const: true },
  },
  required: ['path', 'line', 'end_line', 'snippet', 'score', 'why', 'blob'],
  additionalProperties: false,
} as const;

export const dataSchema = {
  type: 'object',
  properties: {
    query: { type: 'string' },
    mode: { enum: ['words', 'literal', 'regex', 'symbol'] },
    hits: { type: 'array', items: hit },
    freshness: freshnessSchema,
    ranking: { type: 'integer', minimum: 1 },
    explain: { type: 'boolean' },
    service: TEXT_OR_NULL,
  },
  required: ['query', 'mode', 'hits', 'freshness', 'ranking', 'explain', 'service'],
  additionalProperties: false,
} as const;
