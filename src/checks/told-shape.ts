// Shapes that say what is wrong in words of their own, because a type and a pattern cannot.
import type { JsonObject } from '../outcome.ts';
import type { Shape } from '../shape.ts';

/** `problemOf` gives null for what is right. The schema is for editors, and may take more than that. */
export function toldShape<Value>(schema: JsonObject, problemOf: (value: unknown) => string | null): Shape<Value> {
  const accepts = (value: unknown): value is Value => problemOf(value) === null;
  return {
    schema,
    accepts,
    check: (value, pointer, flaws): value is Value => {
      if (accepts(value)) return true;
      flaws.push({ pointer, message: problemOf(value) ?? '' });
      return false;
    },
  };
}

/** A shape whose parts can be right while they contradict each other; null where they do not. */
export function consistent<Value>(inner: Shape<Value>, contradictionOf: (value: Value) => string | null): Shape<Value> {
  return {
    schema: inner.schema,
    accepts: (value): value is Value => inner.accepts(value) && contradictionOf(value) === null,
    check: (value, pointer, flaws): value is Value => {
      if (!inner.check(value, pointer, flaws)) return false;
      const message = contradictionOf(value);
      if (message !== null) flaws.push({ pointer, message });
      return message === null;
    },
  };
}
