// What the samples of a family are called, by its type.
import type { FamilyType } from '../series.ts';

export const SUFFIXES: { readonly [Type in FamilyType]: readonly string[] } = {
  unknown: [''],
  gauge: [''],
  counter: ['_total', '_created'],
  stateset: [''],
  info: ['_info'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
};
