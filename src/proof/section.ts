// `proofs:` in sophia.yaml.
import { defineSection, type Section } from '../section.ts';
import { duration, listOf, mapOf, object, oneOf, text } from '../shape.ts';
import { KIND_PATTERN } from './path-law.ts';
import { PATTERN_SHAPE } from './redaction/configured-pattern.ts';

const KIND = { pattern: KIND_PATTERN, what: 'a kind: a to z, 0 to 9 and _, a letter first, at most 32' };
const NAME = { pattern: '[A-Za-z0-9][A-Za-z0-9._-]*', what: 'a name of letters, digits, dot, _ and -' };
const line = text({ pattern: '[^\\u0000-\\u001f\\u007f]+', what: 'one line of text' });
const day = text({
  pattern: '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:T[\\d:.]+Z)?',
  what: 'a day like 2026-01-31, or a time in UTC',
});
const LEVELS = ['L0', 'L1', 'L2', 'L3', 'L4'] as const;

export const proofsSection = defineSection({
  name: 'proofs',
  summary: 'Where proofs go, whom to trust, and what must be there',
  fields: {
    /** The ledger's name for itself, before there is one. */
    origin: text({ pattern: '[^\\s+]+', what: 'a name without spaces and +' }),
    branch: line,
    trust: object(
      {},
      {
        keys: listOf(object({ vkey: line }, { from: day, until: day })),
        identities: listOf(object({ issuer: line, subject: line })),
      },
    ),
    freshness: mapOf(KIND, duration()),
    contracts: mapOf(
      NAME,
      object(
        { kinds: listOf(text(KIND), { min: 1 }) },
        { commit: line, result: oneOf(['PASSED', 'WARNED', 'FAILED', 'UNKNOWN']), max_age: duration(), require: oneOf(LEVELS) },
      ),
    ),
    redact: object({}, { env: listOf(line), patterns: listOf(PATTERN_SHAPE) }),
    ignore: listOf(line),
  },
});

export type ProofsConfig = typeof proofsSection extends Section<infer Value> ? Value : never;
