// What a failing answer looked like: its body is kept beside the proof, and whoever stands at the terminal sees its beginning.
import type { Answer, Question } from '../answer.ts';
import { judgePlace, type Asked, type ControlHeld } from '../checks/judge.ts';
import { keyOf, type Plan } from '../checks/plan.ts';
import type { Context } from '../context.ts';
import { duration, plural } from '../markdown.ts';
import type { Finding, Json } from '../outcome.ts';
import { keptHeaders, keptUrl } from '../proof/redaction/http.ts';
import type { Redactor } from '../proof/redaction/redaction.ts';
import type { Learnt } from './asking/asking.ts';

/** A finding that is not well, and the exchange that made it so. */
export interface Failing {
  readonly finding: Finding;
  readonly question: Question;
  readonly answer: Answer;
}

export interface FailingRequest {
  readonly plan: Plan;
  readonly learnt: Learnt;
  readonly findings: readonly Finding[];
  readonly isControlHeld: ControlHeld;
}

export function failingOf({ plan, learnt, findings, isControlHeld }: FailingRequest): readonly Failing[] {
  const bad = new Map(findings.filter(isBad).map((finding) => [keyOf(finding), finding]));
  return plan.places.flatMap((place) => {
    const asked = learnt.get(keyOf(place));
    const finding = bad.get(keyOf(place));
    if (asked?.kind !== 'asked' || finding === undefined) return [];
    const exchanges = asked.inquiry.asks.flatMap((ask, index) => {
      const answer = asked.attempts[index]?.at(-1) ?? null;
      return answer === null ? [] : [{ ask, answer }];
    });
    const alone = ({ ask, answer }: (typeof exchanges)[number]): Asked => ({
      kind: 'asked',
      inquiry: { asks: [ask] },
      attempts: [[answer]],
    });
    const worst = exchanges.find((each) => isBad(judgePlace(place, alone(each), isControlHeld))) ?? exchanges.at(-1);
    return worst === undefined ? [] : [{ finding, question: worst.ask.question, answer: worst.answer }];
  });
}

/** Bodies beyond these are not kept: evidence of the platform needs room as well. */
const MAX_BODIES = 12;

/** The record takes out the secrets, and the middle of what is long. */
export function keepBodies({ record }: Pick<Context, 'record'>, failing: readonly Failing[]): void {
  const names = new Set<string>();
  for (const { finding, answer } of failing) {
    const { http } = answer;
    if (http === null || http.body.length === 0 || names.size >= MAX_BODIES) continue;
    const name = unused(attachmentNameOf(finding), names);
    names.add(name);
    record.attach(name, http.body, mediaTypeOf(http.headers['content-type']?.[0]));
  }
}

const MAX_NAME = 48;

function attachmentNameOf({ target, check }: Finding): string {
  return `${target}.${check}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .slice(0, MAX_NAME);
}

function unused(name: string, names: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? `${name}.body` : `${name}-${number}.body`;
    if (!names.has(candidate)) return candidate;
  }
}

/** What a stranger sent as a type is a type only where it looks like one. */
function mediaTypeOf(sent: string | undefined): string {
  const [, type] = /^\s*([a-z0-9]+\/[a-z0-9.+-]+)\s*(?:;|$)/i.exec(sent ?? '') ?? [];
  return type === undefined || type.length > 100 ? 'application/octet-stream' : type.toLowerCase();
}

const MAX_SHOWN = 2048;
/** Nobody reads on: of the rest the findings say what it is. */
const MAX_TOLD = 20;

/** Request, what was expected and observed, and the beginning of the body: without secrets; the log makes control characters visible. */
export function tellFailing({ log }: Pick<Context, 'log'>, failing: readonly Failing[], redactor: Redactor): void {
  const [failed, others] = ['fail', 'unknown'].map((verdict) => failing.filter(({ finding }) => finding.verdict === verdict));
  const worstFirst = [...failed!, ...others!];
  for (const { finding, question, answer } of worstFirst.slice(0, MAX_TOLD)) {
    const { verdict, target, check, reason, code, expected, observed, location } = finding;
    const place = location === undefined ? '' : ` ${location.file}:${location.line}:${location.column}`;
    const lines = [
      `${verdict}: ${target} ${check}: ${reason}${code === undefined ? '' : ` [${code}]`}${place}`,
      `  asked: ${describeQuestion(question)}`,
      ...fact('expected', expected),
      ...fact('observed', observed),
      ...described(answer, redactor),
    ];
    log.info(redactor.text(lines.join('\n').toWellFormed(), ''));
  }
  if (failing.length > MAX_TOLD) log.info(`and ${plural(failing.length - MAX_TOLD, 'more', 'more')} that are not well`);
}

/** Without the address's secrets, and without headers: who asks is nobody's business. */
export function describeQuestion(question: Question): string {
  switch (question.kind) {
    case 'http':
      return `${question.method} ${keptUrl(question.url)}`;
    case 'tcp':
    case 'tls':
      return `${question.kind} ${question.host}:${question.port}`;
    case 'dns':
      return `dns ${question.type} ${question.name}${question.server === null ? '' : ` at ${question.server}`}`;
    default:
      return unreachable(question);
  }
}

function isBad({ verdict }: Finding): boolean {
  return verdict === 'fail' || verdict === 'unknown';
}

function fact(name: string, value: Json | undefined): readonly string[] {
  return value === undefined ? [] : [`  ${name}: ${JSON.stringify(value)}`];
}

function described({ trouble, phases, http }: Answer, redactor: Redactor): readonly string[] {
  const broken = trouble === null ? [] : [`  trouble: ${trouble.code}: ${trouble.detail}`];
  if (http === null) return broken;
  const headers = Object.entries(keptHeaders(http.headers)).map(([name, value]) => `  ${name}: ${value}`);
  return [`  answered: HTTP ${http.status} in ${duration(phases.totalMs)}`, ...headers, ...broken, ...shownBody(http.body, redactor)];
}

/** Cleaned as a whole before it is cut: half a secret is not recognised. */
function shownBody(body: Uint8Array, redactor: Redactor): readonly string[] {
  if (body.length === 0) return ['  no body'];
  const shown = Buffer.from(redactor.bytes(body, '').subarray(0, MAX_SHOWN)).toString('utf8');
  const cut = body.length > MAX_SHOWN ? ', of which this is the beginning' : '';
  return [
    `  body, ${plural(body.length, 'byte')}${cut}:`,
    ...shown
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => `    ${line}`),
  ];
}

function unreachable(value: never): never {
  throw new TypeError(`a case was forgotten: ${JSON.stringify(value)}`);
}
