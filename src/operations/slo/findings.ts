// What is to be said of each objective: one finding, with the sum that anybody can check.
import type { FindingCode } from '../../codes.ts';
import type { Operations } from '../../checks/service.ts';
import { plural } from '../../markdown.ts';
import type { Finding } from '../../outcome.ts';
import type { Config } from '../../section.ts';
import type { Evaluated, Evaluation } from './evaluation.ts';

/** Its target is the run itself: what cannot be read belongs to no service. */
const HISTORY = { check: 'history', target: 'run', verdict: 'unknown' } as const;

const NOTHING: FindingCode = 'NOTHING_TO_CHECK';
const INSUFFICIENT: FindingCode = 'SLO_INSUFFICIENT_DATA';

/** Longer lists are cut in what people read; data has all. */
const SHOWN = 5;

export interface Telling {
  readonly evaluated: Evaluated;
  /** Of the whole configuration: the place of an objective in it is its place in the file. */
  readonly operations: Pick<Operations, 'objectives'>;
  readonly config: Pick<Config, 'locate'>;
  /** There was not one proof to read, of the time that counts. */
  readonly isEmpty: boolean;
}

export function tellObjectives({ evaluated, operations, config, isEmpty }: Telling): readonly Finding[] {
  const { evaluations, broken } = evaluated;
  if (evaluations.length === 0) return [{ ...HISTORY, code: NOTHING, reason: 'sophia.yaml has no slos' }];
  const findings = evaluations.map((evaluation) => {
    const index = operations.objectives.findIndex(({ id }) => id === evaluation.objective.id);
    const location = config.locate({ name: 'slos' }, `/${index}`);
    return { ...tell(evaluation), ...(location === null ? {} : { location }) };
  });
  const ledger = broken.find(({ path }) => path.startsWith('ledger/'));
  return [
    ...findings,
    ...(isEmpty ? [{ ...HISTORY, code: NOTHING, reason: 'there is no proof of kind smoke to count' }] : []),
    ...(ledger === undefined
      ? []
      : [{ ...HISTORY, code: INSUFFICIENT, reason: `whether runs were taken away cannot be told: ${ledger.path}: ${ledger.reason}` }]),
  ];
}

/** Proofs that count as missing, for people; all of them are in the data. */
export function tellBroken(broken: Evaluated['broken']): readonly string[] {
  const shown = broken.slice(0, SHOWN).map(({ path, reason }) => `proofs/${path} does not hold, so what it says is missing: ${reason}`);
  const more = broken.length - shown.length;
  return more > 0 ? [...shown, `${plural(more, 'more proof')} ${more === 1 ? 'does' : 'do'} not hold`] : shown;
}

function tell(evaluation: Evaluation): Finding {
  const { objective, budget, coverage } = evaluation;
  const { id, service, target, indicator, underMs, missing } = objective;
  const { state, verdict, planned, good, bad, allowed, arithmetic, because } = budget;
  const code = codeOf(evaluation);
  const reason = [
    `${state}: ${arithmetic}`,
    because,
    tellMissing(coverage.missing),
    missing === 'bad' ? '' : `missing runs are left out: ${missing.exclude}`,
  ];
  return {
    check: id,
    target: service,
    verdict,
    reason: reason.filter((part) => part !== '').join('; '),
    ...(code === null ? {} : { code }),
    observed: { planned, good, bad, missing: budget.missing },
    expected: { indicator, target, allowed, ...(underMs === null ? {} : { underMs }) },
  };
}

/** Of a budget that is not spent but burns, the burn is what somebody has to know. */
function codeOf({ budget: { state, verdict, burn }, coverage }: Evaluation): FindingCode | null {
  if (verdict === 'pass') return null;
  if (verdict === 'unknown') return INSUFFICIENT;
  if (state === 'breached') return 'SLO_BREACHED';
  if (burn.some(({ fires }) => fires === true)) return 'SLO_BURN';
  return state === 'met' && coverage.missing.length > 0 ? 'RUN_MISSING' : 'SLO_AT_RISK';
}

function tellMissing(missing: readonly string[]): string {
  if (missing.length === 0) return '';
  const shown = missing.slice(-SHOWN).join(', ');
  return `no run, or none that holds: ${missing.length > SHOWN ? '…, ' : ''}${shown}`;
}
