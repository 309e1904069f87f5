import type pg from 'pg';
import type { Config, JwtConfig } from '../config/index.ts';
import { DataKeys } from '../platform/auth/data-keys.ts';
import { KeyRing } from '../platform/auth/key-ring/index.ts';
import type { Logger } from '../platform/observability/logger.ts';

/** The keys that sign and verify tokens, from the database. Throws KeyRingError where the secret does not open them. */
export const openKeyRing = (jwt: JwtConfig<string>, pool: pg.Pool, logger: Logger): Promise<KeyRing> =>
  KeyRing.open({
    pool,
    secrets: { current: jwt.secret, previous: jwt.previousSecret, algorithm: jwt.algorithm },
    tokenSeconds: jwt.expiresMinutes * 60,
    onFailure: (error) =>
      logger.warn(
        { logger: 'brownie.jwt', error },
        'signing keys cannot be read; those that are known are kept',
      ),
    onUnreadable: (kid) =>
      logger.error(
        { logger: 'brownie.jwt', kid },
        'a key in the database was encrypted under another METADATA_JWT_SECRET: its tokens are refused here',
      ),
  });

/** The keys that encrypt the secrets of second factors, from the database. */
export const openDataKeys = (jwt: JwtConfig<string>, pool: pg.Pool, logger: Logger): Promise<DataKeys> =>
  DataKeys.open({
    pool,
    secrets: { current: jwt.secret, previous: jwt.previousSecret },
    onUnreadable: (id) =>
      logger.error(
        { logger: 'brownie.jwt', kid: id },
        'a key in the database was encrypted under another METADATA_JWT_SECRET: second factors that it encrypts take recovery codes alone',
      ),
  });

/**
 * The secrets of cursors: while the secret is changed, the earlier one goes on signing, so that instances which know only that
 * one take them.
 */
export const cursorSecrets = ({ secret, previousSecret }: JwtConfig<string>): readonly string[] =>
  previousSecret === undefined ? [secret] : [previousSecret, secret];

/** The secrets that the keys of checkpoints are made from, the one that signs first. */
export const checkpointSecrets = ({ jwt }: Pick<Config<string>, 'jwt'>): readonly string[] =>
  jwt.previousSecret === undefined ? [jwt.secret] : [jwt.secret, jwt.previousSecret];
