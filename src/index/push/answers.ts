// What a context service answers to a push, checked before it is believed. The contract is docs/context-service.md.
import { z } from 'zod';
import { SophiaError } from '../../errors.ts';
import type { Json } from '../../outcome.ts';

const COUNT = z.int().nonnegative();
const DIGEST = z.string().regex(/^[0-9a-f]{64}$/);
const WHOLE = { stale: z.literal(false).optional(), partial: z.literal(false).optional() };

/** `GET /context/stats?repository=&type=code` */
export const STATS = z.object({
  ...WHOLE,
  data: z.object({ repository: z.string(), entries: COUNT, generation: COUNT, digest: DIGEST, commit: z.string().nullable().optional() }),
});

/** The same with `entries=1`: one page of what is held. */
export const LISTING = z.object({
  ...WHOLE,
  data: z.array(z.object({ id: z.string().max(200), sha256: DIGEST })),
  generation: COUNT,
  next_cursor: z.string().nullable(),
  has_more: z.boolean(),
});

/** `POST /context/index` */
export const INDEXED = z.object({
  repository: z.string(),
  generation: COUNT,
  indexed_count: COUNT,
  skipped_count: COUNT,
  removed_count: COUNT,
  failed: z.array(z.object({ id: z.string(), code: z.string().max(64), message: z.string().optional() })),
});

export type Stats = z.infer<typeof STATS>['data'];
export type Indexed = z.infer<typeof INDEXED>;

/** Throws `SERVICE_BAD_ANSWER` with the first thing that is not as agreed. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, url: string, body: Json): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new SophiaError('SERVICE_BAD_ANSWER', { url, reason: `${path.length === 0 ? 'the body' : path.join('.')}: ${message}` });
}
