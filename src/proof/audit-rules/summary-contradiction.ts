import type { Json, JsonObject } from '../../outcome.ts';
import { isStatus, judgementOf } from '../audit/fields.ts';
import { plainName, type Fact } from '../audit/json-facts.ts';
import { isJsonObject, isList } from '../canonical.ts';
import { defineRule } from './rule.ts';

interface Found {
  readonly reason: string;
  readonly offset: number;
}

/** `"overall_health": "healthy"` beside a service that is dead. */
function* statuses(facts: readonly Fact[]): Generator<Found> {
  const judged = facts.filter(isStatus).map((fact) => ({ fact, judgement: judgementOf(fact.value) }));
  for (const { fact, judgement } of judged) {
    if (judgement !== 'good' || !isSummary(fact)) continue;
    const above = fact.keys.slice(0, -1);
    const bad = judged.find(
      (other) =>
        other.judgement === 'bad' &&
        other.fact.keys.length > fact.keys.length &&
        above.every((key, depth) => other.fact.keys[depth] === key),
    );
    if (bad !== undefined) yield { reason: `${fact.keys.join('.')} is good, ${bad.fact.keys.join('.')} is not`, offset: fact.offset };
  }
}

/** At the top, or called so: what stands deeper in a tree may speak for itself alone. */
function isSummary({ keys, name }: Fact): boolean {
  return keys.length <= 2 || /^(?:overall|all|total|summary|aggregate)/.test(name);
}

/** `total` that is not `passed + failed`, and a number of failures beside a list with more of them. */
function* counts(value: Json, facts: readonly Fact[]): Generator<Found> {
  for (const object of objectsIn(value)) {
    const number = (name: RegExp): number | null => {
      const found = Object.entries(object).find(([key, member]) => name.test(plainName(key)) && typeof member === 'number');
      return found === undefined ? null : Number(found[1]);
    };
    const total = number(/^(?:total|totaltests|totalchecks|count)$/);
    const passed = number(/^(?:pass|passed|passing|success|successes|succeeded|successful|healthy|ok)(?:count|tests|checks)?$/);
    const failed = number(/^(?:fail|failed|failing|failure|failures|errors|unhealthy|dead|down)(?:count|tests|checks)?$/);
    const others = number(/^(?:skip|skipped|pending|unknown|warn|warnings?|flaky|blocked|todo)(?:count|tests|checks)?$/) ?? 0;
    if (total !== null && passed !== null && failed !== null && (passed + failed > total || passed + failed + others < total))
      yield { reason: `the total is ${total}, but ${passed} and ${failed} make ${passed + failed}`, offset: 0 };
  }
  const bad = facts.filter((fact) => isStatus(fact) && fact.keys.length > 1 && judgementOf(fact.value) === 'bad').length;
  const claimed = facts.find(
    ({ name, value: member }) =>
      /^(?:fail|failed|failures|failing|failurecount|failedcount|unhealthy)$/.test(name) && typeof member === 'number',
  );
  if (claimed?.value === 0 && bad > 0) yield { reason: `${claimed.keys.join('.')} is 0, and ${bad} below are bad`, offset: claimed.offset };
}

function* objectsIn(value: Json): Generator<JsonObject> {
  if (isJsonObject(value)) yield value;
  const members = isList(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  for (const member of members) yield* objectsIn(member);
}

export default defineRule({
  id: 'summary-contradiction',
  level: 'fail',
  summary: 'Its summary says something else than what it sums up',
  mend: 'Compute the summary from the parts',
  *examine({ json, facts }) {
    if (json?.ok !== true) return;
    yield* statuses(facts);
    yield* counts(json.value, facts);
  },
});
