// The bytes of the file as text. YAML says which characters a text may have; the parser takes any.

export interface Decoded {
  /** Without a byte order mark, so that columns are those an editor shows. */
  readonly text: string;
  /** The first that is wrong: a file in another encoding has thousands. */
  readonly flaw: { readonly offset: number; readonly problem: string } | null;
}

export function decode(bytes: Uint8Array): Decoded {
  const text = toText(bytes);
  const offset = offsetOfOther(bytes);
  if (offset !== null) return { text, flaw: { offset, problem: 'this is not UTF-8: save the file in that encoding' } };
  const found = UNPRINTABLE.exec(text);
  return { text, flaw: found === null ? null : { offset: found.index, problem: problemOf(found[0]) } };
}

/** YAML 1.2.2, production 1; and a CR that is no part of a CRLF, because the parser does not end a line there. */
const UNPRINTABLE = /\r(?!\n)|[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function problemOf(character: string): string {
  if (character === '\r') return 'a carriage return alone ends no line: end lines with LF';
  const digits = character.codePointAt(0)!.toString(16).padStart(4, '0');
  return `the character U+${digits.toUpperCase()} cannot stand in the file: write "\\u${digits}", in double quotes`;
}

/** Where text begins that is not encoded as UTF-8; null where all of it is. */
function offsetOfOther(bytes: Uint8Array): number | null {
  const encoded = Buffer.from(Buffer.from(bytes).toString('utf8'));
  if (encoded.equals(bytes)) return null;
  let same = 0;
  while (encoded[same] === bytes[same]) same += 1;
  return toText(bytes.subarray(0, same)).length;
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
