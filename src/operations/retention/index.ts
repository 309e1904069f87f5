export { type AuditPruning, pruneAuditTrail } from './prune-audit-trail.ts';
export { pruneRows } from './prune-rows.ts';
