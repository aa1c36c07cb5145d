// The whole question, put together: does everything hold, by whom is it vouched for, and is there what was asked for?
import type { Finding } from '../../outcome.ts';
import { plural } from '../../markdown.ts';
import type { Identity } from '../sigstore/verdict.ts';
import type { ProofTree } from '../tree.ts';
import { judgeBundles } from './bundles.ts';
import type { Flaw } from './flaw.ts';
import { inspectProofs, type HoldingProof, type Inspection } from '../inspection/inspect.ts';
import { judgePin, type Pin } from './pins.ts';
import { selectProofs, type Unmet, type Wanted } from './selection.ts';
import { isBelow, judgeTrust, lowestOf, type Level, type Trust, type TrustSource } from './trust.ts';
import { CHECKPOINT_FILE } from '../ledger/checkpoint.ts';

export interface Question {
  readonly tree: ProofTree;
  readonly wanted: Wanted;
  readonly nowMs: number;
  readonly trust: Pick<TrustSource, 'source' | 'keys'> & { readonly identities: readonly Identity[] };
  /** Parsed JSON; undefined where nobody gave one. */
  readonly trustedRoot: unknown;
  /** Names that the ledger must have; each with who says so. */
  readonly origins: readonly { readonly origin: string; readonly saidBy: string }[];
  readonly since: Pin | null;
  /** From where writers of this repository cannot change them. */
  readonly witnesses: readonly Pin[];
  /** Witnesses that were to be asked and did not answer. */
  readonly silent: readonly { readonly name: string; readonly reason: string }[];
  readonly isIgnored: (path: string) => boolean;
  readonly secretPatterns: readonly string[];
  readonly isHashOnly: boolean;
}

export interface Answer {
  readonly findings: readonly Finding[];
  readonly data: VerifyData;
  /** How many things do not hold. */
  readonly broken: number;
}

export interface VerifyData {
  readonly proofs: number;
  readonly entries: number;
  readonly unsealed: number;
  readonly views: number;
  readonly attachments: number;
  readonly archived: number;
  readonly pruned: number;
  readonly ignored: number;
  readonly levels: Readonly<Record<Level, number>>;
  readonly level: Level | null;
  readonly origin: string | null;
  readonly root: string | null;
  readonly trust: { readonly source: TrustSource['source']; readonly signers: readonly string[] };
}

export async function verifyProofs(question: Question): Promise<Answer> {
  const { tree, wanted, nowMs, trust: source, trustedRoot, isIgnored, secretPatterns, isHashOnly } = question;
  const needsFacts = wanted.commit !== null || wanted.result !== null || wanted.maxAgeMs !== null || wanted.contract !== null;
  const inspection = await inspectProofs(tree, { isIgnored, secretPatterns, isHashOnly, needsFacts });
  const bundles = await judgeBundles(tree, { inspection, identities: source.identities, trustedRoot });
  const since = question.since === null ? null : judgePin(inspection, question.since);
  const witnesses = question.witnesses.map((witness) => judgePin(inspection, witness));
  const trust = judgeTrust({
    inspection,
    trust: { source: source.source, keys: source.keys, expectsIdentity: source.identities.length > 0 },
    bundles,
    witnessed: Math.max(0, ...witnesses.map(({ covered }) => covered)),
  });
  const selection = selectProofs(inspection, wanted, nowMs);
  const levels = selection.selected.map(({ index }) => (index === null ? 'L0' : trust.levelAt(index)));
  const level = lowestOf(levels);
  const flaws: readonly Flaw[] = [
    ...inspection.flaws,
    ...findOrigins(inspection, question.origins),
    ...(since?.flaws ?? []),
    ...witnesses.flatMap((witness) => witness.flaws),
    ...trust.flaws,
    ...selection.flaws,
    ...findTooLow(wanted.require, level, selection.selected.length),
  ];
  const data = countAll({ inspection, trust, source: source.source, selected: selection.selected, levels, level });
  const findings = [
    ...distinct(flaws).map((flaw) => toFinding(tree.name, flaw, 'fail')),
    ...selection.unmet.map((unmet) => toFinding(tree.name, unmet, unmet.check === 'result' ? 'fail' : 'unknown')),
    ...question.silent.map(({ name, reason }): Finding => ({ check: 'witness', target: name, verdict: 'unknown', reason })),
    ...tell(tree.name, { data, inspection, selected: selection.selected, trust }),
  ];
  return { findings, data, broken: distinct(flaws).length };
}

