export { readAccessLog } from './access-log.ts';
export { AccessWatch, type ReadAccess } from './access-watch.ts';
export type { KnownCaller, Profile } from './account.ts';
export { AccountCache } from './account-cache.ts';
export { SealedAccounts } from './sealed-accounts.ts';
export { sweepAccessLog } from './sweep-access-log.ts';
