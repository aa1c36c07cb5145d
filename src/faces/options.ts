// From the words a face was given to the typed values a command reads. Flags > SOPHIA_* env > sophia.yaml > defaults.
import { envNameOf, toKebab, toSnake, type OptionSpec, type OptionTable } from '../command.ts';
import type { Env } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { suggest } from '../suggest.ts';

/** Values by option name (camelCase), as typed; a flag that was not given is absent. */
export type RawOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface OptionSources {
  readonly command: string;
  readonly flags: RawOptions;
  readonly env: Env;
  /** The command's section of sophia.yaml, by option name. */
  readonly config: RawOptions;
}

export function parseOptions(table: OptionTable, sources: OptionSources): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(table)) {
    const { raw, origin } = pick(name, spec, sources);
    const value = raw === undefined ? absent(spec) : parse(spec, raw, (problem) => usage(sources.command, `${origin}: ${problem}`));
    if (spec.required && (value === undefined || (Array.isArray(value) && value.length === 0))) {
      throw usage(sources.command, spec.positional ? `${(spec.value ?? name).toUpperCase()} is missing` : `--${toKebab(name)} is missing`);
    }
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** At commas and line breaks; the commas of `*.{ts,tsx}` belong to the item. */
export function splitList(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap(splitLine)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function splitLine(line: string): readonly string[] {
  let depth = 0;
  let start = 0;
  const items: string[] = [];
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '{') depth += 1;
    else if (line[at] === '}') depth -= 1;
    else if (line[at] === ',' && depth === 0) {
      items.push(line.slice(start, at));
      start = at + 1;
    }
  }
  // Braces that do not fit together are no braces.
  return depth === 0 ? [...items, line.slice(start)] : line.split(',');
}

export function usage(command: string, problem: string): SophiaError<'USAGE'> {
  return new SophiaError('USAGE', { problem, command });
}

type Raw = string | boolean | number | readonly string[];

function isMany(raw: Raw): raw is readonly string[] {
  return Array.isArray(raw);
}

function pick(name: string, spec: OptionSpec, sources: OptionSources): { raw: Raw | undefined; origin: string } {
  const flag = sources.flags[name];
  if (flag !== undefined) return { raw: flag, origin: spec.positional ? (spec.value ?? name).toUpperCase() : `--${toKebab(name)}` };
  const variable = envNameOf(name, spec);
  const fromEnv = spec.positional ? undefined : sources.env[variable];
  if (fromEnv !== undefined && fromEnv !== '') return { raw: fromEnv, origin: variable };
  const fromConfig = sources.config[name];
  if (fromConfig !== undefined) return { raw: fromConfig, origin: `${sources.command}.${toSnake(name)} in sophia.yaml` };
  return { raw: spec.default, origin: 'default' };
}

function absent(spec: OptionSpec): unknown {
  if (spec.type === 'boolean') return false;
  return spec.type === 'list' ? [] : undefined;
}

type Refuse = (problem: string) => SophiaError;

function parse(spec: OptionSpec, raw: Raw, refuse: Refuse): unknown {
  if (spec.type === 'list') return parseList(spec, raw, refuse);
  if (isMany(raw)) throw refuse('given more than once');
  if (spec.type === 'boolean') return parseBoolean(raw, refuse);
  const text = String(raw);
  switch (spec.type) {
    case 'integer':
    case 'number':
      return checkMin(spec, parseNumber(spec.type, text, refuse), refuse);
    case 'duration':
      return checkMin(spec, parseDuration(text, refuse), refuse);
    case 'size':
      return checkMin(spec, parseSize(text, refuse), refuse);
    default:
      return parseText(spec, text, refuse);
  }
}

function parseList(spec: OptionSpec, raw: Raw, refuse: Refuse): readonly string[] {
  const parts = isMany(raw) ? raw : [String(raw)];
  const items = spec.positional ? parts : parts.flatMap(splitList);
  return items.filter((item) => item !== '').map((item) => parseText(spec, item, refuse));
}

function parseText(spec: OptionSpec, text: string, refuse: Refuse): string {
  if (text === '' && spec.type === 'path') throw refuse('is empty');
  if (text.includes('\0')) throw refuse('contains a NUL byte');
  if (spec.choices === undefined || spec.choices.includes(text)) return text;
  throw refuse(`${JSON.stringify(text)} is none of ${spec.choices.join(', ')}${suggest(text, spec.choices)}`);
}

function parseBoolean(raw: Raw, refuse: Refuse): boolean {
  if (typeof raw === 'boolean') return raw;
  if (/^(true|True|TRUE|1)$/.test(String(raw))) return true;
  if (/^(false|False|FALSE|0)$/.test(String(raw))) return false;
  throw refuse(`${JSON.stringify(raw)} is neither true nor false`);
}

function parseNumber(type: 'integer' | 'number', text: string, refuse: Refuse): number {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value) || (type === 'integer' && !Number.isSafeInteger(value))) {
    throw refuse(`${JSON.stringify(text)} is not a ${type === 'integer' ? 'whole number' : 'number'}`);
  }
  return value;
}

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function parseDuration(text: string, refuse: Refuse): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) throw refuse(`${JSON.stringify(text)} is not a duration like 500ms, 10s, 5m, 24h or 90d`);
  return Math.round(Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]);
}

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
};

function parseSize(text: string, refuse: Refuse): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const factor = BYTES[(match?.[2] ?? '').toLowerCase() || 'b'];
  if (match === null || factor === undefined) throw refuse(`${JSON.stringify(text)} is not a size like 500KB, 1MiB or 1048576`);
  return Math.round(Number(match[1]) * factor);
}

function checkMin(spec: OptionSpec, value: number, refuse: Refuse): number {
  if (spec.min !== undefined && value < spec.min) throw refuse(`${value} is less than ${spec.min}`);
  return value;
}
