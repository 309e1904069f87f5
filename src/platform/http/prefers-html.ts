/** How much an Accept header asks for a media type (RFC 9110, 12.5.1), 0 to 1: the most specific range that fits counts. */
function qualityOf(accept: string, type: string): number {
  const [group] = type.split('/');
  const ranges = [type, `${group}/*`, '*/*'];
  const qualities = new Map<string, number>();
  for (const item of accept.toLowerCase().split(',')) {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    qualities.set(range, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0);
  }
  const fitting = ranges.find((range) => qualities.has(range));
  return fitting === undefined ? 0 : (qualities.get(fitting) ?? 0);
}

/** True where a page is liked better than JSON: a browser that follows a link. Programs ask for JSON, for anything or for nothing. */
export const prefersHtml = (accept: string | undefined): boolean =>
  accept !== undefined && qualityOf(accept, 'text/html') > qualityOf(accept, 'application/json');
