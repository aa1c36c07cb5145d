import type { Json, JsonObject } from '../../outcome.ts';
import { plainName } from '../audit/json-facts.ts';
import { isJsonObject, isList } from '../canonical.ts';
import { defineRule } from './rule.ts';

/** As `curl -i` prints it: a status line, headers, an empty line, the body. */
function* inText(text: string): Generator<{ readonly reason: string; readonly offset: number }> {
  const head = /^HTTP\/[\d.]+ \d{3}[^]*?\r?\n\r?\n/m.exec(text);
  const length = /^content-length:[ \t]*(\d+)[ \t]*\r?$/im.exec(head?.[0] ?? '');
  if (head === null || length === null || /^transfer-encoding:/im.test(head[0])) return;
  const body = Buffer.byteLength(text.slice(head.index + head[0].length));
  const said = Number(length[1]);
  // An editor or `echo` adds a line feed.
  if (body !== said && body !== said + 1)
    yield { reason: `Content-Length is ${said}, the body has ${body} bytes`, offset: head.index + length.index };
}

/** An object with `headers` and a `body` that is text. */
function* inJson(value: Json): Generator<{ readonly reason: string }> {
  if (isList(value)) for (const item of value) yield* inJson(item);
  if (!isJsonObject(value)) return;
  const { headers, body } = byPlainName(value);
  const length = isJsonObject(headers) ? byPlainName(headers)['contentlength'] : undefined;
  const said = Number(length ?? Number.NaN);
  if (typeof body === 'string' && Number.isSafeInteger(said) && Buffer.byteLength(body) !== said)
    yield { reason: `Content-Length is ${said}, the body has ${Buffer.byteLength(body)} bytes` };
  for (const member of Object.values(value)) yield* inJson(member);
}

function byPlainName(object: JsonObject): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [plainName(key), member]));
}

export default defineRule({
  id: 'length-mismatch',
  level: 'fail',
  summary: 'A recorded answer is not as long as its own header says',
  mend: 'Keep the body as it came, byte for byte',
  *examine({ text, json }) {
    if (text === null) return;
    yield* json?.ok === true ? inJson(json.value) : inText(text);
  },
});
