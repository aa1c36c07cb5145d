// Personalised PageRank (Page, Brin, Motwani, Winograd 1999) over a weighted graph in compressed rows.

export interface Graph {
  readonly size: number;
  /** Edges of node n: `to[rows[n]]` up to `to[rows[n + 1]]`, with their weights. */
  readonly rows: Uint32Array;
  readonly to: Uint32Array;
  readonly weights: Float64Array;
}

const DAMPING = 0.85;
const MAX_ITERATIONS = 60;
const TOLERANCE = 1e-9;

/** From lists of edges, in the order given. */
export function toGraph(edges: readonly ReadonlyMap<number, number>[]): Graph {
  const rows = new Uint32Array(edges.length + 1);
  edges.forEach((row, node) => {
    rows[node + 1] = rows[node]! + row.size;
  });
  const to = new Uint32Array(rows[edges.length]!);
  const weights = new Float64Array(to.length);
  edges.forEach((row, node) => {
    let at = rows[node]!;
    for (const [target, weight] of row) {
      to[at] = target;
      weights[at] = weight;
      at += 1;
    }
  });
  return { size: edges.length, rows, to, weights };
}

/** Ranks that sum to 1. `start` says where a walk begins (any non-negative numbers, not all 0). */
export function pageRank(graph: Graph, start: Float64Array): Float64Array {
  const total = start.reduce((sum, value) => sum + value, 0);
  const origin = start.map((value) => value / total);
  let ranks: Float64Array = origin.slice();
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const next = step(graph, ranks, origin);
    const change = next.reduce((sum, value, node) => sum + Math.abs(value - ranks[node]!), 0);
    ranks = next;
    if (change < TOLERANCE) break;
  }
  return ranks;
}

/** A walk that has nowhere to go, or tires, begins again. */
function step(graph: Graph, ranks: Float64Array, origin: Float64Array): Float64Array {
  const next = new Float64Array(graph.size);
  let resting = 0;
  for (let node = 0; node < graph.size; node += 1) {
    let out = 0;
    for (let at = graph.rows[node]!; at < graph.rows[node + 1]!; at += 1) out += graph.weights[at]!;
    if (out === 0) {
      resting += ranks[node]!;
      continue;
    }
    const share = (DAMPING * ranks[node]!) / out;
    for (let at = graph.rows[node]!; at < graph.rows[node + 1]!; at += 1) next[graph.to[at]!]! += share * graph.weights[at]!;
  }
  const again = 1 - DAMPING + DAMPING * resting;
  for (let node = 0; node < graph.size; node += 1) next[node]! += again * origin[node]!;
  return next;
}
