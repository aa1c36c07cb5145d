// What a document of metrics holds, whichever text it was written in.

export type FamilyType = 'unknown' | 'gauge' | 'counter' | 'stateset' | 'info' | 'histogram' | 'gaugehistogram' | 'summary';

export interface Label {
  readonly name: string;
  readonly value: string;
}

export interface Sample {
  /** With its suffix: `requests_total`. */
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
}

export interface Family {
  /** Without a suffix. */
  readonly name: string;
  readonly type: FamilyType;
  /** Empty where nobody said. */
  readonly unit: string;
  readonly samples: readonly Sample[];
}

export interface Exposition {
  readonly families: readonly Family[];
  /** How many samples could be read. */
  readonly samples: number;
}

export function labelOf(labels: readonly Label[], name: string): string | undefined {
  return labels.find((label) => label.name === name)?.value;
}

/** The same for the same labels in whatever order; an empty value is as good as none. Lengths keep values from running into names. */
export function keyOf(labels: readonly Label[]): string {
  const parts = labels.filter(({ value }) => value !== '').map(({ name, value }) => `${name}=${value.length}:${value}`);
  return parts.length < 2 ? parts.join('') : parts.toSorted().join(',');
}
