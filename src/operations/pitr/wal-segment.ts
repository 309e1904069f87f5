/** The timeline in the name of a segment of the write-ahead log, `000000010000000000000002`, as it stands there. */
export const timelineOf = (segment: string): string => segment.slice(0, 8);

/** Segments count through all of the log, whatever the timeline. */
export const numberOf = (segment: string, segmentMegabytes: number): number =>
  Number.parseInt(segment.slice(8, 16), 16) * (4096 / segmentMegabytes) +
  Number.parseInt(segment.slice(16), 16);

/** The place in the log where a segment begins, or one so many further on. */
export function firstPlaceOf(segment: string, segmentMegabytes: number, further = 0): string {
  const bytes = BigInt(numberOf(segment, segmentMegabytes) + further) * BigInt(segmentMegabytes * 1024 ** 2);
  return [bytes >> 32n, bytes & 0xffffffffn].map((each) => each.toString(16).toUpperCase()).join('/');
}

/** The number of the segment that a place in the log, `0/7000148`, is in; one at its very beginning is the end of the one before. */
export function numberAt(lsn: string, segmentMegabytes: number): number {
  const [high = '', low = ''] = lsn.split('/');
  const bytes = (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) - 1n;
  return Number(bytes / BigInt(segmentMegabytes * 1024 ** 2));
}
