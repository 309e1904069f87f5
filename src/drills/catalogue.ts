import type { DrillName } from '../operations/drill-record/index.ts';
import type { Drill } from './drill.ts';

/** Every drill by its name, in the order in which `brownie drill all` runs them; loaded when they run. */
export const drills: Readonly<Record<string, () => Promise<Drill>>> = {
  restore: async () => (await import('./restore.ts')).restore,
  'total-loss': async () => (await import('./total-loss.ts')).totalLoss,
  'backup-faults': async () => (await import('./backup-faults.ts')).backupFaults,
  pitr: async () => (await import('./pitr.ts')).pitr,
  'rolling-restart': async () => (await import('./rolling-restart.ts')).rollingRestart,
  'instance-kill': async () => (await import('./instance-kill.ts')).instanceKill,
  'database-outage': async () => (await import('./database-outage.ts')).databaseOutage,
  failover: async () => (await import('./failover.ts')).failover,
  replicas: async () => (await import('./replicas.ts')).replicas,
  'certificate-rotation': async () => (await import('./certificate-rotation.ts')).certificateRotation,
  'jwt-rotation': async () => (await import('./jwt-rotation.ts')).jwtRotation,
  'migration-under-load': async () => (await import('./migration-under-load.ts')).migrationUnderLoad,
  maintenance: async () => (await import('./maintenance.ts')).maintenance,
  doctor: async () => (await import('./doctor-faults.ts')).doctorFaults,
  checklists: async () => (await import('./checklists.ts')).checklistsDrill,
  'incident-log': async () => (await import('./incident-log.ts')).incidentLogDrill,
} satisfies Readonly<Record<DrillName, () => Promise<Drill>>>;
