/** The drills that there are, in the order in which `brownie drill all` runs them. */
export const drillNames = [
  'restore',
  'total-loss',
  'backup-faults',
  'pitr',
  'rolling-restart',
  'instance-kill',
  'database-outage',
  'failover',
  'replicas',
  'certificate-rotation',
  'jwt-rotation',
  'migration-under-load',
  'maintenance',
  'doctor',
  'checklists',
  'incident-log',
] as const;

export type DrillName = (typeof drillNames)[number];
