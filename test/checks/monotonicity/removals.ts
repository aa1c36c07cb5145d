// Everything that can be taken away from what was learnt.
import type { Answer, HttpReply, Phases } from '../../../src/answer.ts';
import type { Json } from '../../../src/outcome.ts';
import type { Dice } from './dice.ts';

/** For each place, for each of its asks, the attempts. */
export type Learnt = ReadonlyMap<string, readonly (readonly (Answer | null)[])[]>;

/** Less by one thing; null where nothing is left that could be taken away. */
export function takeAway(dice: Dice, learnt: Learnt): Learnt | null {
  const keys = [...learnt.keys()];
  if (keys.length === 0) return null;
  const key = dice.pick(keys);
  const asks = learnt.get(key)!;
  const rest = new Map(learnt);
  if (asks.length === 0 || dice.isLucky(0.1)) rest.delete(key);
  else {
    const index = dice.below(asks.length);
    rest.set(key, asks.with(index, takeFromAsk(dice, asks[index]!, index)));
  }
  return rest;
}

/** All of an ask is a sample of the version as well. */
function takeFromAsk(dice: Dice, attempts: readonly (Answer | null)[], index: number): readonly (Answer | null)[] {
  if (attempts.length === 0 || dice.isLucky(0.1)) return [];
  if (dice.isLucky(0.1)) return attempts.slice(0, -1);
  const at = dice.below(attempts.length);
  const taken = attempts[at] ?? null;
  return attempts.with(at, taken === null || dice.isLucky(0.2) ? null : takeFromAnswer(dice, taken, index));
}

function takeFromAnswer(dice: Dice, answer: Answer, index: number): Answer {
  const { http, certificate, records, phases } = answer;
  const ways: readonly (() => Answer)[] = [
    () => ({ ...answer, http: null, certificate: null, records: null }),
    () => ({ ...answer, phases: takePhase(dice, phases) }),
    ...(certificate === null ? [] : [() => ({ ...answer, certificate: null })]),
    ...(records === null ? [] : [() => ({ ...answer, records: records.toSpliced(dice.below(records.length), 1) })]),
    ...(http === null
      ? []
      : [() => ({ ...answer, http: takeHeader(dice, http, index) }), () => ({ ...answer, http: takeField(dice, http) })]),
  ];
  return dice.pick([...ways, ways.at(-1)!, ways.at(-1)!])();
}

function takePhase(dice: Dice, phases: Phases): Phases {
  return { ...phases, [dice.pick(['dnsMs', 'connectMs', 'tlsMs', 'ttfbMs', 'bodyMs'])]: null };
}

/** An origin that must not be granted anything is right without the header that would: only the asks that want to be granted lose theirs. */
function takeHeader(dice: Dice, http: HttpReply, index: number): HttpReply {
  const names = Object.keys(http.headers).filter((name) => index < 2 || !name.startsWith('access-control-'));
  if (names.length === 0) return http;
  const gone = dice.pick(names);
  return { ...http, headers: Object.fromEntries(Object.entries(http.headers).filter(([name]) => name !== gone)) };
}

function takeField(dice: Dice, http: HttpReply): HttpReply {
  const text = new TextDecoder().decode(http.body);
  if (!text.startsWith('{')) return http;
  return { ...http, body: new TextEncoder().encode(JSON.stringify(withoutField(dice, JSON.parse(text) as Json))) };
}

function withoutField(dice: Dice, value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (entries.length === 0) return value;
  const [name, inner] = dice.pick(entries);
  const isDeeper = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && dice.isLucky(0.5);
  return Object.fromEntries(
    entries.flatMap(([key, each]) => (key !== name ? [[key, each]] : isDeeper ? [[key, withoutField(dice, each)]] : [])),
  );
}
