// Views: the latest picture at a path that people know. A view says whose it is; the proof says which bytes it had.
import type { JsonObject } from '../outcome.ts';
import { isJsonObject, parseJson } from './canonical.ts';
import { placeOf } from './path-law.ts';
import type { Hit } from './redaction/hit.ts';
import type { Redactor } from './redaction/redaction.ts';

const MAX_HEADER_LINES = 20;
/** Only the beginning of a text is looked at: a log may be long. */
const MAX_HEADER_BYTES = 16 * 1024;

/** The proof that a view names: the top-level "proof" of a JSON object, or a line `proof: <path>` among the first of a text. */
export function proofNamedBy(viewPath: string, bytes: Uint8Array): string | null {
  const named = viewPath.endsWith('.json') ? namedInJson(bytes) : namedInText(bytes);
  return named !== null && placeOf(named) !== null ? named : null;
}

/** The bytes of a view that do not yet say whose they are, with the line or key that does. Null where JSON is no object. */
export function nameProof(viewPath: string, bytes: Uint8Array, proofPath: string): Uint8Array | null {
  if (!viewPath.endsWith('.json')) return Buffer.concat([Buffer.from(`proof: ${proofPath}\n`), bytes]);
  const text = Buffer.from(bytes).toString('utf8');
  const value = parseObject(text);
  if (value === null) return null;
  if (Object.hasOwn(value, 'proof')) return Buffer.from(`${JSON.stringify({ ...value, proof: proofPath }, null, 2)}\n`);
  // The rest stays to the letter: numbers that are too long for us, the order of keys, white space.
  const brace = text.indexOf('{') + 1;
  const key = `"proof": ${JSON.stringify(proofPath)}${Object.keys(value).length === 0 ? '' : ','}`;
  return Buffer.from(`${text.slice(0, brace)}${key}${text.slice(brace)}`);
}

/**
 * JSON is cleaned text by text: a private key that has no end would otherwise take all that follows, and the form with it.
 * What is secret outside of any text, or across two, is taken out of the bytes as anywhere else.
 */
export function redactView(redactor: Redactor, { path, bytes, pointer }: { path: string; bytes: Buffer; pointer: string }): Uint8Array {
  const hits = path.endsWith('.json') ? redactor.find(bytes) : [];
  if (hits.length === 0) return redactor.bytes(bytes, pointer);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of textsWith(hits, bytes)) {
    const text = parseText(bytes.subarray(start, end));
    if (text === null) continue;
    parts.push(bytes.subarray(from, start), Buffer.from(JSON.stringify(redactor.text(text, pointer))));
    from = end;
  }
  return redactor.bytes(Buffer.concat([...parts, bytes.subarray(from)]), pointer);
}

/** The string literals of a JSON text that overlap a hit, quotes included. */
function* textsWith(hits: readonly Hit[], bytes: Buffer): Generator<{ readonly start: number; readonly end: number }> {
  let next = 0;
  for (let start = bytes.indexOf(QUOTE); start !== -1;) {
    const end = endOfText(bytes, start);
    while (next < hits.length && hits[next]!.end <= start) next += 1;
    if (next === hits.length) return;
    if (hits[next]!.start < end) yield { start, end };
    start = bytes.indexOf(QUOTE, end);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function endOfText(bytes: Buffer, start: number): number {
  for (let quote = bytes.indexOf(QUOTE, start + 1); quote !== -1; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let before = quote - 1;
    while (bytes[before] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return bytes.length;
}

function parseText(literal: Buffer): string | null {
  try {
    const value = parseJson(literal.toString('utf8'));
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function namedInJson(bytes: Uint8Array): string | null {
  const named = parseObject(Buffer.from(bytes).toString('utf8'))?.['proof'];
  return typeof named === 'string' ? named : null;
}

function parseObject(text: string): JsonObject | null {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function namedInText(bytes: Uint8Array): string | null {
  const lines = Buffer.from(bytes.subarray(0, MAX_HEADER_BYTES)).toString('utf8').split('\n', MAX_HEADER_LINES);
  for (const line of lines) {
    const [, named] = /^(?:# )?proof: (\S+)\r?$/.exec(line) ?? [];
    if (named !== undefined) return named;
  }
  return null;
}
