// The law of the verdicts: who knows less is never surer that all is well.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '../../src/answer.ts';
import type { Ask, Inquiry, Judgement } from '../../src/checks/inquiry.ts';
import { capturesOf, isHealthy, judgePlace, judgePlan, type Answers, type Asked, type ControlHeld } from '../../src/checks/judge.ts';
import { keyOf, type Place, type Plan } from '../../src/checks/plan.ts';
import { planOf } from '../../src/checks/planning.ts';
import { foldService } from '../../src/checks/summary.ts';
import { foldVerdicts, resultOf, type Finding, type Verdict } from '../../src/outcome.ts';
import { extent } from '../extent.ts';
import { ask, FAIL, PASS, place, reply, trouble, UNKNOWN, WARN } from './answers.ts';
import { Dice } from './monotonicity/dice.ts';
import { randomAttempts, randomRequest } from './monotonicity/random-plans.ts';
import { takeAway, type Learnt } from './monotonicity/removals.ts';

const PLANS = extent(10_000, 300);
const REMOVALS = 2;

type Algebra = (plan: Plan, answers: Answers, isControlHeld: ControlHeld) => readonly Finding[];

suite('taking something away', () => {
  test('never makes a run or one of its services healthier, for random plans, answers and removals', async () => {
    const seen = { healthy: 0, warned: 0, lowered: 0 };
    await forRandomPlans(PLANS, async (seed) => {
      const steps = await lessAndLess(seed, judgePlan);
      assert.equal(firstRise(steps), null);
      const [first, last] = [steps[0]!, steps.at(-1)!];
      if (first.run === PASSED) seen.healthy += 1;
      if (first.run === WARNED) seen.warned += 1;
      if (last.run < first.run) seen.lowered += 1;
    });
    // What has never been healthy cannot lose its health.
    for (const [what, count] of Object.entries(seen)) assert.ok(count > PLANS / 20, `${what}: ${count} of ${PLANS}`);
  });

  const broken: Readonly<Record<string, Algebra>> = {
    'drops a place without an answer': (plan, answers, held) =>
      judgePlan({ places: plan.places.filter((each) => answers.has(keyOf(each))) }, answers, held),
    'forgets that a question was not answered': (plan, answers, held) =>
      judgePlan(
        plan,
        changeAttempts(answers, (all) => all.map(notEmpty)),
        held,
      ),
    'forgets an attempt of which nothing is known': (plan, answers, held) =>
      judgePlan(
        plan,
        changeAttempts(answers, (all) => all.map((attempts) => attempts.filter((each) => each !== null))),
        held,
      ),
    'takes unknown for a warning': (plan, answers, held) =>
      judgePlan(plan, answers, held).map((each) => (each.verdict === 'unknown' ? { ...each, verdict: 'warn' } : each)),
    'does not count what is blocked': (plan, answers, held) =>
      judgePlan(plan, answers, held).filter(({ verdict }) => verdict !== 'blocked' && verdict !== 'unknown'),
  };
  for (const [what, algebra] of Object.entries(broken)) {
    test(`makes a run healthier in an algebra that ${what}, and this test would see it`, async () => {
      let rises = 0;
      for (let seed = 0; seed < 2000 && rises === 0; seed += 1) if (firstRise(await lessAndLess(seed, algebra)) !== null) rises += 1;
      assert.equal(rises, 1);
    });
  }

  test('never makes a place healthier, whatever an inquiry thinks of its answers', () => {
    const judgements = fc.array(fc.constantFrom<Judgement>(PASS, PASS, WARN, UNKNOWN, FAIL), { maxLength: 3 });
    const attempt = fc.oneof(fc.record({ judgements, isTrouble: fc.constant(false) }), fc.record({ judgements, isTrouble: fc.boolean() }));
    const asks = fc.array(fc.array(attempt, { minLength: 1, maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(asks, judgements, fc.nat(), fc.nat(), fc.boolean(), (table, together, one, other, isHeld) => {
        const thoughts = new Map<Answer, readonly Judgement[]>();
        const attempts = table.map((row) =>
          row.map(({ judgements: thought, isTrouble }) => {
            const given = isTrouble ? trouble('NET_RESET') : reply({});
            thoughts.set(given, thought);
            return given;
          }),
        );
        const asking: Ask = ask((given) => thoughts.get(given)!);
        const inquiry: Inquiry = { asks: attempts.map(() => asking), together: () => together };
        const judge = (given: readonly (readonly (Answer | null)[])[]): number =>
          healthOf(judgePlace(place(), { kind: 'asked', inquiry, attempts: given }, () => isHeld).verdict);
        const whole = judge(attempts);
        if (attempts.length === 0) return;
        const index = one % attempts.length;
        const row = attempts[index]!;
        assert.ok(judge(attempts.with(index, [])) <= whole);
        assert.ok(judge(attempts.slice(0, -1)) <= whole);
        assert.ok(judge(attempts.with(index, row.with(other % row.length, null as unknown as Answer))) <= whole);
      }),
      { numRuns: PLANS },
    );
  });
});

const PASSED = 2;
const WARNED = 1;

function healthOf(verdict: Verdict): number {
  if (verdict === 'pass') return PASSED;
  return verdict === 'warn' || verdict === 'flaky' ? WARNED : 0;
}

interface Step {
  readonly run: number;
  /** By id. */
  readonly services: ReadonlyMap<string, number>;
}

async function forRandomPlans(count: number, check: (seed: number) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 32 - 1 }), check), { numRuns: count, endOnFailure: true });
}

