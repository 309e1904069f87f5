import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Logger } from '../platform/observability/logger.ts';

/** Says where the service is and, where it runs on an embedded database, what a newcomer needs. */
export function announceStart(url: string, config: Config, logger: Logger, asJson: boolean): void {
  if (config.database.mode !== 'embedded') {
    logger.info({ url }, 'service started');
    return;
  }
  const dataDirectory = resolve(config.database.dataDir);
  if (asJson) {
    logger.info({ documentation: `${url}/docs`, data_directory: dataDirectory, url }, 'service started');
    return;
  }
  logger.info({ url }, 'service started');
  process.stdout.write(welcome(url, dataDirectory));
}

const welcome = (url: string, dataDirectory: string): string => `
  Brownie Metadata API is running at ${url}

  Documentation   ${url}/docs
  Your data       ${dataDirectory}
  Stop            Ctrl-C

  Sign up:

    curl -s ${url}/api/v1/auth/signup -H 'Content-Type: application/json' -d '{
      "email": "ada@example.com", "username": "ada", "password": "correct-horse-battery-staple",
      "organization_name": "Acme Operations", "team_name": "Platform" }'

`;
