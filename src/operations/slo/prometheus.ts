// Objectives as rules for Prometheus: the share of errors over each window, alerts for the rates at which our own evaluator raises one,
// and one for when there is nothing to compute them from, which every other alert takes for silence.
import { stringify } from 'yaml';
import type { Objective, Operations } from '../../checks/service.ts';
import { visible } from '../../markdown.ts';
import { factorOf, TIME_RULES, type Severity } from '../../metrics/slo/burn.ts';
import { multiply, parseDecimal, subtract, toDecimal, toText, compare, type Decimal } from '../../metrics/slo/decimal.ts';
import { promDuration, queriesOf, quote, type Queries } from './queries.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const ONE = toDecimal(1);
/** The rate of 28 days over 3 is 0.9333…: more places than any share of errors has. */
const LIMIT_PLACES = 12;
/** A restart is no outage of the scrape. */
const ABSENT_FOR = '10m';

export function toPrometheusRules(operations: Pick<Operations, 'services'>, objectives: readonly Objective[]): string {
  const groups = objectives.map((objective) => ({ name: `sophia-slo-${objective.id}`, rules: rulesOf(operations, objective) }));
  // In 1.1 more words are quoted: readers of either version see text where text is meant.
  return `# Made by "sophia slo --export prometheus" from sophia.yaml.\n${stringify({ groups }, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function rulesOf(operations: Pick<Operations, 'services'>, objective: Objective): readonly Rule[] {
  const { id, service, target, windowMs } = objective;
  const queries = queriesOf(operations, objective);
  const title = operations.services.find((each) => each.id === service)?.title ?? service;
  const allowed = subtract(ONE, parseDecimal(target) ?? ONE);
  const burns = TIME_RULES.flatMap((rule) => {
    const limit = multiply(factorOf(rule, windowMs, LIMIT_PLACES), allowed);
    // A share of errors above 1 there is not: no alert, and none of our evaluator's either.
    return rule.longMs > windowMs || compare(limit, ONE) >= 0 ? [] : [{ ...rule, limit }];
  });
  const windows = [...new Set([...burns.flatMap(({ shortMs, longMs }) => [shortMs, longMs]), windowMs])].sort((a, b) => a - b);
  const labels = { service, slo: id };
  const alert = (name: string, { expr, summary, ...own }: Alarm): Rule => ({
    alert: name,
    expr,
    labels: { ...labels, ...own },
    annotations: { summary: plain(`${title}: ${summary}`) },
  });
  return [
    ...windows.map((ms) => ({ record: `slo:error_ratio:rate${promDuration(ms)}`, expr: ratio(queries, promDuration(ms)), labels })),
    ...burns.map(({ severity, share, longMs, shortMs, limit }) => {
      const window = promDuration(longMs);
      const percent = toText(multiply(decimal(share), toDecimal(100)));
      const summary = `the objective ${id} spends more than ${percent} % of its error budget in ${window}`;
      return alert('SloErrorBudgetBurn', {
        severity,
        window,
        expr: `${above(id, longMs, limit)}\nand\n${above(id, shortMs, limit)}`,
        summary,
      });
    }),
    alert('SloErrorBudgetSpent', {
      severity: 'page',
      expr: above(id, windowMs, allowed),
      summary: `the error budget of the objective ${id} is spent`,
    }),
    {
      ...alert('SloDataAbsent', {
        severity: 'ticket',
        expr: absent(queries),
        summary: `there is nothing to compute the objective ${id} from`,
      }),
      for: ABSENT_FOR,
    },
  ];
}

interface Alarm {
  readonly severity: Severity;
  /** Of the rules of one objective and severity, what tells them apart. */
  readonly window?: string;
  readonly expr: string;
  readonly summary: string;
}

function ratio({ total, bad, good }: Queries, range: string): string {
  const rate = (series: string): string => `sum(rate(${series}[${range}]))`;
  return bad === null ? `1 - ${rate(good ?? total)} / ${rate(total)}` : `${rate(bad)} / ${rate(total)}`;
}

function above(id: string, windowMs: number, limit: Decimal): string {
  return `slo:error_ratio:rate${promDuration(windowMs)}{slo=${quote(id)}} > ${toText(limit)}`;
}

/** A series is gone, or nobody has asked the service for a day: 0 of 0 is no share, and above nothing. */
function absent({ total, bad, good }: Queries): string {
  const series = [total, bad, good].filter((each) => each !== null);
  return `max(\n  ${[...series.map((each) => `absent(${each})`), `sum(rate(${total}[1d])) == 0`].join('\n  or\n  ')}\n)`;
}

/** Annotations are templates: braces of a title are only text. Control characters are no YAML to some readers, quoted or not. */
function plain(text: string): string {
  return visible(text).replaceAll('{{', '{{ "{{" }}');
}

function decimal(text: string): Decimal {
  return parseDecimal(text) ?? ONE;
}
