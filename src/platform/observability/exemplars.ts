/** The labels of a series of a histogram of requests. */
interface RequestSeries {
  readonly method: string;
  readonly endpoint: string;
}

/** For each bucket of the duration of requests, the last traced request that fell into it (OpenMetrics 1.0, "Exemplars"). */
export class Exemplars {
  readonly #metric: string;
  readonly #buckets: readonly number[];
  readonly #texts = new Map<string, string>();

  /** @param buckets upper edges, in ascending order */
  constructor(metric: string, buckets: readonly number[]) {
    this.#metric = metric;
    this.#buckets = buckets;
  }

  observe({ method, endpoint }: RequestSeries, seconds: number, traceId: string): void {
    const edge = this.#buckets.find((each) => seconds <= each) ?? '+Inf';
    const at = (Date.now() / 1_000).toFixed(3);
    this.#texts.set(keyOf(method, endpoint, String(edge)), `{trace_id="${traceId}"} ${seconds} ${at}`);
  }

  /** What stands behind a line of a scrape, where it is a bucket that has one. */
  of(line: string): string | undefined {
    if (this.#texts.size === 0 || !line.startsWith(`${this.#metric}_bucket{`)) {
      return undefined;
    }
    const labels = new Map([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    return this.#texts.get(keyOf(labels.get('method'), labels.get('endpoint'), labels.get('le')));
  }
}

const keyOf = (...labels: readonly (string | undefined)[]): string => labels.join(' ');
