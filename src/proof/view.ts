// Views: the latest picture at a path that people know. A view says whose it is; the proof says which bytes it had.
import { isJsonObject, parseJson } from './canonical.ts';
import { placeOf } from './path-law.ts';

const MAX_HEADER_LINES = 20;
/** Only the beginning of a text is looked at: a log may be long. */
const MAX_HEADER_BYTES = 16 * 1024;

/** The proof that a view names: the top-level "proof" of a JSON object, or a line `proof: <path>` among the first of a text. */
export function proofNamedBy(viewPath: string, bytes: Uint8Array): string | null {
  const named = viewPath.endsWith('.json') ? namedInJson(bytes) : namedInText(bytes);
  return named !== null && placeOf(named) !== null ? named : null;
}

function namedInJson(bytes: Uint8Array): string | null {
  try {
    const value = parseJson(Buffer.from(bytes).toString('utf8'));
    const named = isJsonObject(value) ? value['proof'] : null;
    return typeof named === 'string' ? named : null;
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
