import { qualityValues } from '../system/quality-values.ts';

/** How a reply's content is coded, where it is. */
export type Encoding = 'br' | 'gzip';

/** The best coding of those we have that Accept-Encoding takes (RFC 9110, 12.5.3); undefined for content as it is. */
export function acceptedEncoding(header = ''): Encoding | undefined {
  const weights = qualityValues(header);
  const weightOf = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const [best] = (['br', 'gzip'] as const).toSorted((one, other) => weightOf(other) - weightOf(one));
  return best !== undefined && weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0)
    ? best
    : undefined;
}
