import type { Config } from '../config/index.ts';
import { CheckpointKeys } from '../platform/audit/checkpoint.ts';
import { requiredSecret } from './command-config.ts';

/** The keys of checkpoints of audit trails, as the service has them. Throws RefusedError where its secret is not known here. */
export const checkpointKeysOf = (config: Config): CheckpointKeys => {
  const { previousSecret } = config.jwt;
  return new CheckpointKeys([
    requiredSecret(config),
    ...(previousSecret === undefined ? [] : [previousSecret]),
  ]);
};
