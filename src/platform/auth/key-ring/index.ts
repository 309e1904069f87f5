export { formatDuration } from '../../system/wording.ts';
export {
  algorithmOf,
  type ConfiguredSecrets,
  KeyRingError,
  leewaySeconds,
  openKey,
  promoteKey,
  retirePrevious,
  revokeAll,
  secondsToPromotion,
  stageKey,
  wrapForAll,
} from './key-lifecycle.ts';
export { isPairAlgorithm, type JwtAlgorithm, newKeyPair, readKeyPair } from './key-pair.ts';
export { KeyRing } from './key-ring.ts';
export { allKeys, changeKeys, type KeyRow } from './key-rows.ts';
export { fingerprintOf, newKey, newKid, unwrapKey, wrapKey } from './key-wrapping.ts';
export { fixedKey, type SigningKey, type SigningKeys } from './signing-keys.ts';
