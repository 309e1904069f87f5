import { basename } from 'node:path';
import { type ResolvedConfig, resolveConfig } from '../../../src/config/index.ts';

const dsn = (user: string): string =>
  `postgresql://${user}:8Qm2tVx7@postgres:5432/brownie?sslmode=verify-full`;

/** What stands in the files of secrets, by their name, wherever they are mounted. */
const secrets: Readonly<Record<string, string>> = {
  'postgres-dsn': dsn('brownie_service'),
  'postgres-migration-dsn': dsn('brownie_owner'),
  'backup-dsn': dsn('brownie_backup'),
  'redis-url': 'redis://:8Qm2tVx7@redis:6379/0',
  'jwt-secret': 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
  'operator-token': 'nJ4qUc0pS1vXyZ8wTtL2mRk7dGfHb3aE',
};

/** The configuration that an environment of a container gives the service in production. Throws where it is at fault. */
export function configOf(environment: Readonly<Record<string, string>>): ResolvedConfig {
  return resolveConfig({
    env: { NODE_ENV: 'production', ...environment },
    readFile: (path) => {
      const secret = secrets[basename(path)];
      if (secret === undefined) {
        throw Object.assign(new Error(`no file ${path}`), { code: 'ENOENT' });
      }
      return secret;
    },
  });
}
