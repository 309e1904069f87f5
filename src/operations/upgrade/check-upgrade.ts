import { migrationStatus, readMigrations } from '../../platform/migrations/index.ts';
import { releases } from '../../platform/migrations/releases.ts';
import { type Area, type Diagnosis, type DoctorContext, diagnose } from '../doctor/index.ts';
import { type UpgradePlan, upgradePlan } from './upgrade-plan.ts';

/**
 * What the doctor looks at before an update. @NOTE not the schema, nor the version of the instance: before an update both are of the
 * release before, as they should be.
 */
const areas: readonly Area[] = [
  'configuration',
  'certificates',
  'database',
  'secrets',
  'connections',
  'activity',
  'disk',
  'backups',
];

export interface UpgradeCheck {
  /** Undefined where the database cannot be reached: the diagnoses say why. */
  readonly plan: UpgradePlan | undefined;
  readonly diagnoses: readonly Diagnosis[];
}

/** Looks at what an update to this program would do, and at what would disturb it. Changes nothing. */
export async function checkUpgrade(context: DoctorContext): Promise<UpgradeCheck> {
  const diagnoses = await diagnose(context, areas);
  const isReachable =
    context.configuration.config !== undefined && (await context.ownerFault()) === undefined;
  return { plan: isReachable ? await planOf(context) : undefined, diagnoses };
}

async function planOf(context: DoctorContext): Promise<UpgradePlan> {
  const session = await context.owner();
  const migrations = await readMigrations(context.migrationsDirectory);
  const { number } = await session.row<{ number: number }>(
    `select current_setting('server_version_num')::int as number`,
  );
  return upgradePlan({
    status: await migrationStatus(session.sender, migrations),
    version: context.version,
    releases,
    serverVersion: number,
  });
}
