export { drills } from './catalogue.ts';
export type { DrilledRestore, DrillReport, Figure } from './drill.ts';
export { runDrill } from './run-drill.ts';
