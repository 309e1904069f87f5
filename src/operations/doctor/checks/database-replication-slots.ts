import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

interface Slot {
  readonly name: string;
  readonly isRead: boolean;
  /** Bytes of WAL that cannot be removed because of it. */
  readonly held: number;
  /** `reserved`, `extended`, `unreserved`, `lost`. */
  readonly status: string | null;
  /** Whether max_slot_wal_keep_size bounds what it holds. */
  readonly isBounded: boolean;
}

const mib = 1024 ** 2;
/** Four segments: a standby that starts again lags by less. */
const heldMax = 64 * mib;
const heldCritical = 10 * 1024 * mib;

export const replicationSlots: Check = {
  id: 'database.replication-slots',
  runbook: 'docs/procedures/doctor.md',
  async look(context) {
    const session = await context.service();
    return judgeSlots(
      await session.rows<Slot>(
        `select slot_name::text as name, active as "isRead", wal_status as status,
                greatest(coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn()
                                                       else pg_current_wal_lsn() end, restart_lsn), 0), 0)::float8 as held,
                current_setting('max_slot_wal_keep_size') <> '-1' as "isBounded"
         from pg_replication_slots where not temporary order by 4 desc`,
      ),
    );
  },
};

/** A slot keeps WAL until its reader has it: whoever does not come back fills the disk, and PostgreSQL stops. */
export function judgeSlots(slots: readonly Slot[]): Verdict {
  const holding = slots.filter(
    ({ held, status }) => held > heldMax || status === 'unreserved' || status === 'lost',
  );
  if (holding.length === 0) {
    return ok(
      slots.length === 0 ? 'There is no replication slot' : `No replication slot holds back much WAL`,
    );
  }
  const amount = ({ held }: Slot): string => `${Math.round(held / mib)} MiB`;
  const complaint = {
    finding: `Replication slots hold WAL back: ${holding.map((slot) => `${slot.name} ${amount(slot)}`).join(', ')}`,
    evidence: holding.map(
      (slot) =>
        `${slot.name}: ${slot.isRead ? 'its reader is behind' : 'nobody reads it'}, ${amount(slot)}${slot.status === null ? '' : `, ${slot.status}`}`,
    ),
    remedy: `start or mend its reader (a standby, pg_receivewal); where it does not come back, as a superuser: ${holding.map(({ name }) => `select pg_drop_replication_slot('${name}')`).join('; ')}`,
  };
  return holding.some(({ held, isBounded }) => held > heldCritical && !isBounded)
    ? critical({
        ...complaint,
        finding: `${complaint.finding}. Without a bound (max_slot_wal_keep_size) the disk fills`,
      })
    : warning(complaint);
}
