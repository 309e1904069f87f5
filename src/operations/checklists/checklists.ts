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
import { dependencies, securityAudit } from './items-security.ts';

/** The regular tasks of the operations guide, in its words and its order. */
export const checklists = {
  daily: [healthEndpoints, errorLogs, metricsDashboard, certificateExpiration],
  weekly: [performanceMetrics, databaseDisk, securityLogs, dependencies],
  monthly: [rotateSecrets, updateCertificates, optimizeQueries, securityAudit],
} as const satisfies Record<string, readonly Item[]>;

export type ChecklistName = keyof typeof checklists;
