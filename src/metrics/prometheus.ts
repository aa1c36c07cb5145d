// Prometheus text, version 0.0.4. Older and looser than OpenMetrics: blanks as one likes, free comments, no end, any name for a counter.
// Source: Prometheus documentation, "Exposition formats". It ignores blanks at the end of a line, which Prometheus's own reader does not.
import { LineReader, parseNumber, type PlacedLabel } from './line-reader.ts';
import { judgeHistogram } from './openmetrics/points.ts';
import { judgeLabels } from './openmetrics/rules.ts';
import type { Parsed } from './openmetrics/parse.ts';
import type { SampleLine } from './openmetrics/sample-line.ts';
import { keyOf, type Family, type FamilyType } from './series.ts';
import { excerpt, linesOf, Mistakes, type Line, type Place } from './text.ts';

/** The whole text; linear in its length. */
export function parsePrometheus(text: string): Parsed {
  const mistakes = new Mistakes();
  const reader = new DocumentReader(mistakes);
  for (const line of linesOf(text)) {
    if (mistakes.isFull) break;
    reader.read(line);
  }
  const families = reader.end();
  return { exposition: { families, samples: reader.samples }, errors: mistakes.inOrder() };
}

class DocumentReader {
  readonly #mistakes: Mistakes;
  readonly #families = new Map<string, OpenFamily>();
  #current: OpenFamily | null = null;
  samples = 0;

  constructor(mistakes: Mistakes) {
    this.#mistakes = mistakes;
  }

  read({ text, number, isEnded }: Line): void {
    const reader = new LineReader(text);
    reader.skipBlanks();
    if (reader.isAtEnd) return;
    if (reader.take('#')) this.#readComment(reader, number);
    else this.#readSample(reader, number);
    if (reader.flaw !== null) this.#refuse({ line: number, column: reader.flaw.column }, reader.flaw.message);
    else if (!isEnded) this.#refuse({ line: number, column: text.length + 1 }, 'the last line is not ended by a line feed');
  }

  end(): readonly Family[] {
    for (const family of this.#families.values()) if (family.isHistogram) this.#judgeHistograms(family);
    return [...this.#families.values()].map(({ name, type, samples }) => ({ name, type, unit: '', samples }));
  }

  /** Anything but HELP and TYPE is said to people only. */
  #readComment(reader: LineReader, line: number): void {
    reader.skipBlanks();
    const keyword = reader.isAtEnd ? '' : reader.token('a comment');
    if (keyword !== 'HELP' && keyword !== 'TYPE') {
      reader.rest();
      return;
    }
    reader.skipBlanks();
    const { column } = reader;
    const name = reader.metricName();
    if (!reader.isAtEnd && reader.skipBlanks() === 0) reader.fail('a blank is missing after the name');
    const valueColumn = reader.column;
    const value = reader.rest();
    if (reader.flaw === null) this.#describe({ keyword, name, value, line, column, valueColumn });
  }

  #describe({ keyword, name, value, line, column, valueColumn }: Description): void {
    const family = this.#enter(name, { line, column });
    if (family.described.has(keyword)) this.#refuse({ line, column }, `${name} has ${keyword} twice`);
    family.described.add(keyword);
    if (keyword !== 'TYPE') return;
    const type = TYPES.get(value.trim());
    if (type === undefined)
      return this.#refuse({ line, column: valueColumn }, `${excerpt(value)} is no type; there are ${[...TYPES.keys()].join(', ')}`);
    if (family.samples.length > 0) this.#refuse({ line, column }, `TYPE of ${name} after its samples`);
    family.type = type;
  }

