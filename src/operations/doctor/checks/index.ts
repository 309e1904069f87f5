import type { Check } from '../check.ts';
import { activityIdleInTransaction, activityLocks, activityLongStatements } from './activity-sessions.ts';
import { activitySlowQueries } from './activity-slow-queries.ts';
import { backupsAge, backupsArchiving } from './backups.ts';
import { certificateExpiration, certificatePairs } from './certificates.ts';
import { configurationFaults, configurationWarnings, secretFiles, telephones } from './configuration.ts';
import { connectionsBudget, connectionsInUse } from './connections.ts';
import { databaseClock } from './database-clock.ts';
import { databaseCollation } from './database-collation.ts';
import { databaseConnection, databaseWritable, ownerConnection } from './database-connection.ts';
import { loginSettings } from './database-login-settings.ts';
import { databaseMaintenance } from './database-maintenance.ts';
import { databaseReplicas } from './database-replicas.ts';
import { replicationSlots } from './database-replication-slots.ts';
import { diskSpace } from './disk.ts';
import { mailConnection } from './mail.ts';
import { redisConnection } from './redis.ts';
import { schemaGrants } from './schema-grants.ts';
import { schemaMigrations } from './schema-migrations.ts';
import { schemaObjects } from './schema-objects.ts';
import { schemaOwners } from './schema-owners.ts';
import { schemaRole } from './schema-role.ts';
import { schemaRowSecurity } from './schema-row-security.ts';
import { schemaTables } from './schema-tables.ts';
import { secretsKeyAge, secretsKeyAlgorithm, secretsKeyRing, secretsPrevious } from './secrets-key-ring.ts';
import { secretsStrength } from './secrets-strength.ts';
import { serviceHealth, serviceProxies, serviceState, serviceVersion } from './service.ts';
import { signOnProviders } from './sign-on.ts';
import { tablesInvalidIndexes, tablesMissingIndexes } from './tables-indexes.ts';
import { tablesUpkeep, tablesWraparound } from './tables-upkeep.ts';

/** Every check. @NOTE a cause stands before what follows from it: of findings that are equally bad, the first is named first. */
export const checks: readonly Check[] = [
  configurationFaults,
  configurationWarnings,
  secretFiles,
  telephones,
  certificateExpiration,
  certificatePairs,
  diskSpace,
  databaseConnection,
  ownerConnection,
  databaseWritable,
  databaseMaintenance,
  databaseClock,
  loginSettings,
  databaseCollation,
  replicationSlots,
  databaseReplicas,
  schemaMigrations,
  schemaTables,
  schemaRole,
  schemaGrants,
  schemaOwners,
  schemaRowSecurity,
  schemaObjects,
  secretsKeyRing,
  secretsKeyAge,
  secretsKeyAlgorithm,
  secretsPrevious,
  secretsStrength,
  connectionsInUse,
  connectionsBudget,
  activityLocks,
  activityIdleInTransaction,
  activityLongStatements,
  activitySlowQueries,
  tablesInvalidIndexes,
  tablesMissingIndexes,
  tablesUpkeep,
  tablesWraparound,
  redisConnection,
  mailConnection,
  signOnProviders,
  backupsAge,
  backupsArchiving,
  serviceHealth,
  serviceVersion,
  serviceState,
  serviceProxies,
];
