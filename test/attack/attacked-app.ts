import { createLogger } from '../../src/platform/observability/logger.ts';
import type { AppDependencies } from '../../src/service/app.ts';
import { type Databases, startApp, type TestApp } from '../harness/app.ts';

/** The operator's token, which no caller has. */
export const operatorToken = 'the-token-of-an-operator-of-the-attack';

/** A service that logs as in production, to somebody who looks for secrets in each line. */
export function startAttackedApp(
  {
    onLine = () => undefined,
    ...others
  }: Partial<AppDependencies> & { readonly onLine?: (line: string) => void } = {},
  databases?: Databases,
): Promise<TestApp> {
  const logger = createLogger({ level: 'INFO', destination: { write: onLine } });
  return startApp(
    {
      http: { logger, corsOrigins: [], trustedProxies: [] },
      operations: { allowedAddresses: [], token: operatorToken, hasOwnListener: false },
      quotas: { organizationsPerUser: 100 },
      ...others,
    },
    databases,
  );
}
