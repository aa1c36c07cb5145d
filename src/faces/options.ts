// From the words a face was given to the typed values a command reads. Flags > SOPHIA_* env > sophia.yaml > defaults.
import { envNameOf, toKebab, toSnake, type OptionSpec, type OptionTable } from '../command.ts';
import type { Env } from '../context.ts';
import { SophiaError } from '../errors.ts';
import { suggest } from '../suggest.ts';
import { parseDuration, parseSize } from '../units.ts';

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
      return checkMin(spec, parseDuration(text) ?? refuseText(text, 'a duration like 500ms, 10s, 5m, 24h or 90d', refuse), refuse);
    case 'size':
      return checkMin(spec, parseSize(text) ?? refuseText(text, 'a size like 500KB, 1MiB or 1048576', refuse), refuse);
    default:
      return parseText(spec, text, refuse);
  }
}

function parseList(spec: OptionSpec, raw: Raw, refuse: Refuse): readonly string[] {
  const parts = isMany(raw) ? raw : [String(raw)];
  const items = spec.positional ? parts : parts.flatMap(splitList);
  return items.filter((item) => spec.rest === true || item !== '').map((item) => parseText(spec, item, refuse));
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

function refuseText(text: string, expected: string, refuse: Refuse): never {
  throw refuse(`${JSON.stringify(text)} is not ${expected}`);
}

function checkMin(spec: OptionSpec, value: number, refuse: Refuse): number {
  if (spec.min !== undefined && value < spec.min) throw refuse(`${value} is less than ${spec.min}`);
  return value;
}
