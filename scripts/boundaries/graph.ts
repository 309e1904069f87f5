/** Which nodes a node points to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

export function graphOf(arrows: Iterable<readonly [string, string]>): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of arrows) {
    if (from !== to) {
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  return graph;
}

export const arrowsOf = (graph: Graph): readonly (readonly [string, string])[] =>
  [...graph].flatMap(([from, tos]) => [...tos].map((to) => [from, to] as const));

/** All that can be reached from a node, itself included. */
export function reachable(graph: Graph, start: string): ReadonlySet<string> {
  const found = new Set([start]);
  for (const node of found) {
    for (const next of graph.get(node) ?? []) {
      found.add(next);
    }
  }
  return found;
}

/** The sets of nodes that reach each other: each a circle, or several that share a node. */
export function circlesOf(graph: Graph): readonly (readonly string[])[] {
  const reach = new Map([...graph.keys()].map((node) => [node, reachable(graph, node)]));
  const circles = new Map<string, readonly string[]>();
  for (const [node, nodes] of reach) {
    const mutual = [...nodes].filter((other) => reach.get(other)?.has(node)).sort();
    if (mutual.length > 1) {
      circles.set(mutual.join(' '), mutual);
    }
  }
  return [...circles.values()];
}

/** How far above the ground a node stands: one above the highest that it points to. Of a graph without circles. */
export function floorOf(graph: Graph, node: string): number {
  return 1 + Math.max(0, ...[...(graph.get(node) ?? [])].map((next) => floorOf(graph, next)));
}
