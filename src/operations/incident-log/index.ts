export type { Step } from './entry.ts';
export { dueLevel, nextLevel } from './escalation-level.ts';
export { gatherEvidence } from './gather-evidence.ts';
export type { Incident } from './incident.ts';
export { IncidentStore, newIncidentId } from './incident-store.ts';
export { postMortem } from './post-mortem.ts';
export { incidentLine, renderIncident } from './render.ts';
