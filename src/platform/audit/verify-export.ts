import { type Checkpoint, type CheckpointKind, isSigned } from './checkpoint.ts';
import { hashOf, keyOfErasure, readExportLine } from './export-line.ts';

/** What was found of an exported chain. */
export interface ExportVerdict {
  /** Null where nothing is wrong; else what, in words. */
  readonly fault: string | null;
  /** The place where it shows; null where it is none. */
  readonly firstBadSeq: number | null;
  /** The first place that the export has, and the last; 0 where it has none. */
  readonly from: number;
  readonly to: number;
  /** Entries behind the checkpoint, which it does not vouch for. */
  readonly beyond: number;
  /** How many entries something was erased from, and the keys that vouch for what is left of them. */
  readonly erased: { readonly entries: number; readonly keyIds: readonly string[] };
}

/**
 * Compares the lines of an export with their hashes and with a checkpoint, without a database. Reads them one by one.
 * @param keyId the thumbprint of the key that must have signed; any by default
 * @param pruning the checkpoint up to which entries were removed: the export must begin right behind it
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  checkpoint: Checkpoint | undefined,
  keyId?: string,
  pruning?: Checkpoint,
): Promise<ExportVerdict> {
  let from = 0;
  let to = 0;
  let last: string | undefined;
  const vouching: string[] = [];
  const verdict = (fault: string | null, firstBadSeq: number | null = null): ExportVerdict => ({
    fault,
    firstBadSeq,
    from,
    to,
    beyond: checkpoint === undefined ? 0 : Math.max(0, to - checkpoint.seq),
    erased: { entries: vouching.length, keyIds: [...new Set(vouching)] },
  });
  const unsigned =
    (checkpoint && faultOfSignature('checkpoint', checkpoint, keyId)) ??
    (pruning && faultOfSignature('pruning', pruning, undefined));
  if (unsigned !== undefined) {
    return verdict(unsigned);
  }
  let isReached = checkpoint?.seq === 0;
  for await (const line of lines) {
    const place = last === undefined ? pruning && pruning.seq + 1 : to + 1;
    const link = readExportLine(line);
    if (link === undefined) {
      return verdict('a line is not one of an export', place ?? null);
    }
    const before = last ?? pruning?.hash;
    if (before !== undefined && (link.seq !== place || link.previous !== before)) {
      return verdict(
        last === undefined
          ? 'it does not begin where entries were removed up to'
          : 'it does not follow the entry before it',
        place ?? null,
      );
    }
    if (hashOf(link) !== link.hash) {
      const voucher = keyOfErasure(link);
      if (voucher === undefined) {
        return verdict('the entry is not the one that was sealed', link.seq);
      }
      vouching.push(voucher);
    }
    if (link.seq === checkpoint?.seq) {
      isReached = true;
      if (link.hash !== checkpoint.hash) {
        return verdict('the chain is not the one that the checkpoint was signed for', link.seq);
      }
    }
    from ||= link.seq;
    to = link.seq;
    last = link.hash;
  }
  if (checkpoint !== undefined && !isReached) {
    return to < checkpoint.seq
      ? verdict(`it ends before the checkpoint, which is at ${checkpoint.seq}`, to + 1)
      : verdict(`it begins behind the checkpoint, which is at ${checkpoint.seq}`);
  }
  return verdict(null);
}

function faultOfSignature(
  kind: CheckpointKind,
  checkpoint: Checkpoint,
  keyId: string | undefined,
): string | undefined {
  if (!isSigned(checkpoint, kind)) {
    return kind === 'checkpoint'
      ? 'the checkpoint is not signed by the key that it names'
      : 'what says up to where entries were removed is not signed as that by the key that it names';
  }
  return keyId === undefined || keyId === checkpoint.key_id
    ? undefined
    : `the checkpoint is signed by ${checkpoint.key_id}, another key than the one that was named`;
}
