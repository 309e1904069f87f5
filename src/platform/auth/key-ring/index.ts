export { formatDuration } from '../../system/wording.ts';
export {
  type ConfiguredSecrets,
  KeyRingError,
  leewaySeconds,
  promoteKey,
  retirePrevious,
  revokeAll,
  secondsToPromotion,
  stageKey,
} from './key-lifecycle.ts';
export { KeyRing } from './key-ring.ts';
export { allKeys, changeKeys, type KeyRow } from './key-rows.ts';
export { fixedKey, type SigningKey, type SigningKeys } from './signing-keys.ts';
