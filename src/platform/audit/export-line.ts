import { createHash } from 'node:crypto';
import { isSigned } from './checkpoint.ts';
import { type Erasure, entryHash } from './erasure.ts';

/** A link of a chain with its entry, as the database writes both. */
export interface ExportedLink {
  /** From 1, without a gap. */
  readonly seq: number;
  /** In hexadecimal digits: of the link before, 64 zeros before the first. */
  readonly previous: string;
  readonly hash: string;
  /** RFC 3339, UTC; null for an entry that was there before the chain. */
  readonly recorded_at: string | null;
  /** Of an entry from which something was erased; JSON, see `Erasure`. */
  readonly erasure: string | null;
  /** JSON, to the byte as it was hashed, or as it is since something was erased from it. */
  readonly entry: string;
}

/** @NOTE in this order and without a space: whoever verifies takes the entry from the line as it stands. */
export const exportLine = ({ seq, previous, hash, recorded_at, erasure, entry }: ExportedLink): string =>
  `{"seq":${seq},"previous":"${previous}","hash":"${hash}","recorded_at":${JSON.stringify(recorded_at)},${erasure === null ? '' : `"erasure":${erasure},`}"entry":${entry}}\n`;

const form =
  /^\{"seq":(\d{1,16}),"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","recorded_at":(?:null|"([0-9TZ:.-]+)"),(?:"erasure":(\{[^{}]*\}),)?"entry":(\{.*\})\}$/s;

/** What a line of an export says; undefined where it is none. */
export function readExportLine(line: string): ExportedLink | undefined {
  const [, seq = '', previous = '', hash = '', recordedAt = null, erasure = null, entry = ''] =
    form.exec(line) ?? [];
  return seq === ''
    ? undefined
    : { seq: Number(seq), previous, hash, recorded_at: recordedAt, erasure, entry };
}

/** SHA-256 of four lines, as `audit_hash` has it in the database. */
export const hashOf = ({
  seq,
  previous,
  recorded_at,
  entry,
}: Omit<ExportedLink, 'hash' | 'erasure'>): string =>
  createHash('sha256')
    .update([previous, seq, recorded_at ?? '', entry].join('\n'))
    .digest('hex');

/** The key that vouches for what is left of an entry from which something was erased; undefined where none does. */
export function keyOfErasure({ seq, hash, erasure, entry }: ExportedLink): string | undefined {
  const said = JSON.parse(erasure ?? 'null') as Erasure | null;
  const isOfEntry = said?.seq === seq && said.hash === hash && said.entry_hash === entryHash(entry);
  return isOfEntry && isSigned(said, 'erasure') ? said.key_id : undefined;
}
