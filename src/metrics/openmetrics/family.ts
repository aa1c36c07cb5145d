// One family: its metadata, and its samples in the groups that the specification calls metrics and metric points.
import { keyOf, labelOf, type Family, type FamilyType } from '../series.ts';
import type { Mistakes, Place } from '../text.ts';
import { isFamilyType, type Descriptor } from './descriptor.ts';
import { judgeSample } from './rules.ts';
import type { SampleLine, Timestamp } from './sample-line.ts';
import { SUFFIXES } from './suffixes.ts';
import { judgePoint } from './points.ts';

export class FamilyReader {
  readonly name: string;
  readonly place: Place;
  readonly #mistakes: Mistakes;
  readonly #samples: SampleLine[] = [];
  readonly #described = new Set<Descriptor['keyword']>();
  /** Those of which a sample was seen. */
  readonly #metrics = new Set<string>();
  #type: FamilyType = 'unknown';
  #unit = '';
  #unitPlace: Place | null = null;
  #metric: string | null = null;
  #point: Point | null = null;
  #isDoubtful = false;

  constructor(name: string, place: Place, mistakes: Mistakes) {
    this.name = name;
    this.place = place;
    this.#mistakes = mistakes;
  }

  get type(): FamilyType {
    return this.#type;
  }

  owns(sample: string): boolean {
    return sample.startsWith(this.name) && SUFFIXES[this.#type].includes(sample.slice(this.name.length));
  }

  describe({ keyword, value, valueColumn, nameColumn }: Descriptor, line: number): void {
    if (this.#samples.length > 0) {
      this.#mistakes.add({ line, column: nameColumn }, `metadata of ${this.name} after its samples`);
      return;
    }
    if (this.#described.has(keyword)) this.#mistakes.add({ line, column: nameColumn }, `${this.name} has ${keyword} twice`);
    this.#described.add(keyword);
    if (keyword === 'TYPE' && isFamilyType(value)) this.#type = value;
    if (keyword !== 'UNIT' || value === '') return;
    [this.#unit, this.#unitPlace] = [value, { line, column: valueColumn }];
    if (!this.name.endsWith(`_${value}`)) this.#mistakes.add(this.#unitPlace, `the name ${this.name} does not end with _${value}`);
  }

  add(sample: SampleLine): void {
    this.#samples.push(sample);
    const problem = judgeSample(this, sample);
    if (problem !== null) {
      this.#mistakes.add({ line: sample.line, column: problem.column }, problem.message);
      this.doubt();
    }
    this.#group(sample);
  }

  /** From now on nothing is missing that may have been in a broken line. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  end(): Family {
    this.#endPoint();
    const { name, type } = this;
    if (this.#unitPlace !== null && (type === 'info' || type === 'stateset')) this.#mistakes.add(this.#unitPlace, `${type} has no unit`);
    return { name, type, unit: this.#unit, samples: this.#samples };
  }

  #group(sample: SampleLine): void {
    const metric = this.#metricOf(sample);
    if (metric !== this.#metric) {
      this.#endPoint();
      if (this.#metrics.has(metric)) this.#complain(sample, 1, `the samples of one metric of ${this.name} do not stand together`);
      this.#metrics.add(metric);
      this.#metric = metric;
    } else if (this.#point !== null && !this.#isSamePoint(this.#point, sample)) {
      this.#endPoint();
    }
    this.#point ??= { timestamp: sample.timestamp, samples: [], series: new Set() };
    const series = `${sample.name.length}${sample.name}{${this.#seriesOf(sample)}`;
    if (this.#point.series.has(series)) this.#complain(sample, 1, 'the same series again');
    this.#point.series.add(series);
    this.#point.samples.push(sample);
  }

  /** Time goes forward within a metric; without times a metric has one point. */
  #isSamePoint(point: Point, sample: SampleLine): boolean {
    const [before, now] = [point.timestamp, sample.timestamp];
    if (before === null && now === null) return true;
    if (before === null || now === null) {
      this.#complain(sample, now?.column ?? sample.valueColumn, 'one metric has samples with and without a timestamp');
      return false;
    }
    if (now.value < before.value) this.#complain(sample, now.column, 'the timestamp goes back within the metric');
    return now.value === before.value && (now.text === before.text || isSameDecimal(now.text, before.text));
  }

  #endPoint(): void {
    const point = this.#point;
    this.#point = null;
    if (point === null || this.#isDoubtful) return;
    const problem = judgePoint(this, point.samples);
    if (problem !== null) this.#mistakes.add(problem, problem.message);
  }

  /** What of its labels says to which metric it belongs. Nobody can tell which labels of info are whose. */
  #metricOf({ name, labels }: SampleLine): string {
    const own = this.#ownLabel(name);
    return keyOf(own === null ? labels : labels.filter((label) => label.name !== own));
  }

  /** As the metric, and the label that tells its samples apart, also where that is empty. */
  #seriesOf(sample: SampleLine): string {
    const own = this.#ownLabel(sample.name);
    return own === null ? keyOf(sample.labels) : (labelOf(sample.labels, own) ?? '');
  }

  #ownLabel(sample: string): string | null {
    if (this.#type === 'stateset') return this.name;
    if (this.#type === 'summary' && sample === this.name) return 'quantile';
    if (isHistogram(this.#type) && sample === `${this.name}_bucket`) return 'le';
    return null;
  }

  #complain({ line }: SampleLine, column: number, message: string): void {
    this.#mistakes.add({ line, column }, message);
    this.doubt();
  }
}

interface Point {
  readonly timestamp: Timestamp | null;
  readonly samples: SampleLine[];
  readonly series: Set<string>;
}

function isHistogram(type: FamilyType): boolean {
  return type === 'histogram' || type === 'gaugehistogram';
}

/** Of two texts that are the same double: whether they are also the same number. `1.0` is `1`; 1604676851.1234567891 is not …892. */
function isSameDecimal(left: string, right: string): boolean {
  const plain = (text: string): string | null => {
    const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
    if (whole === '' && fraction === '') return null;
    const digits = `${whole.replace(/^0+/, '')}.${fraction.replace(/0+$/, '')}`;
    return sign === '-' && digits !== '.' ? `-${digits}` : digits;
  };
  const [one, other] = [plain(left), plain(right)];
  return one === null || other === null || one === other;
}
