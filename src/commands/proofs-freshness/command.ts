import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, duration, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { assessFreshness, MAX_AHEAD_MS, type FreshnessReport, type Wanted } from '../../proof/freshness.ts';
import { openReader } from '../../proof/reader.ts';
import { assertKind } from '../../proof/path-law.ts';
import { recoverVanished } from '../../proof/recording/vanished.ts';
import { proofsSection } from '../../proof/section.ts';
import { listProofs, locateStore } from '../../proof/store.ts';
import { parseDuration } from '../../units.ts';

export default defineCommand({
  name: 'proofs freshness',
  summary: 'Say whether each kind of run still takes place: how old its newest holding proof is',
  options: {
    kind: { type: 'list', value: 'KIND', help: 'These kinds (default: those of proofs.freshness in sophia.yaml)' },
    period: { type: 'duration', value: 'AGE', min: 1, help: 'How often the kinds should run (default: as in sophia.yaml)' },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  examples: [
    { command: 'sophia proofs freshness', does: 'Every kind that sophia.yaml names, with its period' },
    { command: 'sophia proofs freshness --kind smoke --period 24h', does: 'Exit 1 when the last smoke run is older than 36 hours' },
  ],
  dataSchema: {
    type: 'object',
    required: ['kinds', 'broken'],
    additionalProperties: false,
    properties: {
      kinds: {
        type: 'array',
        items: {
          type: 'object',
          required: ['kind', 'periodMs', 'maxAgeMs', 'newest', 'isFresh'],
          additionalProperties: false,
          properties: {
            kind: { type: 'string' },
            periodMs: { type: 'number' },
            maxAgeMs: { type: 'number', description: 'One and a half periods' },
            newest: {
              type: ['object', 'null'],
              required: ['id', 'path', 'finishedAt', 'result', 'ageMs'],
              additionalProperties: false,
              properties: {
                id: { type: 'string' },
                path: { type: 'string', description: 'From the project root' },
                finishedAt: { type: 'string' },
                result: { type: 'string' },
                ageMs: { type: 'number' },
              },
            },
            isFresh: { type: 'boolean' },
          },
        },
      },
      broken: { type: 'array', items: { type: 'string' }, description: 'Newer proofs of these kinds that do not hold' },
    },
  },
  run: async (context, options) => {
    for (const kind of options.kind) assertKind(kind);
    const wanted = wantedOf(context, options.kind, options.period);
    const store = locateStore(context, options.dir);
    await recoverVanished(context);
    const reader = await openReader(context, store);
    const report = assessFreshness({ entries: listProofs(store), wanted, nowMs: context.clock.now(), reader });
    const data = fromRoot(store.name, report);
    const findings = judge(store.name, data);
    if (data.broken.length === 0) return outcome(findings, data);
    const count = plural(data.broken.length, 'finding');
    return { ...outcome(findings, data), error: new SophiaError('PROOF_DOES_NOT_HOLD', { directory: store.name, count }) };
  },
  view: ({ findings, data }) =>
    blocks(
      table(
        ['kind', 'period', 'newest (UTC)', 'age', 'result', 'fresh'],
        data.kinds.map(({ kind, periodMs, newest, isFresh }) => [
          kind,
          duration(periodMs),
          newest?.finishedAt.replace('T', ' ').slice(0, 19),
          newest === null ? null : duration(Math.max(0, newest.ageMs)),
          newest?.result,
          newest === null ? 'unknown' : isFresh ? 'yes' : 'no',
        ]),
      ),
      ...findings.filter(({ verdict }) => verdict !== 'pass').map(({ check, target, reason }) => `${bold(check)} ${target}: ${reason}`),
    ),
});

/** Throws USAGE for a kind whose period nobody gave. */
function wantedOf({ config }: Context, kinds: readonly string[], periodMs: number | undefined): readonly Wanted[] {
  const configured = new Map(
    Object.entries(config.read(proofsSection).freshness ?? {}).map(([kind, text]) => [kind, parseDuration(text) ?? 0]),
  );
  const names = kinds.length > 0 ? kinds : [...configured.keys()];
  return names.map((kind) => {
    const own = periodMs ?? configured.get(kind);
    if (own !== undefined) return { kind, periodMs: own };
    throw new SophiaError('USAGE', { problem: `--period is missing, and sophia.yaml has none for ${kind}`, command: 'proofs freshness' });
  });
}

function fromRoot(name: string, { kinds, broken }: FreshnessReport): FreshnessReport {
  return {
    kinds: kinds.map((each) =>
      each.newest === null ? each : { ...each, newest: { ...each.newest, path: `${name}/${each.newest.path}` } },
    ),
    broken: broken.map((path) => `${name}/${path}`),
  };
}

function judge(name: string, { kinds, broken }: FreshnessReport): readonly Finding[] {
  if (kinds.length === 0) {
    const reason = 'no kind was asked for: give --kind and --period, or proofs.freshness in sophia.yaml';
    return [{ check: 'fresh', target: name, verdict: 'unknown', reason }];
  }
  const findings = kinds.map(({ kind, maxAgeMs, newest, isFresh }): Finding => {
    if (newest === null) return { check: 'fresh', target: kind, verdict: 'unknown', reason: 'there is no proof of this kind that holds' };
    if (newest.ageMs < -MAX_AHEAD_MS) {
      const reason = `the newest ends ${duration(-newest.ageMs)} in the future: a clock is wrong`;
      return { check: 'fresh', target: kind, verdict: 'unknown', reason };
    }
    const reason = `the newest is ${duration(Math.max(0, newest.ageMs))} old, ${newest.result}; at most ${duration(maxAgeMs)} is fresh`;
    const facts = { observed: { finishedAt: newest.finishedAt, ageMs: newest.ageMs }, expected: { maxAgeMs } };
    return { check: 'fresh', target: kind, verdict: isFresh ? 'pass' : 'fail', reason, ...facts };
  });
  const reason = 'it does not hold: "sophia proofs verify" says why';
  return [...findings, ...broken.map((target): Finding => ({ check: 'holds', target, verdict: 'fail', reason }))];
}
