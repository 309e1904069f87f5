export type { Area, Diagnosis } from './check.ts';
export { diagnose } from './diagnose.ts';
export type { ConfigurationState, Patient } from './doctor-context.ts';
export { openPatient } from './open-doctor-context.ts';
export { couldNotLook, countBySeverity, renderDiagnoses } from './render.ts';
