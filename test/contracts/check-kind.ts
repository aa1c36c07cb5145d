// What every kind of check must do. A new kind is put through it by a sample in test/checks/kinds/contract.test.ts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Answer, HttpReply } from '../../src/answer.ts';
import { FINDING_CODES } from '../../src/codes.ts';
import type { Inquiry, Judgement } from '../../src/checks/inquiry.ts';
import type { CheckKind, Entry, Place } from '../../src/checks/kinds/kind.ts';
import { foldVerdicts, type Json } from '../../src/outcome.ts';
import { object } from '../../src/shape.ts';
import { DEFAULTS } from '../checks/answers.ts';
import { extent } from '../extent.ts';

export interface Sample {
  readonly entry: Entry;
  /** Of each ask, nothing wrong with it. */
  readonly healthy: readonly Answer[];
  /** Asks, by number, whose answers are right because something is not there: less of them can be better. */
  readonly absent?: readonly number[];
}

export const PLACE: Place = {
  service: { id: 'app', url: 'https://app.example/base', tls: { minDays: 7, warnDays: 21, ca: null } },
  defaults: DEFAULTS,
  origins: { dashboard: 'https://dashboard.example', unset: null },
  fileText: () => '{"type": "object"}',
  nowMs: Date.parse('2026-11-22T03:00:00Z'),
};

/** Fails for an entry that cannot be asked. */
export async function inquiryOf(kind: CheckKind, entry: Entry, place: Place = PLACE): Promise<Inquiry> {
  const inquiry = await kind.inquire(entry, place);
  assert.ok('asks' in inquiry, JSON.stringify(inquiry));
  return inquiry;
}

/** Of all asks, and of what they show together. */
export function judgeAll({ asks, together }: Inquiry, answers: readonly (Answer | null)[]): readonly Judgement[] {
  const single = asks.flatMap(({ judge }, index): readonly Judgement[] => {
    const answer = answers[index] ?? null;
    return answer === null ? [{ verdict: 'unknown', code: 'NO_CONTROL', reason: 'it did not answer' }] : judge(answer);
  });
  return [...single, ...(together?.(answers) ?? [])];
}

export function describeKind(kind: CheckKind, samples: readonly Sample[]): void {
  describe(`the kind ${kind.name}`, () => {
    const open = (): Promise<readonly (Sample & { readonly inquiry: Inquiry })[]> =>
      Promise.all(samples.map(async (sample) => ({ ...sample, inquiry: await inquiryOf(kind, freeze(sample.entry)) })));

    test('has a key, a shape and a schema that says what each key is for', () => {
      assert.ok(kind.keys.length > 0 && kind.keys.every((key) => Object.hasOwn(kind.fields, key)));
      const { schema } = object({}, kind.fields);
      assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
    });

    test('takes its entries, also before their variables are filled in', () => {
      for (const { entry } of samples) {
        const problems: string[] = [];
        assert.ok(object({}, kind.fields).accepts(entry), JSON.stringify(entry));
        const scope = { origins: ['dashboard', 'unset'], hasUrl: true };
        kind.meaning?.(entry, scope, (pointer, problem) => problems.push(`${pointer} ${problem}`));
        assert.deepEqual(problems, []);
      }
    });

    test('reads what is meant of any entry without throwing', () => {
      const scope = { origins: [], hasUrl: false };
      const values = fc.dictionary(fc.constantFrom(...Object.keys(kind.fields)), fc.jsonValue({ maxDepth: 3 }));
      fc.assert(
        fc.property(values, (entry) => {
          kind.meaning?.(entry, scope, () => {});
          kind.files?.(entry as Entry);
          kind.secretNames?.(entry as Entry);
        }),
        { numRuns: extent(1000, 100) },
      );
    });

    test('passes what is healthy, and says the same of the same answer again', async () => {
      for (const { inquiry, healthy } of await open()) {
        assert.equal(healthy.length, inquiry.asks.length);
        const judgements = judgeAll(inquiry, freeze(healthy));
        assert.deepEqual(new Set(judgements.map(({ verdict }) => verdict)), new Set(['pass']), JSON.stringify(judgements));
        assert.deepEqual(judgeAll(inquiry, healthy), judgements);
      }
    });

    test('asks the same question again, within its limits', async () => {
      for (const { entry, inquiry } of await open()) {
        const again = await inquiryOf(kind, entry);
        assert.deepEqual(
          again.asks.map(({ question }) => question),
          inquiry.asks.map(({ question }) => question),
        );
        for (const { question } of inquiry.asks) assert.equal(question.timeoutMs, DEFAULTS.timeoutMs);
      }
    });

    test('says a code of the catalogue and a reason of whatever a server may send, and never throws', async () => {
      const opened = await open();
      fc.assert(
        fc.property(fc.array(hostileAnswer, { minLength: 8, maxLength: 8 }), (answers) => {
          for (const { inquiry } of opened) judgeAll(inquiry, answers).forEach(assertWellSaid);
          for (const { inquiry } of opened) inquiry.capture?.(answers);
        }),
        { numRuns: extent(2000, 150) },
      );
    });

    test('is never healthier for an answer with less in it', async () => {
      const opened = await open();
      fc.assert(
        fc.property(fc.array(hostileAnswer, { minLength: 8, maxLength: 8 }), fc.nat(), fc.boolean(), (hostile, at, isHealthy) => {
          for (const { inquiry, healthy, absent = [] } of opened) {
            const answers = isHealthy ? healthy : hostile.slice(0, healthy.length);
            const index = at % answers.length;
            for (const less of absent.includes(index) ? [null, emptied(answers[index]!)] : lessOf(answers[index]!)) {
              const reduced = answers.map((answer, each) => (each === index ? less : answer));
              const [before, after] = [judgeAll(inquiry, answers), judgeAll(inquiry, reduced)];
              assert.ok(healthOf(after) <= healthOf(before), JSON.stringify({ less, before, after }));
            }
          }
        }),
        { numRuns: extent(1000, 100) },
      );
    });
  });
}

