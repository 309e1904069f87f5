/** A scrape: what is told, and in which of the forms that Prometheus reads. */
export interface Exposition {
  readonly type: string;
  readonly text: string;
}

const openMetrics = 'application/openmetrics-text';
const openMetricsType = `${openMetrics}; version=1.0.0; charset=utf-8`;

/** How much an Accept header likes a media type, from 0 to 1 (RFC 9110, 12.5.1); parameters but `q` are passed over. */
function quality(accept: string, type: string): number {
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const [, q = '1'] = /^q=([\d.]+)$/.exec(parameters.find((each) => each.startsWith('q=')) ?? '') ?? [];
    return { name, q: Number(q) };
  });
  const [group = ''] = type.split('/');
  for (const wanted of [type, `${group}/*`, '*/*']) {
    const found = ranges.filter(({ name }) => name === wanted);
    if (found.length > 0) {
      return Math.max(...found.map(({ q }) => q));
    }
  }
  return 0;
}

/** Whether a client would rather have OpenMetrics than the text format: only one that names it. */
export const prefersOpenMetrics = (accept = ''): boolean =>
  accept.toLowerCase().includes(openMetrics) &&
  quality(accept, openMetrics) > 0 &&
  quality(accept, openMetrics) >= quality(accept, 'text/plain');

/**
 * The text format 0.0.4 as OpenMetrics 1.0, with the same series; `exemplarOf` tells what stands behind a line.
 *
 * @NOTE not by prom-client's own registry of that form: it renames the counters for good, and the text format after it lacks their
 * `_total`.
 */
export function toOpenMetrics(text: string, exemplarOf: (line: string) => string | undefined): Exposition {
  const lines = text.split('\n').flatMap((line) => {
    if (line === '') {
      return [];
    }
    if (line.startsWith('#')) {
      const described = line.replace(/^# (HELP|TYPE) (\w+)_total /, '# $1 $2 ');
      return [described.startsWith('# HELP') ? described.replaceAll('"', '\\"') : described];
    }
    const exemplar = exemplarOf(line);
    return [exemplar === undefined ? line : `${line} # ${exemplar}`];
  });
  return { type: openMetricsType, text: `${lines.join('\n')}\n# EOF\n` };
}
