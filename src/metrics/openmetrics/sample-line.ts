// A sample: name, labels, value, perhaps a timestamp, perhaps an exemplar; each behind exactly one space.
import { LineReader, parseNumber, parseReal, type Flaw, type PlacedLabel } from '../line-reader.ts';
import type { Sample } from '../series.ts';
import { excerpt } from '../text.ts';

export interface SampleLine extends Sample {
  readonly labels: readonly PlacedLabel[];
  readonly timestamp: Timestamp | null;
  readonly exemplar: Exemplar | null;
  readonly line: number;
  readonly valueColumn: number;
}

export interface Timestamp {
  /** Seconds. */
  readonly value: number;
  /** As written: nanoseconds of our time do not fit a double. */
  readonly text: string;
  readonly column: number;
}

export interface Exemplar {
  readonly value: number;
  readonly column: number;
}

export type SampleRead = { readonly ok: true; readonly sample: SampleLine } | { readonly ok: false; readonly flaw: Flaw };

/** Of names and values together, in code points. */
const EXEMPLAR_LIMIT = 128;

export function readSample(text: string, line: number): SampleRead {
  const reader = new LineReader(text);
  const name = reader.metricName();
  const labels = reader.take('{') ? readLabels(reader) : [];
  reader.expect(' ', 'before the value');
  const valueColumn = reader.column;
  const value = readValue(reader);
  const timestamp = readTimestamp(reader);
  const exemplar = readExemplar(reader);
  if (!reader.isAtEnd) reader.fail('more than a sample has');
  if (reader.flaw !== null) return { ok: false, flaw: reader.flaw };
  return { ok: true, sample: { name, labels, value, timestamp, exemplar, line, valueColumn } };
}

/** Behind the opening brace. */
function readLabels(reader: LineReader): readonly PlacedLabel[] {
  const labels: PlacedLabel[] = [];
  const names = new Set<string>();
  if (reader.take('}')) return labels;
  do {
    const { column } = reader;
    const name = reader.labelName();
    reader.expect('=', 'after the label name');
    reader.expect('"', 'before the label value');
    if (names.has(name)) reader.fail(`the label ${name} is there twice`, column);
    names.add(name);
    if (reader.flaw === null) labels.push({ name, value: reader.quoted(false), column });
  } while (reader.take(','));
  reader.expect('}', 'after the labels');
  return labels;
}

function readValue(reader: LineReader): number {
  const { column } = reader;
  const token = reader.token('a value');
  const value = parseNumber(token);
  if (value === null) reader.fail(`${excerpt(token)} is no number`, column);
  return value ?? 0;
}

function readTimestamp(reader: LineReader): Timestamp | null {
  if (reader.isAtEnd || reader.text.startsWith(' #', reader.column - 1)) return null;
  reader.expect(' ', 'before the timestamp');
  const { column } = reader;
  const text = reader.token('a timestamp');
  const value = parseReal(text);
  if (value === null) reader.fail(`${excerpt(text)} is no timestamp`, column);
  return { value: value ?? 0, text, column };
}

function readExemplar(reader: LineReader): Exemplar | null {
  if (reader.isAtEnd) return null;
  const column = reader.column + 1;
  reader.expect(' # {', 'before the labels of an exemplar');
  const labels = readLabels(reader);
  reader.expect(' ', 'before the value of the exemplar');
  const value = readValue(reader);
  readTimestamp(reader);
  if (lengthOf(labels) > EXEMPLAR_LIMIT) reader.fail(`the labels of the exemplar have more than ${EXEMPLAR_LIMIT} characters`, column);
  return { value, column };
}

function lengthOf(labels: readonly PlacedLabel[]): number {
  let length = 0;
  for (const { name, value } of labels) {
    length += name.length;
    for (const _character of value) length += 1;
  }
  return length;
}
