import { resolve } from 'node:path';
import { type Config, processSource, resolveConfig } from '../config/index.ts';

import { createLogger, type Logger } from '../platform/observability/logger.ts';
import { startServer } from '../server.ts';

/** Runs the service until it is told to stop. */
export async function serve(): Promise<void> {
  const { config, warnings } = resolveConfig(processSource());
  const logger = createLogger({ level: config.log.level });
  logFatalErrors(logger);
  for (const warning of warnings) {
    logger.warn(warning);
  }
  await using server = await startServer(config, logger);
  logger.info({ url: server.url }, 'service started');
  if (config.database.mode === 'embedded') {
    process.stdout.write(welcome(server.url, config));
  }
  const signal = await untilStopped();
  logger.info({ signal }, 'service is stopping');
}

/** Resolves at SIGINT or SIGTERM; another one then ends the process at once. */
function untilStopped(): Promise<NodeJS.Signals> {
  const { promise, resolve: stop } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop(signal);
      process.once(signal, () => process.exit(1));
    });
  }
  return promise;
}

function logFatalErrors(logger: Logger): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    logger.fatal({ error }, 'the process ends because of an error that nothing caught');
    logger.flush();
  });
}

const welcome = (url: string, config: Config): string => `
  Brownie Metadata API is running at ${url}

  Documentation   ${url}/docs
  Your data       ${config.database.mode === 'embedded' ? resolve(config.database.dataDir) : ''}
  Stop            Ctrl-C

  Sign up:

    curl -s ${url}/api/v1/auth/signup -H 'Content-Type: application/json' -d '{
      "email": "ada@example.com", "username": "ada", "password": "correct-horse-battery-staple",
      "organization_name": "Acme Operations", "team_name": "Platform" }'

`;
