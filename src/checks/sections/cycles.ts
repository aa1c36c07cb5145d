// What waits for itself, by way of others.

export interface Cycle {
  /** First and last are the same. */
  readonly names: readonly string[];
}

/** By name, what each needs. A cycle is told once, and names that lead nowhere lead to none. */
export function cyclesOf(needs: ReadonlyMap<string, readonly string[]>): readonly Cycle[] {
  const cycles: Cycle[] = [];
  const done = new Set<string>();
  for (const start of needs.keys()) {
    const trail: { readonly name: string; readonly left: string[] }[] = [];
    const places = new Map<string, number>();
    const enter = (name: string): void => {
      places.set(name, trail.length);
      trail.push({ name, left: [...(needs.get(name) ?? [])] });
    };
    const leave = (name: string): void => {
      trail.pop();
      places.delete(name);
      done.add(name);
    };
    if (!done.has(start)) enter(start);
    // A chain of thousands is no deeper than this.
    for (let last = trail.at(-1); last !== undefined; last = trail.at(-1)) {
      const next = last.left.shift();
      const began = next === undefined ? undefined : places.get(next);
      if (next === undefined) leave(last.name);
      else if (began !== undefined) cycles.push({ names: [...trail.slice(began).map(({ name }) => name), next] });
      else if (!done.has(next)) enter(next);
    }
  }
  return cycles;
}

/** All that a name needs, directly or by way of others. */
export function reachOf(start: string, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...(needs.get(start) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(needs.get(name) ?? []));
  }
  return reached;
}
