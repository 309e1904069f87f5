import { mediaQuality } from '../system/quality-values.ts';

/** A scrape: what is told, and in which of the forms that Prometheus reads. */
export interface Exposition {
  readonly type: string;
  readonly text: string;
}

const openMetrics = 'application/openmetrics-text';
const openMetricsType = `${openMetrics}; version=1.0.0; charset=utf-8`;

/** Whether a client would rather have OpenMetrics than the text format: only one that names it. */
export const prefersOpenMetrics = (accept = ''): boolean =>
  accept.toLowerCase().includes(openMetrics) &&
  mediaQuality(accept, openMetrics) > 0 &&
  mediaQuality(accept, openMetrics) >= mediaQuality(accept, 'text/plain');

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
