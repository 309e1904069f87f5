/** What `/metrics` showed at one moment. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus' text format; lines that are none of it are left out. */
export const samplesOf = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((each) => {
    const [, name, labels = '', value = ''] = line.exec(each) ?? [];
    return name === undefined
      ? []
      : [
          {
            name,
            labels: Object.fromEntries(
              [...labels.matchAll(label)].map(([, key = '', text = '']) => [key, text]),
            ),
            value: Number(value.replace('Inf', 'Infinity')),
          },
        ];
  });

/** The sum of the samples of a name whose labels are as wanted; undefined where there is none. */
export function total(
  samples: readonly Sample[],
  name: string,
  isWanted: (labels: Sample['labels']) => boolean = () => true,
): number | undefined {
  const found = samples.filter((sample) => sample.name === name && isWanted(sample.labels));
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

/**
 * A quantile of a histogram, as Prometheus' `histogram_quantile` has it: straight between the edges of a bucket; undefined
 * where nothing was counted.
 */
export function quantile(
  samples: readonly Sample[],
  name: string,
  share: number,
  isWanted: (labels: Sample['labels']) => boolean = () => true,
): number | undefined {
  const edges = new Map<number, number>();
  for (const { labels, value } of samples.filter(
    (sample) => sample.name === `${name}_bucket` && isWanted(sample.labels),
  )) {
    const edge = Number((labels['le'] ?? '').replace('+Inf', 'Infinity'));
    edges.set(edge, (edges.get(edge) ?? 0) + value);
  }
  const buckets = [...edges].toSorted(([a], [b]) => a - b);
  const rank = share * (buckets.at(-1)?.[1] ?? 0);
  let [below, counted] = [0, 0];
  for (const [edge, count] of buckets) {
    if (count >= rank && count > 0) {
      return edge === Number.POSITIVE_INFINITY
        ? below
        : below + (edge - below) * ((rank - counted) / (count - counted));
    }
    [below, counted] = [edge, count];
  }
  return undefined;
}
