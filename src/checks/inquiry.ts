// A check in the form in which it can be asked: questions, and what is thought of each answer. Pure data and pure functions.
import type { Answer, Question } from '../answer.ts';
import type { FindingCode } from '../codes.ts';
import type { Json, Verdict } from '../outcome.ts';

export interface Inquiry {
  /** In the order in which they are asked, each on a connection of its own. */
  readonly asks: readonly Ask[];
  /** What only several answers show together: different versions, an answer that depends on the origin. Null stands for one that never came. */
  readonly together?: (answers: readonly (Answer | null)[]) => readonly Judgement[];
  /** Values for later checks of the service, of the last answer of each ask; absent where the answer does not have them. */
  readonly capture?: (answers: readonly (Answer | null)[]) => Readonly<Record<string, string>>;
}

export interface Ask {
  readonly question: Question;
  /**
   * Of an answer without trouble; trouble is judged once for all checks, in judge.ts. At least one judgement, the worst counts.
   * No operand is coerced: what is absent or of another type has not the expected value.
   */
  readonly judge: (answer: Answer) => readonly Judgement[];
  /** The trouble is what was expected, or means something of its own here: null leaves it to the rule for all checks. */
  readonly judgeTrouble?: (answer: Answer) => readonly Judgement[] | null;
}

export interface Judgement {
  readonly verdict: Extract<Verdict, 'pass' | 'warn' | 'fail' | 'unknown'>;
  /** Absent only with `pass`. */
  readonly code?: FindingCode;
  readonly reason: string;
  readonly expected?: Json;
  readonly observed?: Json;
}

/** Why a check could not even be asked: a variable is not set, nobody said which version is expected. Its verdict is unknown. */
export interface Unaskable {
  readonly code: FindingCode;
  readonly reason: string;
}
