import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Log } from '../platform/observability/open-log.ts';
import type { Server } from '../service/server.ts';

/** Says where the service is and, where it runs on an embedded database, what a newcomer needs. */
export async function announceStart(
  { url, isInUse }: Pick<Server, 'url' | 'isInUse'>,
  config: Config,
  { logger, print }: Pick<Log, 'logger' | 'print'>,
  asJson: boolean,
): Promise<void> {
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
  print(welcome(url, dataDirectory, await isInUse()));
}

const welcome = (url: string, dataDirectory: string, isInUse: boolean): string => `
  Brownie Metadata API is running at ${url}

  Documentation   ${url}/docs
  Your data       ${dataDirectory}
  Made-up data    npm run demo, in another terminal: it prints its logins, too
  Stop            Ctrl-C

${isInUse ? logIn(url) : signUp(url)}
`;

const signUp = (url: string): string => `  Sign up:

    curl -s ${url}/api/v1/auth/signup -H 'Content-Type: application/json' -d '{
      "email": "ada@example.com", "username": "ada", "password": "correct-horse-battery-staple",
      "organization_name": "Acme Operations", "team_name": "Platform" }'
`;

/** @NOTE the example's own address and password are a 400 once somebody has taken them. */
const logIn = (url: string): string => `  Log in, as whoever has signed up:

    curl -s ${url}/api/v1/auth/login -H 'Content-Type: application/json' -d '{
      "email": "your address", "password": "your password" }'
`;