  #readSample(reader: LineReader, line: number): void {
    const { column } = reader;
    const name = reader.metricName();
    reader.skipBlanks();
    const labels = reader.take('{') ? readLabels(reader) : [];
    reader.skipBlanks();
    const valueColumn = reader.column;
    const token = reader.token('a value');
    const value = parseNumber(token);
    if (value === null) reader.fail(`${excerpt(token)} is no number`, valueColumn);
    readTimestamp(reader);
    if (reader.flaw !== null) return;
    this.samples += 1;
    this.#add({ name, labels, value: value ?? 0, timestamp: null, exemplar: null, line, valueColumn }, column);
  }

  #add(sample: SampleLine, column: number): void {
    const { line } = sample;
    const family = this.#current?.owns(sample.name) === true ? this.#current : this.#enter(this.#ownerOf(sample.name), { line, column });
    const series = `${sample.name}{${keyOf(sample.labels)}`;
    if (family.series.has(series)) this.#refuse({ line, column }, 'the same series again');
    family.series.add(series);
    family.samples.push(sample);
    const problem = judgeSample(family, sample);
    if (problem === null) return;
    this.#refuse({ line, column: problem.column }, problem.message);
    family.isDoubtful = true;
  }

  /** A histogram or summary that was described before, or the metric itself. */
  #ownerOf(sample: string): string {
    const base = sample.replace(/_(?:bucket|count|sum)$/, '');
    return this.#families.get(base)?.owns(sample) === true ? base : sample;
  }

  #enter(name: string, place: Place): OpenFamily {
    if (this.#current?.name === name) return this.#current;
    const known = this.#families.get(name);
    if (known !== undefined) this.#refuse(place, `${name} was there before: all of a metric stands together`);
    const family = known ?? new OpenFamily(name);
    this.#families.set(name, family);
    this.#current = family;
    return family;
  }

  #judgeHistograms(family: OpenFamily): void {
    if (family.isDoubtful) return;
    const own = ({ labels }: SampleLine): string => keyOf(labels.filter(({ name }) => name !== 'le'));
    for (const samples of Map.groupBy(family.samples, own).values()) {
      const problem = judgeHistogram({ name: family.name, prefix: '_' }, samples);
      if (problem !== null) this.#mistakes.add(problem, problem.message);
    }
  }

  #refuse(place: Place, message: string): void {
    this.#mistakes.add(place, message);
    if (this.#current !== null) this.#current.isDoubtful = true;
  }
}

interface Description extends Place {
  readonly keyword: 'HELP' | 'TYPE';
  readonly name: string;
  readonly value: string;
  readonly valueColumn: number;
}

class OpenFamily {
  readonly name: string;
  readonly samples: SampleLine[] = [];
  readonly series = new Set<string>();
  readonly described = new Set<string>();
  type: FamilyType = 'unknown';
  /** Of one that has a broken line it is not known what it lacks. */
  isDoubtful = false;

  constructor(name: string) {
    this.name = name;
  }

  get isHistogram(): boolean {
    return this.type === 'histogram';
  }

  owns(sample: string): boolean {
    if (sample === this.name) return true;
    if (!sample.startsWith(this.name)) return false;
    return (PARTS[this.type] ?? []).includes(sample.slice(this.name.length));
  }
}

const TYPES: ReadonlyMap<string, FamilyType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
]);

const PARTS: { readonly [Type in FamilyType]?: readonly string[] } = {
  histogram: ['_bucket', '_count', '_sum'],
  summary: ['_count', '_sum'],
};

function judgeSample(family: OpenFamily, sample: SampleLine): { readonly column: number; readonly message: string } | null {
  const { type, name } = family;
  const suffix = sample.name.slice(name.length);
  if (type === 'histogram' && suffix === '') return { column: 1, message: 'a histogram has only _bucket, _count and _sum' };
  const problem = judgeLabels({ name, type }, suffix, sample);
  if (problem !== null) return problem;
  const isCounter = type === 'counter' || suffix === '_bucket' || suffix === '_count';
  if (!isCounter || sample.value >= 0) return null;
  return { column: sample.valueColumn, message: 'what counts is neither NaN nor negative' };
}

/** Behind the opening brace; a comma may stand before the closing one. */
function readLabels(reader: LineReader): readonly PlacedLabel[] {
  const labels: PlacedLabel[] = [];
  const names = new Set<string>();
  reader.skipBlanks();
  while (reader.flaw === null && !reader.take('}')) {
    const { column } = reader;
    const name = reader.labelName();
    reader.skipBlanks();
    reader.expect('=', 'after the label name');
    reader.skipBlanks();
    reader.expect('"', 'before the label value');
    if (names.has(name)) reader.fail(`the label ${name} is there twice`, column);
    if (name === '__name__') reader.fail('the label __name__ is the name of the metric itself', column);
    names.add(name);
    if (reader.flaw === null) labels.push({ name, value: reader.quoted(true), column });
    reader.skipBlanks();
    if (!reader.take(',') && !reader.text.startsWith('}', reader.column - 1)) reader.fail('"," or "}" is missing after the label');
    reader.skipBlanks();
  }
  return labels;
}

/** Milliseconds, whole. */
function readTimestamp(reader: LineReader): void {
  reader.skipBlanks();
  if (reader.isAtEnd) return;
  const { column } = reader;
  const text = reader.token('a timestamp');
  if (!/^[+-]?\d{1,18}$/.test(text)) reader.fail(`${excerpt(text)} is no timestamp in milliseconds`, column);
  reader.skipBlanks();
  if (!reader.isAtEnd) reader.fail('more than a sample has');
}
