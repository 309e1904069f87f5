import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstance } from '../../../platform/programs/service-instance.ts';
import { type Check, checkOf } from './check.ts';

const login = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email: 'nobody@example.com', password: 'not-a-password-of-anybody' }),
};

/** Variables of the service that a database cannot be served without: its keys are encrypted under the JWT secret. */
export type ServiceSecrets = Readonly<Record<string, string>>;

/**
 * Starts the service on a database, at a port of its own, and asks it what needs no account: it starts, it is healthy,
 * and it finds out that nobody is nobody, which it asks the users table in its own role. Writes nothing.
 */
export async function smokeTest(dsn: string, secrets: ServiceSecrets): Promise<Check> {
  const directory = await mkdtemp(join(tmpdir(), 'brownie-smoke-'));
  try {
    await using instance = await createInstance({
      name: 'smoke',
      directory,
      variables: {
        METADATA_POSTGRES_DSN: dsn,
        ...secrets,
        METADATA_LOG_LEVEL: 'error',
      },
    });
    await instance.launch();
    await instance.ready();
    const health = await fetch(`${instance.url}/health`);
    const stranger = await fetch(`${instance.url}/api/v1/auth/login`, login);
    await instance.end('SIGTERM');
    const faults = [
      ...(health.status === 200 ? [] : [`/health answers ${health.status}`]),
      ...(stranger.status === 401 ? [] : [`the login of nobody answers ${stranger.status} instead of 401`]),
    ];
    return checkOf('service', faults, 'starts on it, is healthy, and reads users');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
