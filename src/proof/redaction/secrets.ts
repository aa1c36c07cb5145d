// Which values of the environment are secret, and every spelling in which one may turn up in a run's evidence.
import type { Env } from '../../context.ts';

export interface Secret {
  /** `env:SLACK_TOKEN`: what stands in its place. */
  readonly label: string;
  /** The value itself and its spellings, each at least as long as `MIN_LENGTH`. */
  readonly spellings: readonly string[];
}

/** Shorter ones would take ordinary words out of every proof. */
const MIN_LENGTH = 6;
const WORDS = new Set(['KEY', 'KEYS', 'DSN', 'AUTH', 'COOKIE', 'COOKIES', 'WEBHOOK']);
/** Also inside a word: PGPASSWORD, AUTHTOKEN. */
const WORD_PARTS = ['TOKEN', 'SECRET', 'PASSWORD', 'PASSWD', 'CREDENTIAL', 'APIKEY', 'DATABASE_URL'];
const NOT_SECRET = new Set(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK']);

/** Of variables whose name says so. A name given in `alsoNames` is secret whatever it is called. */
export function secretsOf(env: Env, alsoNames: readonly string[] = []): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const name of Object.keys(env).sort()) {
    const value = env[name]?.trim() ?? '';
    if (value.length < MIN_LENGTH || !(isSecretName(name) || alsoNames.includes(name))) continue;
    secrets.push({ label: `env:${name}`, spellings: spellingsOf(value) });
  }
  return secrets;
}

export function isSecretName(name: string): boolean {
  const upper = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  if (NOT_SECRET.has(upper)) return false;
  return WORD_PARTS.some((part) => upper.includes(part)) || upper.split(/[^A-Z0-9]+/).some((word) => WORDS.has(word));
}

/** The value and, of a value of several lines, each line; plain, in one encoding, and in two. Longest first. */
function spellingsOf(value: string): readonly string[] {
  const lines = value.includes('\n') ? value.split(/\r?\n/).map((line) => line.trim()) : [];
  const found = new Set<string>();
  for (const plain of [value, ...lines]) {
    if (plain.startsWith('-----') && !plain.includes('\n')) continue; // the frame of a PEM block is no secret
    for (const once of [plain, ...encodingsOf(plain)]) {
      found.add(once);
      for (const twice of encodingsOf(once)) found.add(twice);
    }
  }
  return [...found].filter((spelling) => spelling.length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
}

function encodingsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((offset) => base64CoreOf(bytes, offset));
  return [
    json,
    json.replaceAll(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
    json.replaceAll('/', String.raw`\/`),
    ...urlEncodingsOf(value),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** What encoders leave as it is beside letters, digits and `-_.`: ECMAScript, RFC 3986, HTML forms, old forms, PHP. */
const LEFT_IN_URLS = ["!'()*~", '~', '*', '*~', ''];

/** Escapes in upper and lower case, a space as `%20` and as `+`. */
function urlEncodingsOf(value: string): readonly string[] {
  const url = encodeURIComponent(value);
  return LEFT_IN_URLS.flatMap((left) => {
    const escaped = url.replaceAll(/[!'()*~]/g, (character) => (left.includes(character) ? character : toEscape(character)));
    return [escaped, escaped.replaceAll('%20', '+')].flatMap((each) => [each, toLowerEscapes(each)]);
  });
}

function toEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function toLowerEscapes(url: string): string {
  return url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** The letters that are the same whatever stands before and after the value in the encoded bytes. */
function base64CoreOf(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
