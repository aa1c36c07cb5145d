// From plan and answers to findings. Pure: what was not answered is unknown, never gone.
import type { Answer } from '../answer.ts';
import type { Finding, Json, Verdict } from '../outcome.ts';
import { boundReason } from './judging/bounds.ts';
import type { Ask, Inquiry, Judgement, Unaskable } from './inquiry.ts';
import { keyOf, nameOf, type Place, type Plan } from './plan.ts';
import { judgeTrouble } from './judging/trouble.ts';
import { weigh, worstOf } from './judging/weighing.ts';

/** What became of one place. A place that is not there was never reached: unknown. */
export type Asked =
  | {
      readonly kind: 'asked';
      readonly inquiry: Inquiry;
      /**
       * For each ask its attempts, first to last, so that each stands at its own number: null is one that was made and of which nothing
       * is known. Empty where it was not asked.
       */
      readonly attempts: readonly (readonly (Answer | null)[])[];
    }
  | { readonly kind: 'unaskable'; readonly why: Unaskable }
  /** Not asked, because of what stands in another place: its key. */
  | { readonly kind: 'blocked'; readonly by: string };

/** By `keyOf` of the place. */
export type Answers = ReadonlyMap<string, Asked>;

/** Whether something else answered, so that a failure of the network is not our own. */
export type ControlHeld = (answer: Answer) => boolean;

export function judgePlan(plan: Plan, answers: Answers, isControlHeld: ControlHeld): readonly Finding[] {
  return plan.places.map((place) => judgePlace(place, answers.get(keyOf(place)), isControlHeld));
}

export function judgePlace(place: Place, asked: Asked | undefined, isControlHeld: ControlHeld): Finding {
  const { check, target, location, skip } = place;
  const said: Said = skip === null ? judgeAsked(asked, isControlHeld) : { verdict: 'skipped', reason: boundReason(skip) };
  return { check, target, ...said, ...(location === null ? {} : { location }) };
}

/** What another place may rest on. */
export function isHealthy(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'flaky' || verdict === 'warn';
}

/** What later checks of the service may use, of what was answered. */
export function capturesOf(asked: Asked): Readonly<Record<string, string>> {
  if (asked.kind !== 'asked' || asked.inquiry.capture === undefined) return {};
  return asked.inquiry.capture(asked.inquiry.asks.map((ask, index) => usableOf(ask, asked.attempts[index] ?? [])));
}

type Said = Omit<Finding, 'check' | 'target' | 'location'>;

function judgeAsked(asked: Asked | undefined, isControlHeld: ControlHeld): Said {
  if (asked === undefined) return UNASKED;
  switch (asked.kind) {
    case 'asked':
      return judgeAnswers(asked, isControlHeld);
    case 'unaskable':
      return { verdict: 'unknown', code: asked.why.code, reason: boundReason(asked.why.reason) };
    case 'blocked':
      return { verdict: 'blocked', reason: boundReason(`it needs ${nameOf(asked.by)}, which is not healthy`) };
    default:
      return unreachable(asked);
  }
}

function judgeAnswers({ inquiry, attempts }: Extract<Asked, { kind: 'asked' }>, isControlHeld: ControlHeld): Said {
  const asks = inquiry.asks.map((ask, index) => ({ ask, attempts: attempts[index] ?? [] }));
  const seen = asks.map((each) => each.attempts.map((answer) => see(each.ask, answer, isControlHeld)));
  const together = inquiry.together?.(asks.map((each) => usableOf(each.ask, each.attempts))) ?? [];
  // What all answers say together comes first: of two judgements that are equally bad it says more.
  const said = weigh([...together, ...seen.flatMap(judgeAttempts)], {
    attempts: Math.max(0, ...seen.map(({ length }) => length)),
    before: seen.flatMap((attempt) => attempt.slice(0, -1)).map((each) => codeOf(each) ?? 'an answer'),
  });
  const tries = seen.flat().map(tryOf);
  return tries.length === 0 ? said : { ...said, durationMs: durationOf(asks.map((each) => each.attempts)), tries };
}

interface Seen {
  readonly answer: Answer | null;
  readonly judgements: readonly Judgement[];
}

function see(ask: Ask, answer: Answer | null, isControlHeld: ControlHeld): Seen {
  return { answer, judgements: answer === null ? [LOST] : judgeAnswer(ask, answer, isControlHeld) };
}

const LOST: Judgement = { verdict: 'unknown', reason: 'nothing is known of an attempt that was made' };
const UNASKED: Judgement = { verdict: 'unknown', reason: 'it was not asked' };

/** The last attempt is judged. One before it of which nothing is known could have been anything, and stays so. */
function judgeAttempts(attempts: readonly Seen[]): readonly Judgement[] {
  const lost = attempts.some(({ answer }) => answer === null) ? [LOST] : [];
  return [...(attempts.at(-1)?.judgements ?? [UNASKED]), ...lost];
}

/** An answer is judged when it comes, for the sake of what waits for it, and again at the end: what was thought of it stays the same. */
const judged = new WeakMap<Answer, { readonly ask: Ask; readonly judgements: readonly Judgement[] }>();

function judgeSound(ask: Ask, answer: Answer): readonly Judgement[] {
  const known = judged.get(answer);
  if (known?.ask === ask) return known.judgements;
  const judgements = ask.judge(answer);
  judged.set(answer, { ask, judgements });
  return judgements;
}

function judgeAnswer(ask: Ask, answer: Answer, isControlHeld: ControlHeld): readonly Judgement[] {
  const { trouble } = answer;
  const judgements =
    trouble === null ? judgeSound(ask, answer) : (ask.judgeTrouble?.(answer) ?? [judgeTrouble(answer, trouble, isControlHeld)]);
  return judgements.length > 0 ? judgements : [{ verdict: 'unknown', reason: 'nothing of the answer was judged' }];
}

/** What is worth looking at: an answer without trouble, or with the very trouble that was expected. */
function usableOf(ask: Ask, attempts: readonly (Answer | null)[]): Answer | null {
  const last = attempts.at(-1) ?? null;
  return last === null || isUsable(ask, last) ? last : null;
}

function isUsable({ judgeTrouble: judgeOwn }: Ask, answer: Answer): boolean {
  return answer.trouble === null || (judgeOwn?.(answer) ?? null) !== null;
}

/** One of which nothing is known stands at its number all the same. */
function tryOf({ answer, judgements }: Seen): Json {
  if (answer === null) return { at: null, phases: null };
  const { at, phases, http } = answer;
  const code = codeOf({ answer, judgements });
  return { at, phases: { ...phases }, ...(http === null ? {} : { status: http.status }), ...(code === undefined ? {} : { code }) };
}

/** Of the trouble itself, also where it could be our own. */
function codeOf({ answer, judgements }: Seen): string | undefined {
  return answer?.trouble?.code ?? worstOf(judgements).code;
}

/** Without the pauses between attempts. */
function durationOf(attempts: readonly (readonly (Answer | null)[])[]): number {
  const totalMs = attempts.flat().reduce((sum, answer) => sum + (answer?.phases.totalMs ?? 0), 0);
  return Math.round(totalMs * 100) / 100;
}

function unreachable(value: never): never {
  throw new TypeError(`a case was forgotten: ${JSON.stringify(value)}`);
}
