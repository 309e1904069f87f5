export { type LogEntry, type Step, severities, steps, stepTasks } from './entry.ts';
export { callLevels, dueLevel, nextLevel } from './escalation-level.ts';
export { gatherEvidence } from './gather-evidence.ts';
export { type Incident, incidentOf } from './incident.ts';
export { IncidentStore, newIncidentId } from './incident-store.ts';
export { postMortem } from './post-mortem.ts';
export { callWords, incidentLine, renderIncident } from './render.ts';
