export { type DrillName, drillNames } from './drill-names.ts';
export type { DrillPass } from './drill-pass.ts';
export { keepPasses, readRecord, shippedRecord } from './drill-record.ts';
