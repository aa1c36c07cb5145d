// A run that found more than one proof holds: details are taken out, the least telling first, until the rest fits. What was judged stays
// as it was: findings that give way are counted in one of their own verdict, so result and exit code are those of the whole run.
import { plural } from '../../markdown.ts';
import type { Finding, Verdict } from '../../outcome.ts';
import { serializeCompact } from '../canonical.ts';
import { sha256Of } from '../digest.ts';
import { attachmentPathOf } from '../path-law.ts';
import { toJson } from '../plain.ts';
import { MAX_ATTACHMENTS, MAX_DATA_BYTES, MAX_PROOF_BYTES, type Predicate } from '../statement.ts';
import { MAX_ATTACHMENT_BYTES, pack } from './attachment.ts';
import type { KeptFile, Notes } from './recorder.ts';

/** What a statement is composed of, beside the frame. */
export interface Material extends Notes {
  readonly redactions: Predicate['redactions'];
}

export interface Fitting {
  /** Relative to proofs/. */
  readonly proofPath: string;
  /** Of the statement that would be composed, in bytes. */
  readonly sizeOf: (material: Material) => number;
}

/** For what is said of that which was taken out. */
const ROOM_BYTES = 2048;

/** `sizeBytes` is that of the statement. */
export function fits({ data }: Material, sizeBytes: number): boolean {
  return sizeBytes <= MAX_PROOF_BYTES && (sizeBytes <= MAX_DATA_BYTES || sizeOfData(data) <= MAX_DATA_BYTES);
}

/**
 * What fits, or the least that can be said. Its `truncated` names by JSON pointer what is not whole any more, and all findings lie beside
 * the proof.
 */
export function fit(whole: Material, { proofPath, sizeOf }: Fitting): Material {
  let material = sizeOfData(whole.data) > MAX_DATA_BYTES ? { ...whole, data: {} } : whole;
  const excessOf = (candidate: Material): number => sizeOf(candidate) + ROOM_BYTES - MAX_PROOF_BYTES;
  for (const step of STEPS) {
    if (excessOf(material) <= 0) break;
    material = step({ material, whole, excessOf });
  }
  return account(whole, material, proofPath);
}

function sizeOfData(data: Notes['data']): number {
  return Buffer.byteLength(serializeCompact(data));
}

interface Turn {
  readonly material: Material;
  readonly whole: Material;
  readonly excessOf: (material: Material) => number;
}

type Step = (turn: Turn) => Material;

const STEPS: readonly Step[] = [
  gatherRedactions,
  shorten((findings) => findings.map((each) => (isWell(each) ? withoutTries(each) : each))),
  shorten((findings) => findings.map((each) => (isWell(each) ? bare(each) : each))),
  shorten((findings) => findings.map((each) => (isWell(each) ? bare(each) : withoutTries(each)))),
  shorten((findings) => [...findings.filter((each) => !isWell(each)).map(withoutTries), ...fold(findings.filter(isWell), targetOf)]),
  shorten((findings) => [...findings.filter((each) => !isWell(each)).map(bare), ...fold(findings.filter(isWell), targetOf)]),
  shorten((findings) => fold(findings, targetOf)),
  withoutLastViews,
  shorten((findings) => fold(findings, () => 'run')),
  ({ material }) => ({ ...material, data: {} }),
];

/** Each time of the whole: what has been folded is not folded again. */
function shorten(change: (findings: readonly Finding[]) => readonly Finding[]): Step {
  return ({ material, whole }) => ({ ...material, findings: change(whole.findings) });
}

/** Where each was is of no use beside findings that are not whole; how many there were still is. */
function gatherRedactions({ material }: Turn): Material {
  const groups = [...Map.groupBy(material.redactions, ({ reason }) => reason)];
  const redactions = groups.map(([reason, all]) => ({ path: '', reason, count: all.reduce((sum, { count }) => sum + count, 0) }));
  return { ...material, redactions };
}

/** About what a view takes: its digest, its size, and its path twice. */
const VIEW_BYTES = 300;

/** An older view stays where it is, and names the older run. */
function withoutLastViews({ material, excessOf }: Turn): Material {
  let { views } = material;
  const fewer = (): Material => ({ ...material, views });
  for (let excess = excessOf(fewer()); excess > 0 && views.length > 0; excess = excessOf(fewer())) {
    views = views.slice(0, -Math.ceil(excess / VIEW_BYTES));
  }
  return fewer();
}

const WELL: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'flaky', 'warn', 'skipped']);

function isWell({ verdict }: Finding): boolean {
  return WELL.has(verdict);
}

function withoutTries({ tries: _tries, ...rest }: Finding): Finding {
  return rest;
}

function bare({ tries: _tries, observed: _observed, expected: _expected, ...rest }: Finding): Finding {
  return rest;
}

function targetOf({ target }: Finding): string {
  return target;
}

/** Those of one group and one verdict become one. */
function fold(findings: readonly Finding[], groupOf: (finding: Finding) => string): readonly Finding[] {
  const groups = Map.groupBy(findings, (each) => `${groupOf(each)}\n${each.verdict}`);
  return [...groups.values()].map((group) => inOne(group, groupOf));
}

function inOne(group: readonly Finding[], groupOf: (finding: Finding) => string): Finding {
  const first = group[0]!;
  if (group.length === 1) return bare(first);
  const { verdict, code, location } = first;
  return {
    check: `folded.${verdict}`,
    target: groupOf(first),
    verdict,
    reason: `${plural(group.length, 'finding')} in one; the first, ${first.check} of ${first.target}: ${first.reason}`,
    ...(code === undefined ? {} : { code }),
    ...(location === undefined ? {} : { location }),
  };
}

const FINDINGS_NAME = 'findings.jsonl.gz';

/** Size and digest of what was whole; the findings themselves beside the proof, where there is room for them. */
function account(whole: Material, material: Material, proofPath: string): Material {
  const lines = Buffer.from(whole.findings.map((each) => `${serializeCompact(toJson(each))}\n`).join(''));
  const views = whole.views.map(({ path, sha256 }) => ({ path, sha256 }));
  const parts = [
    ...(material.findings === whole.findings ? [] : [{ path: '/predicate/findings', bytes: lines }]),
    ...(material.views.length === whole.views.length ? [] : [{ path: '/predicate/views', bytes: Buffer.from(serializeCompact(views)) }]),
    ...(material.data === whole.data ? [] : [{ path: '/predicate/data', bytes: Buffer.from(serializeCompact(whole.data)) }]),
  ];
  const truncated = parts.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length, sha256: sha256Of(bytes) }));
  const attachments = material.findings === whole.findings ? [] : attachmentsOf(whole, lines, attachmentPathOf(proofPath, FINDINGS_NAME));
  return { ...material, attachments: [...whole.attachments, ...attachments], truncated: [...whole.truncated, ...truncated] };
}

function attachmentsOf({ attachments }: Notes, lines: Uint8Array, path: string): readonly (KeptFile & { readonly mediaType: string })[] {
  const bytes = pack(lines);
  const hasRoom = attachments.length < MAX_ATTACHMENTS && bytes.length <= MAX_ATTACHMENT_BYTES;
  if (!hasRoom || attachments.some((each) => each.path === path)) return [];
  return [{ path, bytes, sha256: sha256Of(bytes), mediaType: 'application/jsonl' }];
}
