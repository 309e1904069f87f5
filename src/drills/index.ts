export { drills } from './catalogue.ts';
export type { DrilledRestore, DrillReport, Figure } from './drill.ts';
export { runDrills } from './run-drill.ts';
