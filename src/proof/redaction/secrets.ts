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

/** The value and its parts; plain, in one encoding, and in two. */
function spellingsOf(value: string): readonly string[] {
  const found = new Set<string>();
  for (const plain of new Set([value, ...partsOf(value)])) {
    if (plain.length < MIN_LENGTH) continue;
    if (plain.startsWith('-----') && !plain.includes('\n')) continue; // the frame of a PEM block is no secret
    // Most encodings leave most values as they are: each text is encoded once.
    for (const once of new Set([plain, ...encodingsOf(plain)])) {
      found.add(once);
      for (const twice of encodingsOf(once)) found.add(twice);
    }
  }
  return [...found].filter((spelling) => spelling.length >= MIN_LENGTH);
}

/** Each line of several; the password of a URL, which programs print without the rest. */
function partsOf(value: string): readonly string[] {
  const lines = value.includes('\n') ? value.split(/\r?\n/).map((line) => line.trim()) : [];
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@/]+)@/i.exec(value) ?? [];
  return password === undefined ? lines : [...lines, password, unescapeUrl(password)];
}

function unescapeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is no escape
  }
}

function* encodingsOf(value: string): Generator<string> {
  yield* textEncodingsOf(value);
  const bytes = Buffer.from(`\0\0${value}`);
  const hex = bytes.toString('hex', 2);
  yield hex;
  yield hex.toUpperCase();
  for (const offset of [0, 1, 2]) {
    const core = base64CoreOf(bytes, offset);
    yield core;
    yield core.replaceAll('+', '-').replaceAll('/', '_');
  }
}

/** What no encoder of text changes. */
const PLAIN = /^[A-Za-z0-9_.-]*$/;

/** As JSON (also where it writes ASCII only, or escapes slashes), in URLs and in forms. */
function* textEncodingsOf(value: string): Generator<string> {
  if (PLAIN.test(value)) return;
  const json = JSON.stringify(value).slice(1, -1);
  yield json;
  yield json.replaceAll(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  yield json.replaceAll('/', String.raw`\/`);
  yield* urlEncodingsOf(value);
}

/** What encoders leave as it is beside letters, digits and `-_.`: ECMAScript, RFC 3986, HTML forms, old forms, PHP. */
const LEFT_IN_URLS = ["!'()*~", '~', '*', '*~', ''];

/** Escapes in upper and lower case, a space as `%20` and as `+`. */
function urlEncodingsOf(value: string): ReadonlySet<string> {
  const url = encodeURIComponent(value.toWellFormed());
  const escaped = new Set(
    LEFT_IN_URLS.map((left) => url.replaceAll(/[!'()*~]/g, (character) => (left.includes(character) ? character : toEscape(character)))),
  );
  return new Set([...escaped].flatMap((each) => [each, each.replaceAll('%20', '+')]).flatMap((each) => [each, toLowerEscapes(each)]));
}

function toEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function toLowerEscapes(url: string): string {
  return url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/**
 * The letters that are the same whatever stands before and after the value in the encoded bytes.
 * `bytes` are two of padding and the value, so that the value can begin at each of the three alignments.
 */
function base64CoreOf(bytes: Buffer, offset: number): string {
  const encoded = bytes.toString('base64', 2 - offset);
  const length = bytes.length - 2 + offset;
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor((length * 8) / 6));
}
