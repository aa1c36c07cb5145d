// Strings of Python. Since 3.12 (PEP 701) an f-string holds expressions in which any string may stand, its own quotes included.

const NEWLINE = 10;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Offset after the string whose prefix begins at `from` and whose quote stands at `quoteAt`. */
export function skipPythonString(source: Uint8Array, from: number, quoteAt: number): number {
  return isFormatted(source, from, quoteAt) ? skipFormatted(source, quoteAt) : skipPlain(source, quoteAt);
}

/** One `f` or `t` among at most two letters. */
function isFormatted(source: Uint8Array, from: number, quoteAt: number): boolean {
  if (quoteAt - from > 2) return false;
  for (let at = from; at < quoteAt; at += 1) {
    const letter = source[at]! | 32;
    if (letter === 102 || letter === 116) return true;
  }
  return false;
}

function isTriple(source: Uint8Array, at: number): boolean {
  return source[at + 1] === source[at] && source[at + 2] === source[at];
}

/** A backslash keeps the quote after it out even in raw strings. A string that its line does not end ends with the line. */
function skipPlain(source: Uint8Array, quoteAt: number): number {
  const quote = source[quoteAt]!;
  const triple = isTriple(source, quoteAt);
  for (let at = quoteAt + (triple ? 3 : 1); at < source.length; at += 1) {
    const byte = source[at]!;
    if (byte === BACKSLASH) at += source[at + 1] === 13 && source[at + 2] === NEWLINE ? 2 : 1;
    else if (byte === quote && (!triple || isTriple(source, at))) return at + (triple ? 3 : 1);
    else if (byte === NEWLINE && !triple) return at;
  }
  return source.length;
}

/** An open f-string, or an open replacement field in one. */
interface Level {
  readonly quote: number;
  readonly triple: boolean;
  /** Brackets open in the field, its own brace included; 0 in text. */
  brackets: number;
}

/** A stack instead of recursion: fields may hold f-strings that hold fields. */
function skipFormatted(source: Uint8Array, quoteAt: number): number {
  const levels: Level[] = [{ quote: source[quoteAt]!, triple: isTriple(source, quoteAt), brackets: 0 }];
  let at = quoteAt + (levels[0]!.triple ? 3 : 1);
  while (at < source.length) {
    const level = levels.at(-1)!;
    if (level.brackets > 0) at = inField(source, at, levels);
    else if (endsText(source, at, level)) {
      at += level.triple ? 3 : 1;
      levels.pop();
      if (levels.length === 0) return at;
    } else if (source[at] === NEWLINE && !level.triple) return at;
    else at = inText(source, at, level);
  }
  return source.length;
}

function endsText(source: Uint8Array, at: number, { quote, triple }: Level): boolean {
  return source[at] === quote && (!triple || isTriple(source, at));
}

function inText(source: Uint8Array, at: number, level: Level): number {
  const byte = source[at]!;
  if (byte === BACKSLASH) return at + (source[at + 1] === OPEN_BRACE ? 1 : 2);
  if (byte !== OPEN_BRACE) return at + 1;
  if (source[at + 1] === OPEN_BRACE) return at + 2;
  level.brackets = 1;
  return at + 1;
}

function inField(source: Uint8Array, at: number, levels: Level[]): number {
  const level = levels.at(-1)!;
  const byte = source[at]!;
  if (byte === 34 || byte === 39) {
    // Before 3.12 the text's own quote could not stand in a field: where one does and no field is closed, the string ends.
    const from = isPrefix(source[at - 1]) ? at - 1 : at;
    if (!isFormatted(source, from, at)) return skipPlain(source, at);
    levels.push({ quote: byte, triple: isTriple(source, at), brackets: 0 });
    return at + (isTriple(source, at) ? 3 : 1);
  }
  if (byte === OPEN_BRACE || byte === 40 || byte === 91) level.brackets += 1;
  else if (byte === CLOSE_BRACE || byte === 41 || byte === 93) level.brackets -= 1;
  else if (byte === NEWLINE && !level.triple) level.brackets = 0;
  else if (byte === 58 && level.brackets === 1) return skipFormat(source, at + 1, level);
  return at + 1;
}

/** After the colon, text again, with fields that hold names; it ends with the field. */
function skipFormat(source: Uint8Array, from: number, level: Level): number {
  let depth = 1;
  for (let at = from; at < source.length; at += 1) {
    const byte = source[at]!;
    if (byte === OPEN_BRACE) depth += 1;
    else if (byte === CLOSE_BRACE) depth -= 1;
    if (depth === 0 || (endsText(source, at, level) && depth === 1) || (byte === NEWLINE && !level.triple)) {
      level.brackets = 0;
      return byte === CLOSE_BRACE ? at + 1 : at;
    }
  }
  return source.length;
}

function isPrefix(byte: number | undefined): boolean {
  const letter = (byte ?? 0) | 32;
  return letter === 102 || letter === 116 || letter === 114;
}