const CODES: ReadonlySet<string> = new Set(FINDING_CODES);

function assertWellSaid(judgement: Judgement): void {
  assert.ok(judgement.reason.length > 0 && judgement.reason.length < 4000, JSON.stringify(judgement).slice(0, 500));
  if (judgement.verdict === 'pass') assert.equal(judgement.code, undefined);
  else assert.ok(judgement.code !== undefined && CODES.has(judgement.code), JSON.stringify(judgement));
}

/** PASSED > WARNED > UNKNOWN and FAILED. */
function healthOf(judgements: readonly Judgement[]): number {
  const worst = foldVerdicts(judgements.map(({ verdict }) => verdict));
  return worst === 'pass' ? 2 : worst === 'warn' ? 1 : 0;
}

/** The same answer without one thing, in every way. */
function lessOf(answer: Answer): readonly (Answer | null)[] {
  const { http } = answer;
  const ofHttp = http === null ? [] : [{ ...http, body: new Uint8Array() }, ...lessHeaders(http), ...lessFields(http)];
  return [
    null,
    emptied(answer),
    { ...answer, records: null },
    { ...answer, certificate: null },
    ...ofHttp.map((each) => ({ ...answer, http: each })),
  ];
}

function emptied(answer: Answer): Answer {
  return { ...answer, http: null, records: null, certificate: null };
}

function lessHeaders(http: HttpReply): readonly HttpReply[] {
  return Object.keys(http.headers).map((name) => ({
    ...http,
    headers: Object.fromEntries(Object.entries(http.headers).filter(([each]) => each !== name)),
  }));
}

function lessFields(http: HttpReply): readonly HttpReply[] {
  return lessOfJson(parse(http.body)).map((value) => ({ ...http, body: Buffer.from(JSON.stringify(value)) }));
}

function lessOfJson(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const isList = Array.isArray(value);
  return entries.flatMap(([key, inner]) => {
    const others = entries.filter(([each]) => each !== key);
    const lesser = lessOfJson(inner).map((less) => entries.map(([each, old]) => [each, each === key ? less : old] as const));
    const all = isList ? lesser : [others, ...lesser];
    return all.map((pairs) => (isList ? pairs.map(([, each]) => each) : Object.fromEntries(pairs)));
  });
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null;
  }
}

const WORDS = [
  '*',
  'null',
  'true',
  'https://dashboard.example',
  'GET',
  'content-type',
  'application/json',
  '/login',
  '\u001B[31mred',
  'é\u0000',
  '',
];
const NAMES = [
  'content-type',
  'location',
  'vary',
  'x-a',
  'access-control-allow-origin',
  'access-control-allow-methods',
  '__proto__',
  'constructor',
];

const text = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 30 }), fc.constant('x'.repeat(20_000)));
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => Buffer.from(JSON.stringify(value satisfies unknown as Json)));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  json,
  fc.constantFrom(Buffer.from('<html>'), Buffer.alloc(70_000, '['), Buffer.alloc(0)),
);

const hostileAnswer: fc.Arbitrary<Answer> = fc.record({
  at: fc.constantFrom('2026-11-22T03:00:04.123Z', 'never'),
  phases: fc.record({
    dnsMs: fc.constant(null),
    connectMs: fc.constant(1),
    tlsMs: fc.constant(null),
    ttfbMs: fc.option(fc.double({ min: 0, max: 5000, noNaN: true })),
    bodyMs: fc.constant(null),
    totalMs: fc.double({ min: 0, max: 5000, noNaN: true }),
  }),
  trouble: fc.constant(null),
  addresses: fc.constant([]),
  http: fc.option(
    fc.record({
      status: fc.oneof(fc.constantFrom(200, 200, 200, 204, 302, 304, 401, 500, 999), fc.integer({ min: 100, max: 999 })),
      headers: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), text), fc.array(text, { maxLength: 3 })),
      body,
    }),
  ),
  certificate: fc.option(
    fc.record({
      subject: text,
      issuer: text,
      names: fc.array(text, { maxLength: 2 }),
      validFrom: fc.constantFrom('2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', 'never'),
      validTo: fc.constantFrom(
        '2026-11-01T00:00:00.000Z',
        '2026-11-25T00:00:00.000Z',
        '2026-12-03T00:00:00.000Z',
        '2028-01-01T00:00:00.000Z',
        '',
      ),
      sha256: text,
      protocol: fc.option(text),
    }),
  ),
  records: fc.option(fc.array(fc.oneof(text, fc.constantFrom('203.0.113.7', '10 mail.example')), { maxLength: 4 })),
});

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
