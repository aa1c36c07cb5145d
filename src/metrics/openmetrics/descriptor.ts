// A line of metadata: `# TYPE name type`, `# UNIT name unit`, `# HELP name text`.
import { LineReader, type Flaw } from '../line-reader.ts';
import type { FamilyType } from '../series.ts';
import { excerpt } from '../text.ts';

export interface Descriptor {
  readonly keyword: 'TYPE' | 'UNIT' | 'HELP';
  readonly name: string;
  readonly nameColumn: number;
  readonly value: string;
  readonly valueColumn: number;
}

export type DescriptorRead = { readonly ok: true; readonly descriptor: Descriptor } | { readonly ok: false; readonly flaw: Flaw };

export function readDescriptor(text: string): DescriptorRead {
  const reader = new LineReader(text);
  reader.expect('# ', 'before the kind of metadata');
  const { column } = reader;
  const keyword = (['TYPE', 'UNIT', 'HELP'] as const).find((each) => reader.take(each));
  if (keyword === undefined) reader.fail('only TYPE, UNIT, HELP and, in the last line, EOF may follow a #', column);
  reader.expect(' ', 'before the name of the family');
  const nameColumn = reader.column;
  const name = reader.metricName();
  reader.expect(' ', 'after the name of the family');
  const valueColumn = reader.column;
  const value = reader.rest();
  const problem = keyword === undefined ? null : judgeValue(keyword, value);
  if (problem !== null) reader.fail(problem, valueColumn);
  if (reader.flaw !== null || keyword === undefined) return { ok: false, flaw: reader.flaw ?? { column, message: 'no metadata' } };
  return { ok: true, descriptor: { keyword, name, nameColumn, value, valueColumn } };
}

export function isFamilyType(text: string): text is FamilyType {
  return (TYPES as readonly string[]).includes(text);
}

const TYPES: readonly FamilyType[] = ['unknown', 'gauge', 'counter', 'stateset', 'info', 'histogram', 'gaugehistogram', 'summary'];

/** The text of HELP is free: the grammar would have its quotes escaped, and no reader asks for that. */
function judgeValue(keyword: Descriptor['keyword'], value: string): string | null {
  if (keyword === 'TYPE' && !isFamilyType(value)) return `${excerpt(value)} is no type; there are ${TYPES.join(', ')}`;
  if (keyword === 'UNIT' && !/^[A-Za-z0-9_:]*$/.test(value)) return `${excerpt(value)} is no unit ([A-Za-z0-9_:]*)`;
  return null;
}
