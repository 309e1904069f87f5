import { type Check, ok, type Verdict, warning } from '../check.ts';

interface Maintenance {
  readonly startedBy: string;
  readonly message: string;
  /** Seconds. */
  readonly since: number;
  /** Until its planned end; null where none is planned. */
  readonly left: number | null;
}

export const databaseMaintenance: Check = {
  id: 'database.maintenance',
  runbook: 'docs/runbooks/MaintenanceModeOverrun.md',
  async look(context) {
    const session = await context.service();
    const [row] = await session.rows<Maintenance>(
      `select started_by as "startedBy", message, extract(epoch from now() - started_at)::float8 as since,
              extract(epoch from until - now())::float8 as left
       from maintenance where until is null or until > now()`,
    );
    return judgeMaintenance(row);
  },
};

export function judgeMaintenance(maintenance: Maintenance | undefined): Verdict {
  if (maintenance === undefined) {
    return ok('Maintenance is off');
  }
  const { startedBy, message, since, left } = maintenance;
  const minutes = (seconds: number): string => `${Math.round(seconds / 60)} minutes`;
  return warning({
    finding: `Maintenance is on: no instance changes anything${left === null ? ', and its end is not planned' : ''}`,
    evidence: [
      `for ${minutes(since)}, by ${startedBy}: ${message}`,
      ...(left === null ? [] : [`it ends by itself in ${minutes(left)}`]),
    ],
    remedy: 'brownie maintenance off, once its work is done',
  });
}
