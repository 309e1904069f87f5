export { drills } from './catalogue.ts';
export type { DrillReport, Figure } from './drill.ts';
export { runDrill } from './run-drill.ts';
