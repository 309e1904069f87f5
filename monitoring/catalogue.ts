import type { Alert } from './alert.ts';
import { apiDown } from './alerts/api-down.ts';
import { apiInstanceDown } from './alerts/api-instance-down.ts';
import { archiveCheckTooOld } from './alerts/archive-check-too-old.ts';
import { authenticationFailures, elevatedAuthenticationFailures } from './alerts/authentication-failures.ts';
import { backupTooOld } from './alerts/backup-too-old.ts';
import { balancerResponseErrors } from './alerts/balancer-response-errors.ts';
import { certificateExpiration, certificateExpirationCritical } from './alerts/certificate-expiration.ts';
import { configReloadFailed } from './alerts/config-reload-failed.ts';
import { connectionPoolExhaustion, connectionPoolUsageHigh } from './alerts/connection-pool.ts';
import { databaseDown } from './alerts/database-down.ts';
import { databaseUnreachable } from './alerts/database-unreachable.ts';
import { elevatedResponseTime } from './alerts/elevated-response-time.ts';
import { eventLoopLag } from './alerts/event-loop-lag.ts';
import { frontDown, frontProbeDown } from './alerts/front-down.ts';
import { highCpuUsage } from './alerts/high-cpu-usage.ts';
import { highErrorRate } from './alerts/high-error-rate.ts';
import { highMemoryUsage } from './alerts/high-memory-usage.ts';
import { highResponseTime } from './alerts/high-response-time.ts';
import { jwtKeyOverdue } from './alerts/jwt-key-overdue.ts';
import { logWriteFailing } from './alerts/log-write-failing.ts';
import { mailFailing } from './alerts/mail-failing.ts';
import { maintenanceModeOverrun } from './alerts/maintenance-mode-overrun.ts';
import { poolWait } from './alerts/pool-wait.ts';
import { redisDown } from './alerts/redis-down.ts';
import { replicaUnusable } from './alerts/replica-unusable.ts';
import { restoreDrillTooOld } from './alerts/restore-drill-too-old.ts';
import { tokenIssuanceSpike } from './alerts/token-issuance-spike.ts';
import { walArchivingFailing } from './alerts/wal-archiving-failing.ts';
import { watchdog } from './alerts/watchdog.ts';
import type { Recording } from './recording.ts';
import { errorBudgetBurn, latencyBudgetBurn } from './slo/budget-burn.ts';
import { longRatios, shortRatios } from './slo/ratio-recordings.ts';
import { requestRecordings } from './slo/request-recordings.ts';

/** Every alert, in the order in which a person would ask. */
export const alerts: readonly Alert[] = [
  apiDown,
  apiInstanceDown,
  frontDown,
  frontProbeDown,
  balancerResponseErrors,
  highErrorRate,
  errorBudgetBurn,
  highResponseTime,
  elevatedResponseTime,
  latencyBudgetBurn,
  databaseDown,
  databaseUnreachable,
  replicaUnusable,
  connectionPoolExhaustion,
  connectionPoolUsageHigh,
  poolWait,
  redisDown,
  authenticationFailures,
  elevatedAuthenticationFailures,
  tokenIssuanceSpike,
  jwtKeyOverdue,
  mailFailing,
  highCpuUsage,
  highMemoryUsage,
  eventLoopLag,
  certificateExpiration,
  certificateExpirationCritical,
  walArchivingFailing,
  archiveCheckTooOld,
  backupTooOld,
  restoreDrillTooOld,
  configReloadFailed,
  logWriteFailing,
  maintenanceModeOverrun,
  watchdog,
];

/** Series that Prometheus computes, by how often: alerts and dashboards read them. */
export const recordingGroups = [
  { name: 'brownie-api-requests', interval: '30s', recordings: [...requestRecordings, ...shortRatios] },
  { name: 'brownie-api-budget', interval: '2m', recordings: longRatios },
] as const satisfies readonly { name: string; interval: string; recordings: readonly Recording[] }[];
