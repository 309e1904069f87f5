export type { Area, Diagnosis } from './check.ts';
export { diagnose } from './diagnose.ts';
export type { ConfigurationState, DoctorContext } from './doctor-context.ts';
export { openDoctorContext } from './open-doctor-context.ts';
export { couldNotLook, countBySeverity, renderDiagnoses } from './render.ts';
