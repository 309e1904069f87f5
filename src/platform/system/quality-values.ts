/**
 * How much a header such as Accept or Accept-Encoding asks for each of its items (RFC 9110, 12.4.2): 0 to 1, by the item's name in lower
 * case, without its other parameters; the most where it stands there more than once. A weight that is none counts as 0.
 */
export function qualityValues(header: string): ReadonlyMap<string, number> {
  const qualities = new Map<string, number>();
  for (const item of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    const quality = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
    qualities.set(name, Math.max(quality, qualities.get(name) ?? 0));
  }
  return qualities;
}

/** How much an Accept header asks for a media type (RFC 9110, 12.5.1), 0 to 1: the most specific range that fits counts. */
export function mediaQuality(accept: string, type: string): number {
  const qualities = qualityValues(accept);
  const ranges = [type, `${type.split('/')[0]}/*`, '*/*'];
  return ranges.map((range) => qualities.get(range)).find((quality) => quality !== undefined) ?? 0;
}
