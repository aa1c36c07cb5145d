// `secrets:` in sophia.yaml.
import { defineSection, type Config, type Location } from '../section.ts';
import { described, duration, listOf, mapOf, reason, text } from '../shape.ts';
import { parseDuration } from '../units.ts';

const NAME = { pattern: '[A-Za-z_][A-Za-z0-9_]*', what: 'a name of letters, digits and _, no digit first' };

const MAX_AGE = '90d';
/** 75 of 90 days, and as much of any other limit. */
const WARN_SHARE = 75 / 90;

export const secretsSection = defineSection({
  name: 'secrets',
  summary: 'How old the secrets of the repository may become, and which must be there',
  fields: {
    max_age: described(duration(), 'An older secret is a failure', MAX_AGE),
    warn_age: described(duration(), 'An older secret is a warning; five sixths of `max_age` without it', '75d'),
    required: described(listOf(text(NAME)), 'Names that must be there'),
    ignore: described(mapOf(NAME, reason()), 'Names that are left out, each with the reason'),
  },
  meaning: (value, _file, report) => {
    const { max_age: max, warn_age: warn } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    const maxMs = ageOf(max ?? MAX_AGE);
    const warnMs = ageOf(warn);
    if (maxMs !== null && warnMs !== null && warnMs > maxMs) report('/warn_age', 'is above max_age: nobody would be warned');
  },
});

/** Names in upper case, as GitHub keeps them; each with the place in sophia.yaml that asks for it. */
export interface Policy {
  readonly maxAgeMs: number;
  readonly warnAgeMs: number;
  readonly required: ReadonlyMap<string, Location | null>;
  readonly ignored: ReadonlyMap<string, Ignored>;
}

interface Ignored {
  readonly why: string;
  readonly location: Location | null;
}

export function readPolicy(config: Config): Policy {
  const { max_age: max, warn_age: warn, required = [], ignore = {} } = config.read(secretsSection);
  const placeOf = (pointer: string): Location | null => config.locate(secretsSection, pointer);
  const maxAgeMs = parseDuration(max ?? MAX_AGE)!;
  return {
    maxAgeMs,
    warnAgeMs: warn === undefined ? maxAgeMs * WARN_SHARE : parseDuration(warn)!,
    required: new Map(required.map((name, index) => [name.toUpperCase(), placeOf(`/required/${index}`)])),
    ignored: new Map(Object.entries(ignore).map(([name, why]) => [name.toUpperCase(), { why, location: placeOf(`/ignore/${name}`) }])),
  };
}

function ageOf(value: unknown): number | null {
  return typeof value === 'string' ? parseDuration(value) : null;
}
