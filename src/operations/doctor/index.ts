export { ask, jsonOf, serviceUrls } from './ask-service.ts';
export type { Area, Diagnosis } from './check.ts';
export { diagnose } from './diagnose.ts';
export { openPatient } from './open-patient.ts';
export type { ConfigurationState, Patient } from './patient.ts';
export { couldNotLook, countBySeverity, renderDiagnoses } from './render.ts';
