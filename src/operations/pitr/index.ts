export { backUpCluster } from './back-up-cluster.ts';
export { checkArchiving } from './check-archiving.ts';
export { renderServerSettings } from './pgbackrest-configuration.ts';
export type { RecoveryTarget } from './recovery-target.ts';
export type { Repository } from './repository.ts';
export { restoreCluster } from './restore-cluster.ts';
export { startRestored, stopRestored } from './restored-server.ts';
export { setupArchiving } from './setup-archiving.ts';
export { verifyRepository } from './verify-repository.ts';
