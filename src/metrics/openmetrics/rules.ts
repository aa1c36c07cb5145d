// What one sample may be, by the type of its family.
import { parseNumber, parseReal, type PlacedLabel } from '../line-reader.ts';
import { labelOf, type FamilyType } from '../series.ts';
import { excerpt } from '../text.ts';
import type { SampleLine } from './sample-line.ts';

export interface SampleProblem {
  readonly column: number;
  readonly message: string;
}

interface Owner {
  readonly name: string;
  readonly type: FamilyType;
}

export function judgeSample(family: Owner, sample: SampleLine): SampleProblem | null {
  const suffix = sample.name.slice(family.name.length);
  return judgeLabels(family, suffix, sample) ?? judgeValue(family, suffix, sample) ?? judgeExemplar(family, suffix, sample);
}

/** The labels that tell the samples of a metric apart. */
export function judgeLabels({ name, type }: Owner, suffix: string, sample: SampleLine): SampleProblem | null {
  if (type === 'stateset') return requireLabel(sample, name, () => null);
  if (type === 'summary') return suffix === '' ? requireLabel(sample, 'quantile', judgeQuantile) : forbidLabel(sample, 'quantile');
  if (type !== 'histogram' && type !== 'gaugehistogram') return null;
  return suffix === '_bucket' ? requireLabel(sample, 'le', judgeBound) : forbidLabel(sample, 'le');
}

function requireLabel(sample: SampleLine, name: string, judge: (value: string) => string | null): SampleProblem | null {
  const label = sample.labels.find((each) => each.name === name);
  if (label === undefined) return { column: 1, message: `the label ${name} is missing` };
  const message = judge(label.value);
  return message === null ? null : { column: label.column, message };
}

function forbidLabel({ labels }: SampleLine, name: string): SampleProblem | null {
  const label: PlacedLabel | undefined = labels.find((each) => each.name === name);
  return label === undefined ? null : { column: label.column, message: `the label ${name} has no place here` };
}

function judgeQuantile(value: string): string | null {
  const quantile = parseReal(value);
  return quantile !== null && quantile >= 0 && quantile <= 1 ? null : `${excerpt(value)} is no quantile from 0 to 1`;
}

/** The one number of labels whose spelling is fixed is +Inf. */
function judgeBound(value: string): string | null {
  const bound = parseNumber(value);
  if (bound === null || Number.isNaN(bound)) return `${excerpt(value)} is no number`;
  return bound === Infinity && value !== '+Inf' ? `${excerpt(value)} is written +Inf` : null;
}

/** What only grows, and counts. */
const COUNTERS: ReadonlySet<string> = new Set(['_total', '_count', '_gcount', '_bucket', '_sum']);
const WHOLE: ReadonlySet<string> = new Set(['_count', '_gcount', '_bucket']);

function judgeValue({ type }: Owner, suffix: string, { value, valueColumn: column }: SampleLine): SampleProblem | null {
  if (type === 'stateset' && value !== 0 && value !== 1) return { column, message: 'a state is 0 or 1' };
  if (type === 'info' && value !== 1) return { column, message: 'the value of info is 1' };
  if (suffix === '_created' && !Number.isFinite(value)) return { column, message: `_created is a time, and ${value} is none` };
  if (type === 'summary' && suffix === '' && value < 0) return { column, message: 'a quantile is not negative' };
  if (suffix === '_gsum' && Number.isNaN(value)) return { column, message: '_gsum is a number' };
  if (!COUNTERS.has(suffix)) return null;
  if (Number.isNaN(value) || value < 0) return { column, message: `${suffix} counts, and is neither NaN nor negative` };
  return WHOLE.has(suffix) && !Number.isInteger(value) ? { column, message: `${suffix} is a whole number` } : null;
}

function judgeExemplar({ type }: Owner, suffix: string, { exemplar, labels }: SampleLine): SampleProblem | null {
  if (exemplar === null) return null;
  const { column, value } = exemplar;
  if (type === 'counter' && suffix === '_total') return null;
  if (suffix !== '_bucket') return { column, message: 'only _total of a counter and _bucket have exemplars' };
  const bound = parseNumber(labelOf(labels, 'le') ?? '') ?? Infinity;
  return value <= bound ? null : { column, message: `the exemplar lies outside of its bucket, which ends at ${bound}` };
}
