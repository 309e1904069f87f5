/** A position in PostgreSQL's write-ahead log: in bytes, so that positions compare as numbers. */
export type Lsn = bigint;

/** Reads `16/B374D848` (PostgreSQL manual, 8.20 "pg_lsn"); undefined where it is none. */
export function parseLsn(text: string): Lsn | undefined {
  const [, high, low] = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(text) ?? [];
  return high === undefined || low === undefined
    ? undefined
    : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** As PostgreSQL writes it. */
export const formatLsn = (lsn: Lsn): string =>
  `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
