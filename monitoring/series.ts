/** So much for so many minutes. */
export type Phase = readonly [perMinute: number, minutes: number];

/** A counter that starts at 0 and rises, in promtool's notation; one value a minute. */
export function counter(...phases: readonly Phase[]): string {
  let value = 0;
  const parts = phases.map(([perMinute, minutes], index) => {
    const isFirst = index === 0;
    const start = isFirst ? value : value + perMinute;
    value += perMinute * minutes;
    return `${start}+${perMinute}x${isFirst ? minutes : minutes - 1}`;
  });
  return parts.join(' ');
}

/** A gauge with these values, each for so many minutes; one value a minute. */
export const gauge = (...phases: readonly (readonly [value: number, minutes: number])[]): string =>
  phases.map(([value, minutes]) => `${value}x${minutes - 1}`).join(' ');

/** Series of a service that answers `ok` requests and fails `failed` ones a minute, on one route of one instance. */
export const requests = (ok: readonly Phase[], failed: readonly Phase[]): Record<string, string> => ({
  'http_requests_total{job="brownie-api",instance="a:8080",method="GET",endpoint="/api/v1/users/:user_id",status="200"}':
    counter(...ok),
  'http_requests_total{job="brownie-api",instance="a:8080",method="GET",endpoint="/api/v1/users/:user_id",status="500"}':
    counter(...failed),
});

/**
 * A histogram on one route of one instance: requests a minute by the bucket that they fall into, its upper edge. All buckets
 * have the same phases.
 */
export function histogram(
  metric: string,
  buckets: Readonly<Record<string, readonly Phase[]>>,
  labels = 'job="brownie-api",instance="a:8080",method="GET",endpoint="/api/v1/users/:user_id"',
): Record<string, string> {
  // @NOTE an object's keys that look like whole numbers come first, whatever order they are written in.
  const edges = Object.entries(buckets).toSorted(([a], [b]) => Number(a) - Number(b));
  const cumulative = (last: number): Phase[] =>
    (edges[0]?.[1] ?? []).map(([, minutes], phase) => {
      const upTo = edges.slice(0, last + 1);
      return [upTo.reduce((sum, [, phases]) => sum + (phases[phase]?.[0] ?? 0), 0), minutes];
    });
  const all = counter(...cumulative(edges.length - 1));
  return {
    ...Object.fromEntries(
      edges.map(([edge], index) => [
        `${metric}_bucket{${labels},le="${edge}"}`,
        counter(...cumulative(index)),
      ]),
    ),
    [`${metric}_bucket{${labels},le="+Inf"}`]: all,
    [`${metric}_count{${labels}}`]: all,
  };
}