function findOrigins({ ledger: { checkpoint } }: Inspection, origins: Question['origins']): readonly Flaw[] {
  if (checkpoint === null) return [];
  return origins
    .filter(({ origin }) => origin !== checkpoint.origin)
    .map(({ origin, saidBy }) => ({
      check: 'wrong-origin',
      path: CHECKPOINT_FILE,
      reason: `it is the checkpoint of ${checkpoint.origin}; ${saidBy} says ${origin}`,
    }));
}

function findTooLow(required: Level | null, level: Level | null, count: number): readonly Flaw[] {
  if (required === null || level === null || !isBelow(level, required)) return [];
  const reason = `${level} is the lowest level of the ${plural(count, 'proof')} that count, and ${required} is required`;
  return [{ check: 'level-too-low', path: '', reason }];
}

interface Counting {
  readonly inspection: Inspection;
  readonly trust: Trust;
  readonly source: TrustSource['source'];
  readonly selected: readonly HoldingProof[];
  readonly levels: readonly Level[];
  readonly level: Level | null;
}

function countAll({ inspection, trust, source, selected, levels, level }: Counting): VerifyData {
  const { ledger, holding, attachments, views, archived, pruned, ignored } = inspection;
  const byLevel: Record<Level, number> = { L0: 0, L1: 0, L2: 0, L3: 0, L4: 0 };
  for (const each of levels) byLevel[each] += 1;
  return {
    proofs: selected.length,
    entries: ledger.entries.length,
    unsealed: holding.filter(({ index }) => index === null).length,
    views,
    attachments,
    archived,
    pruned,
    ignored,
    levels: byLevel,
    level,
    origin: ledger.checkpoint?.origin ?? null,
    root: ledger.checkpoint?.root ?? null,
    trust: { source, signers: trust.signers },
  };
}

interface Telling {
  readonly data: VerifyData;
  readonly inspection: Inspection;
  readonly selected: readonly HoldingProof[];
  readonly trust: Trust;
}

/** What holds, and what it is worth. */
function* tell(name: string, { data, inspection, selected, trust }: Telling): Generator<Finding> {
  if (selected.length > 0) {
    const compared = `${plural(data.attachments, 'attachment')} and ${plural(data.views, 'view')}`;
    const reason = `${plural(selected.length, 'proof')} ${selected.length === 1 ? 'holds' : 'hold'}, level ${data.level}; beside them ${compared} were compared`;
    yield { check: 'holds', target: name, verdict: 'pass', reason };
  }
  for (const { path } of selected) {
    const by = inspection.revoked.get(path);
    if (by !== undefined) yield { check: 'revoked', target: `${name}/${path}`, verdict: 'warn', reason: `${by} revokes it` };
  }
  if (data.unsealed > 0) {
    const [is, them] = data.unsealed === 1 ? ['is', 'it'] : ['are', 'them'];
    const reason = `${plural(data.unsealed, 'proof')} ${is} not in the ledger (L0): whoever removes ${them} leaves no trace`;
    yield { check: 'unsealed', target: name, verdict: 'warn', reason };
  }
  const { checkpoint } = inspection.ledger;
  if (
    checkpoint !== null &&
    trust.signers.length === 0 &&
    data.entries > 0 &&
    selected.some(({ index }) => index !== null && trust.levelAt(index) === 'L1')
  )
    yield {
      check: 'unsigned',
      target: `${name}/${CHECKPOINT_FILE}`,
      verdict: 'warn',
      reason: describeUnsigned(
        checkpoint.signatures.map((each) => each.name),
        data.trust.source,
      ),
    };
}

function describeUnsigned(names: readonly string[], source: TrustSource['source']): string {
  if (names.length === 0) return 'L1, unsigned: a writer of this repository could have rebuilt it';
  const why = source === 'none' ? 'but nobody said which key to trust (--vkey)' : 'and by none that is trusted';
  return `L1: signed by ${names.join(' and ')}, ${why}: a writer of this repository could have rebuilt it`;
}

function distinct(flaws: readonly Flaw[]): readonly Flaw[] {
  return [...new Map(flaws.map((flaw) => [`${flaw.check} ${flaw.path} ${flaw.reason}`, flaw])).values()].toSorted((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : 0,
  );
}

function toFinding(name: string, { check, path, reason }: Flaw | Unmet, verdict: Finding['verdict']): Finding {
  return { check, target: path === '' ? name : `${name}/${path}`, verdict, reason };
}