/** One plan, with ever fewer answers. */
async function lessAndLess(seed: number, algebra: Algebra): Promise<readonly Step[]> {
  const dice = new Dice(seed);
  const plan = planOf(randomRequest(dice));
  const luck = dice.pick([1, 1, 0.98, 0.95, 0.8]);
  const learnt = new Map<string, readonly (readonly Answer[])[]>();
  const asked = await run(plan, (key, inquiry) => {
    const attempts = inquiry.asks.map((each) => randomAttempts(dice, each, luck));
    learnt.set(key, attempts);
    return attempts;
  });
  const steps = [toStep(algebra(plan, asked, controlOf(asked)))];
  let rest: Learnt | null = learnt;
  for (let count = 0; count < REMOVALS && rest !== null; count += 1) {
    rest = takeAway(dice, rest);
    if (rest === null) break;
    const known = rest;
    const less = await run(plan, (key) => known.get(key) ?? null);
    steps.push(toStep(algebra(plan, less, controlOf(less))));
  }
  return steps;
}

function toStep(findings: readonly Finding[]): Step {
  const result = resultOf(findings);
  const services = Map.groupBy(findings, ({ target }) => target);
  return {
    run: result === 'PASSED' ? PASSED : result === 'WARNED' ? WARNED : 0,
    services: new Map([...services].map(([id, own]) => [id, healthOf(foldService(own).verdict)])),
  };
}

function firstRise(steps: readonly Step[]): string | null {
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (before === undefined) continue;
    if (step.run > before.run) return `the run rose in step ${index}`;
    for (const [id, health] of step.services) if (health > (before.services.get(id) ?? 0)) return `${id} rose in step ${index}`;
  }
  return null;
}

type Source = (key: string, inquiry: Inquiry) => readonly (readonly (Answer | null)[])[] | null;

/** As a run goes: what needs something unhealthy is blocked, and what was captured before is filled in. */
async function run(plan: Plan, source: Source): Promise<Map<string, Asked>> {
  const places = new Map(plan.places.map((each) => [keyOf(each), each]));
  const asked = new Map<string, Asked>();
  const verdicts = new Map<string, Verdict>();
  const reach = async (key: string, current: Place): Promise<void> => {
    if (verdicts.has(key)) return;
    for (const need of current.needs) if (places.has(need)) await reach(need, places.get(need)!);
    const lack = current.needs.find((need) => places.has(need) && !isHealthy(verdicts.get(need)!));
    const outcome = lack === undefined ? await askPlace(key, current) : ({ kind: 'blocked', by: lack } as const);
    if (outcome !== null) asked.set(key, outcome);
    verdicts.set(key, judgePlace(current, outcome ?? undefined, () => true).verdict);
  };
  const askPlace = async (key: string, current: Place): Promise<Asked | null> => {
    if (current.skip !== null) return null;
    const captured = Object.assign({}, ...current.needs.map((need) => (asked.has(need) ? capturesOf(asked.get(need)!) : {}))) as Record<
      string,
      string
    >;
    const inquiry = await current.inquire(captured);
    if (!('asks' in inquiry)) return { kind: 'unaskable', why: inquiry };
    const attempts = source(key, inquiry);
    return attempts === null ? null : { kind: 'asked', inquiry, attempts };
  };
  for (const [key, current] of places) await reach(key, current);
  return asked;
}

/** Held where any other place has an answer from somebody. */
function controlOf(answers: Answers): ControlHeld {
  const all = [...answers.values()].flatMap((each) => (each.kind === 'asked' ? each.attempts.flat() : [])).filter((each) => each !== null);
  return (answer) => all.some((other) => other !== answer && other.trouble === null);
}

function changeAttempts(answers: Answers, change: (attempts: Attempts) => Attempts): Answers {
  return new Map(
    [...answers].map(([key, asked]) => [key, asked.kind === 'asked' ? { ...asked, attempts: change(asked.attempts) } : asked]),
  );
}

type Attempts = Extract<Asked, { kind: 'asked' }>['attempts'];

/** As if it had been answered like nothing was wrong. */
function notEmpty(attempts: Attempts[number]): Attempts[number] {
  return attempts.length === 0 ? [reply({ status: 'ok' })] : attempts;
}

test('health is ordered as the results are', () => {
  const verdicts = ['pass', 'flaky', 'warn', 'blocked', 'unknown', 'fail'] as const;
  for (const one of verdicts)
    for (const other of verdicts) assert.ok(healthOf(foldVerdicts([one, other])) === Math.min(healthOf(one), healthOf(other)));
});
