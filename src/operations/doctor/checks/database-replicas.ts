import { dsnsOfServers } from '../../../platform/database/dsn.ts';
import { type Check, ok, type Verdict, warning } from '../check.ts';
import { databaseFault } from '../database-fault.ts';
import { openSession, placeOf, type Session } from '../session.ts';

/** A replica, as it is from here. */
export interface ReplicaLook {
  readonly place: string;
  /** Why it cannot be asked; null where it can. */
  readonly fault: string | null;
  readonly isStandby: boolean;
  readonly isPaused: boolean;
  /** Bytes of WAL that it has not replayed, of what the primary had when it was asked. */
  readonly behind: number;
}

const setting = 'METADATA_POSTGRES_READ_DSN';

export const databaseReplicas: Check = {
  id: 'database.replicas',
  runbook: 'docs/runbooks/ReplicaUnusable.md',
  async look(context) {
    const { database } = context.config;
    const dsns = database.mode === 'external' ? database.readDsns.flatMap(dsnsOfServers) : [];
    if (dsns.length === 0) {
      return ok('No replicas are configured');
    }
    const primary = await context.service();
    return judgeReplicas(await Promise.all(dsns.map((dsn) => lookAt(dsn, primary))));
  },
};

async function lookAt(dsn: string, primary: Session): Promise<ReplicaLook> {
  const place = placeOf(dsn);
  try {
    await using session = await openSession(dsn);
    const { lsn } = await primary.row<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn');
    // @NOTE as long as an instance gives it.
    await session.rows('select pg_sleep(1)');
    return {
      place,
      fault: null,
      ...(await session.row<Pick<ReplicaLook, 'isStandby' | 'isPaused' | 'behind'>>(
        `select pg_is_in_recovery() as "isStandby",
                case when pg_is_in_recovery() then pg_is_wal_replay_paused() else false end as "isPaused",
                greatest(coalesce(pg_wal_lsn_diff($1, pg_last_wal_replay_lsn()), 0), 0)::float8 as behind`,
        [lsn],
      )),
    };
  } catch (error) {
    const { finding } = databaseFault(error, place);
    return { place, fault: finding, isStandby: false, isPaused: false, behind: 0 };
  }
}

/** Nothing fails without a replica. */
export function judgeReplicas(looks: readonly ReplicaLook[]): Verdict {
  const complaints = looks.flatMap((look) => {
    const words = complaintOf(look);
    return words === undefined ? [] : [words];
  });
  return complaints.length === 0
    ? ok(`${looks.length} of ${looks.length} replicas follow within a second`)
    : warning({
        finding: `${complaints.length} of ${looks.length} replicas take no reads: ${complaints[0]}`,
        evidence: complaints,
        remedy: `start or resume it (select pg_wal_replay_resume()), or make it anew; where it is gone for good, take it out of ${setting}`,
      });
}

function complaintOf({ place, fault, isStandby, isPaused, behind }: ReplicaLook): string | undefined {
  if (fault !== null) {
    return fault;
  }
  if (!isStandby) {
    return `${place} follows no primary`;
  }
  return behind === 0
    ? undefined
    : `${place} ${isPaused ? 'is paused' : 'is more than a second behind'}: ${Math.ceil(behind / 1024)} KiB of WAL are not replayed`;
}
