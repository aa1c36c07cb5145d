import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, duration, plural, table } from '../../markdown.ts';
import { outcome, type Finding, type Result } from '../../outcome.ts';
import { compareRuns, type Comparison } from '../../proof/comparison.ts';
import { openReader, type Reader } from '../../proof/reader.ts';
import type { Predicate } from '../../proof/statement.ts';
import { locateStore, resolveProof, type Store } from '../../proof/store.ts';

interface Side {
  readonly id: string;
  readonly kind: string;
  /** From the project root. */
  readonly path: string;
  readonly result: Result;
  readonly durationMs: number;
  readonly commit: string | null;
}

interface Data extends Comparison {
  readonly a: Side;
  readonly b: Side;
}

const side = {
  type: 'object',
  required: ['id', 'kind', 'path', 'result', 'durationMs', 'commit'],
  additionalProperties: false,
  properties: {
    id: { type: 'string' },
    kind: { type: 'string' },
    path: { type: 'string', description: 'From the project root' },
    result: { enum: ['PASSED', 'WARNED', 'FAILED', 'UNKNOWN'] },
    durationMs: { type: 'number' },
    commit: { type: ['string', 'null'] },
  },
};

export default defineCommand({
  name: 'proofs diff',
  summary: 'Compare two runs: verdicts that changed, how long they took, what they depended on',
  options: {
    a: { type: 'string', positional: true, required: true, value: 'A', help: 'The earlier run: an id, a path, "latest" or "latest:KIND"' },
    b: { type: 'string', positional: true, required: true, value: 'B', help: 'The later run' },
    exitCode: { type: 'boolean', help: 'Exit 1 when B is worse than A' },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  examples: [
    { command: 'sophia proofs diff 01M80K4K latest:smoke', does: 'What changed since that run' },
    { command: 'sophia proofs diff 01M80K4K latest:smoke --exit-code', does: 'The same as a gate: exit 1 when it got worse' },
  ],
  dataSchema: {
    type: 'object',
    required: ['a', 'b', 'flipped', 'inputs', 'isWorse'],
    additionalProperties: false,
    properties: {
      a: side,
      b: side,
      flipped: {
        type: 'array',
        items: {
          type: 'object',
          required: ['check', 'target', 'from', 'to', 'isWorse'],
          additionalProperties: false,
          properties: {
            check: { type: 'string' },
            target: { type: 'string' },
            from: { type: ['string', 'null'], description: 'Verdict in A; null when A did not look' },
            to: { type: ['string', 'null'], description: 'Verdict in B; null when B did not look' },
            isWorse: { type: 'boolean' },
          },
        },
      },
      inputs: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'from', 'to'],
          additionalProperties: false,
          properties: {
            name: { type: 'string' },
            from: { type: ['string', 'null'], description: 'SHA-256; null when A did not depend on it' },
            to: { type: ['string', 'null'] },
          },
        },
      },
      isWorse: { type: 'boolean' },
    },
  },
  run: async (context, options) => {
    const store = locateStore(context, options.dir);
    const reader = await openReader(context, store);
    const [a, b] = [readHolding(store, reader, options.a), readHolding(store, reader, options.b)];
    const comparison = compareRuns(a.predicate, b.predicate);
    const data: Data = { a: toSide(a), b: toSide(b), ...comparison };
    return outcome(judge(data, options.exitCode), data);
  },
  view: ({ data }) => {
    const { a, b, flipped, inputs } = data;
    return blocks(
      table(
        ['', 'A', 'B'],
        [
          ['run', a.id, b.id],
          ['kind', a.kind, b.kind],
          ['result', a.result, b.result],
          ['took', duration(a.durationMs), duration(b.durationMs)],
          ['commit', a.commit?.slice(0, 12), b.commit?.slice(0, 12)],
        ],
      ),
      table(
        ['check', 'target', 'A', 'B'],
        flipped.map(({ check, target, from, to }) => [check, target, from, to]),
      ),
      table(
        ['input', 'A', 'B'],
        inputs.map(({ name, from, to }) => [name, from?.slice(0, 12), to?.slice(0, 12)]),
      ),
      flipped.length === 0
        ? 'No verdict changed.'
        : `${plural(flipped.length, 'verdict')} changed: B is ${bold(data.isWorse ? 'worse' : 'not worse')}.`,
    );
  },
});

interface Holding {
  readonly path: string;
  readonly predicate: Predicate;
}

/** Two runs are compared by what they say: one that does not hold says nothing. */
function readHolding(store: Store, reader: Reader, reference: string): Holding {
  const entry = resolveProof(store, reference);
  const path = `${store.name}/${entry.path}`;
  const { statement, flaws } = reader.read(entry);
  if (statement !== null && flaws.length === 0) return { path, predicate: statement.predicate };
  throw new SophiaError('PROOF_DOES_NOT_HOLD', { directory: path, count: plural(flaws.length, 'finding') });
}

function toSide({ path, predicate: { id, kind, result, durationMs, source } }: Holding): Side {
  return { id, kind, path, result, durationMs, commit: source?.commit ?? null };
}

function judge({ a, b, flipped, isWorse }: Data, isGate: boolean): readonly Finding[] {
  const findings: Finding[] = [{ check: 'compared', target: b.path, verdict: 'pass', reason: `with ${a.path}` }];
  if (a.kind !== b.kind)
    findings.push({ check: 'same-kind', target: b.path, verdict: 'warn', reason: `a ${a.kind} run is compared with a ${b.kind} run` });
  if (!isGate || !isWorse) return findings;
  for (const { check, target, from, to } of flipped.filter((flip) => flip.isWorse))
    findings.push({
      check: 'not-worse',
      target: `${check} ${target}`,
      verdict: 'fail',
      reason: `${from ?? 'not there'} before, ${to ?? 'not there'} now`,
    });
  if (findings.every(({ verdict }) => verdict !== 'fail'))
    findings.push({ check: 'not-worse', target: b.path, verdict: 'fail', reason: `${a.result} before, ${b.result} now` });
  return findings;
}
