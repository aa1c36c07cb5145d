// What a name leads to: `- {id: name, dns: {name: sophia.example, type: A, includes: ['203.0.113.7']}}`.
import type { Answer, RecordType } from '../../answer.ts';
import { plural } from '../../markdown.ts';
import { described, flag, listOf, object, oneOf, text, type ValueOf } from '../../shape.ts';
import { limitsOf } from '../builtin/ground.ts';
import { describe, toObserved } from '../body/excerpt.ts';
import { formOf } from '../fitting.ts';
import { addressPortShape, parseHostPort } from '../host-port.ts';
import type { Judgement } from '../inquiry.ts';
import { RECORD_TYPES } from '../service.ts';
import { consistent } from '../told-shape.ts';
import { defineKind } from './kind.ts';

const records = listOf(text({ pattern: '[^]+', what: 'a record as text' }), { min: 1 });
const parts = object(
  {
    name: described(text({ pattern: String.raw`\S+`, what: 'a name' }), 'The name that is looked up.'),
    type: described(oneOf(RECORD_TYPES), 'The type of its records.'),
  },
  {
    includes: described(records, 'Each of these must be among the records.'),
    equals: described(records, 'These must be the records, in any order, and no others.'),
    absent: described(flag(), 'There must be no such records.', false),
    server: described(addressPortShape, "Who is asked, like 127.0.0.1:53; the system's own servers without it."),
  },
);
type Rules = ValueOf<typeof parts>;
const fields = { dns: consistent(parts, contradictionOf) };
const form = formOf(fields);

export default defineKind({
  name: 'dns',
  summary: 'Whether a name has the right records',
  keys: ['dns'],
  fields,
  inquire: (entry, { defaults }) => {
    const { dns } = form.fit(entry) ?? {};
    if (dns === undefined || (dns.server !== undefined && parseHostPort(dns.server) === null)) return form.misfit(entry);
    const { name, type, server = null } = dns;
    const question = { kind: 'dns', name, type, server, ...limitsOf(defaults) } as const;
    return {
      asks: [
        {
          question,
          judge: (answer) => (answer.records === null ? [NOT_TOLD] : judgeRecords(answer.records, dns)),
          judgeTrouble: (answer) => (isNoSuchName(answer) && dns.absent === true ? judgeRecords([], dns) : null),
        },
      ],
    };
  },
});

function contradictionOf({ absent = false, includes, equals }: Rules): string | null {
  return absent && (includes !== undefined || equals !== undefined) ? 'must say nothing of records beside {absent: true}' : null;
}

const NOT_TOLD: Judgement = { verdict: 'unknown', code: 'DNS_FAILED', reason: 'no records were told' };

function isNoSuchName({ trouble }: Answer): boolean {
  return trouble?.code === 'DNS_NOT_FOUND';
}

function judgeRecords(found: readonly string[], rules: Rules): readonly Judgement[] {
  const { name, type, includes = [], equals, absent = false } = rules;
  const problem = absent ? problemOfSome(found) : problemOfRecords(found, rules);
  if (problem === null) return [{ verdict: 'pass', reason: `${name} has ${countOf(found, type)}`, observed: toObserved(found) }];
  const expected = absent ? [] : [...includes, ...(equals ?? [])];
  return [
    {
      verdict: 'fail',
      code: 'DNS_RECORD',
      reason: `${name} has ${countOf(found, type)}: ${problem}`,
      expected,
      observed: toObserved(found),
    },
  ];
}

function problemOfSome(found: readonly string[]): string | null {
  return found.length === 0 ? null : 'there should be none';
}

/** Null where they are as expected. */
function problemOfRecords(found: readonly string[], { type, includes = [], equals }: Rules): string | null {
  if (found.length === 0) return 'there should be some';
  const known = new Set(found.map((record) => toComparable(record, type)));
  const wanted = new Set([...includes, ...(equals ?? [])].map((record) => toComparable(record, type)));
  const missing = [...wanted].filter((record) => !known.has(record));
  if (missing.length > 0) return `${missing.map(describe).join(' and ')} should be among them`;
  const surplus = equals === undefined ? [] : [...known].filter((record) => !wanted.has(record));
  return surplus.length > 0 ? `${surplus.map(describe).join(' and ')} should not be among them` : null;
}

function countOf(found: readonly string[], type: RecordType): string {
  return found.length === 0 ? `no ${type} records` : plural(found.length, `${type} record`);
}

/** Names are the same in any case, with a dot at the end or without, addresses in any spelling; text is itself. */
function toComparable(record: string, type: RecordType): string {
  if (type === 'TXT' || type === 'CAA') return record;
  if (type === 'AAAA' && URL.canParse(`http://[${record}]`)) return new URL(`http://[${record}]`).hostname.slice(1, -1);
  return record.toLowerCase().replace(/\.$/, '');
}
