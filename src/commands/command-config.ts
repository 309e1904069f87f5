import { type Config, processSource, resolveConfig } from '../config/index.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';

/**
 * The configuration of this process, read without making anything; what is questionable about it goes to stderr. Throws
 * ConfigurationError.
 */
export function commandConfig(): Config {
  const { config, warnings } = resolveConfig(processSource());
  for (const warning of warnings) {
    process.stderr.write(`warning: ${warning}\n`);
  }
  return config;
}

/** The JWT secret of the service. Throws RefusedError where it is not known here: one made up would not be the service's. */
export function requiredSecret({ jwt: { secret } }: Config): string {
  if (secret === undefined) {
    throw new RefusedError(
      'METADATA_JWT_SECRET is not set, and no service has kept one in METADATA_DATA_DIR: run this with the environment of the service',
    );
  }
  return secret;
}
