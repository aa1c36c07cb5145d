// One run's way of asking: through the probe, a few at a time, and with everything that was answered remembered for the control rule.
import type { Answer, HttpQuestion, Question } from '../../answer.ts';
import type { Ask } from '../../checks/inquiry.ts';
import { mayRetry } from '../../checks/retry.ts';
import type { Defaults } from '../../checks/service.ts';
import type { Context } from '../../context.ts';
import { createControl, hostOf, type Control } from './control.ts';
import { createSlots, type SlotLimits } from './slots.ts';

export type Asking = Pick<Context, 'probe' | 'clock' | 'machine' | 'log' | 'signal'>;

export interface Session {
  readonly context: Asking;
  readonly control: Control;
  /** One exchange, when its turn has come. */
  ask(question: Question): Promise<Answer>;
  /** The same in a lane of its own, beside all others: its measurements must not wait behind theirs. */
  lane(limits: SlotLimits): (question: Question) => Promise<Answer>;
}

export interface SessionRequest {
  readonly concurrency: number;
  /** URLs. */
  readonly control: readonly string[];
  readonly defaults: Defaults;
}

/** So many at once with one host; more of them measure how the server queues. */
const PER_HOST = 4;

export function createSession(context: Asking, { concurrency, control: urls, defaults }: SessionRequest): Session {
  const lane = (limits: SlotLimits): Session['ask'] => {
    const slots = createSlots(limits);
    return async (question) => {
      const answer = await slots.run(hostOf(question), async () => await context.probe.ask(question, context.signal));
      control.note(question, answer);
      return answer;
    };
  };
  const questions = urls.map((url) => toControlQuestion(url, defaults));
  const control = createControl({ questions, ask: async (question) => await context.probe.ask(question, context.signal) });
  return { context, control, lane, ask: lane({ total: concurrency, perHost: PER_HOST }) };
}

/** Adds every attempt to the list as it comes: a run that is stopped keeps what it has. */
export async function askWithRetries(
  session: Pick<Session, 'context' | 'ask'>,
  { ask, retries, attempts }: { readonly ask: Ask; readonly retries: Defaults['retries']; readonly attempts: Answer[] },
): Promise<void> {
  const { clock, machine, signal } = session.context;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await session.ask(ask.question);
    attempts.push(answer);
    const pause = mayRetry({ ask, answer, attempt, retries });
    if (pause === null) return;
    await clock.sleep(draw(machine, pause), signal);
  }
}

/** Each with equal chance: many who failed together do not come back together. */
function draw(machine: Context['machine'], [fromMs, toMs]: readonly [number, number]): number {
  const [high = 0, low = 0] = machine.randomBytes(2);
  return Math.round(fromMs + ((toMs - fromMs) * (high * 256 + low)) / 65_535);
}

function toControlQuestion(url: string, defaults: Defaults): HttpQuestion {
  const { timeoutMs, connectTimeoutMs, family, maxBodyBytes, userAgent } = defaults;
  const headers = { 'user-agent': userAgent };
  return { kind: 'http', method: 'GET', url, headers, body: null, ca: null, timeoutMs, connectTimeoutMs, family, maxBodyBytes };
}
