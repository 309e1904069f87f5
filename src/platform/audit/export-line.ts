import { createHash } from 'node:crypto';

/** A link of a chain with its entry, as the database writes both. */
export interface ExportedLink {
  /** From 1, without a gap. */
  readonly seq: number;
  /** In hexadecimal digits: of the link before, 64 zeros before the first. */
  readonly previous: string;
  readonly hash: string;
  /** RFC 3339, UTC; null for an entry that was there before the chain. */
  readonly recorded_at: string | null;
  /** JSON, to the byte as it was hashed. */
  readonly entry: string;
}

/** @NOTE in this order and without a space: whoever verifies takes the entry from the line as it stands. */
export const exportLine = ({ seq, previous, hash, recorded_at, entry }: ExportedLink): string =>
  `{"seq":${seq},"previous":"${previous}","hash":"${hash}","recorded_at":${JSON.stringify(recorded_at)},"entry":${entry}}\n`;

const form =
  /^\{"seq":(\d{1,16}),"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","recorded_at":(?:null|"([0-9TZ:.-]+)"),"entry":(\{.*\})\}$/s;

/** What a line of an export says; undefined where it is none. */
export function readExportLine(line: string): ExportedLink | undefined {
  const [, seq = '', previous = '', hash = '', recordedAt = null, entry = ''] = form.exec(line) ?? [];
  return seq === '' ? undefined : { seq: Number(seq), previous, hash, recorded_at: recordedAt, entry };
}

/** SHA-256 of four lines, as `audit_hash` has it in the database. */
export const hashOf = ({ seq, previous, recorded_at, entry }: Omit<ExportedLink, 'hash'>): string =>
  createHash('sha256')
    .update([previous, seq, recorded_at ?? '', entry].join('\n'))
    .digest('hex');
