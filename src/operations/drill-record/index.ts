export { type DrillName, drillNames } from './drill-names.ts';
export { type DrillPass, keepPasses, readRecord, shippedRecord } from './drill-record.ts';
