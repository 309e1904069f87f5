import type { Item } from './item.ts';
import {
  certificateExpiration,
  databaseDisk,
  optimizeQueries,
  rotateSecrets,
  updateCertificates,
} from './items-database.ts';
import { healthEndpoints } from './items-health.ts';
import { errorLogs, securityLogs } from './items-logs.ts';
import { metricsDashboard, performanceMetrics } from './items-metrics.ts';
import { exerciseProcedures } from './items-procedures.ts';
import { dependencies, securityAudit } from './items-security.ts';

/**
 * The regular tasks of the operations guide, in its words and its order; the last of a month is what it says of procedures:
 * documented, tested, and regularly updated.
 */
export const checklists = {
  daily: [healthEndpoints, errorLogs, metricsDashboard, certificateExpiration],
  weekly: [performanceMetrics, databaseDisk, securityLogs, dependencies],
  monthly: [rotateSecrets, updateCertificates, optimizeQueries, securityAudit, exerciseProcedures],
} as const satisfies Record<string, readonly Item[]>;

export type ChecklistName = keyof typeof checklists;
