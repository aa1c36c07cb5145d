// `${env.NAME}`, `${deploy.sha}` and `${capture.NAME}` in the texts of sophia.yaml. `$${` writes a literal `${`.
import type { Json } from '../outcome.ts';
import { isList } from './body/types.ts';

export interface Variables {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the commit that is expected; null where nobody said which. */
  readonly sha: string | null;
  readonly captured: Readonly<Record<string, string>>;
}

/** `missing` as it is written between the braces: `env.REPO_TOKEN`. An empty variable is as good as none: workflows give that for an unset secret. */
export type Substituted = { readonly value: Json } | { readonly missing: string };

/** In every text of the value, not in keys. What was put in is not looked at again. */
export function substitute(value: Json, variables: Variables): Substituted {
  let missing: string | null = null;
  const fill = (name: string): string => {
    const found = lookUp(name, variables);
    missing ??= found === null ? name : null;
    return found ?? '';
  };
  const filled = mapTexts(value, (text) => text.replaceAll(FORM, (form) => (form === LITERAL ? '${' : fill(nameOf(form) ?? form))));
  return missing === null ? { value: filled } : { missing };
}

/** What a text asks for, `env.NAME` and so on, in its order. Whatever else stands in `${…}`, or is not closed, is unknown. */
export function formsIn(text: string): { readonly names: readonly string[]; readonly unknown: readonly string[] } {
  const forms = [...text.matchAll(FORM)].map(([form]) => form).filter((form) => form !== LITERAL);
  return { names: forms.map(nameOf).filter((name) => name !== null), unknown: forms.filter((form) => nameOf(form) === null) };
}

/** Names of the variables in all texts of a value. */
export function envNamesIn(value: Json): readonly string[] {
  const names: string[] = [];
  mapTexts(value, (text) => {
    names.push(...formsIn(text).names.filter((name) => name.startsWith('env.')));
    return text;
  });
  return [...new Set(names.map((name) => name.slice('env.'.length)))];
}

const LITERAL = '$${';
/** One that is not closed reaches to the end. */
const FORM = /\$\$\{|\$\{[^}]*(?:\}|$)/g;
const KNOWN = /^\$\{(env\.[A-Za-z_][A-Za-z0-9_]*|deploy\.sha|capture\.[A-Za-z_][A-Za-z0-9_-]*)\}$/;

/** Null for a form that nobody knows. */
function nameOf(form: string): string | null {
  return KNOWN.exec(form)?.[1] ?? null;
}

/** Null for what is not set, and for an unknown form: the reader of sophia.yaml lets none through. */
function lookUp(name: string, { env, sha, captured }: Variables): string | null {
  if (name === 'deploy.sha') return sha;
  if (!/^(?:env|capture)\./.test(name)) return null;
  const [room, key] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
  const values = room === 'env' ? env : captured;
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  return value === undefined || (room === 'env' && value === '') ? null : value;
}

/** The very value where nothing in it changes: most of what sophia.yaml says has no variables. */
function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return value.includes('${') ? change(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.entries(value).flatMap(([key, item]: [string, Json]) => {
    const mapped = mapTexts(item, change);
    return mapped === item ? [] : [[key, mapped] as const];
  });
  if (changed.length === 0) return value;
  return isList(value) ? Object.assign([...value], Object.fromEntries(changed)) : { ...value, ...Object.fromEntries(changed) };
}
