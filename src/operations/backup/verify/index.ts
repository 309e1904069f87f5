export { type Check, checkOf, exitCodeOf, renderChecks } from './check.ts';
export type { ServiceSecrets } from './smoke-test.ts';
export { verifyDatabase } from './verify-database.ts';
