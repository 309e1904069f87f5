import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsDirectory } from '../src/platform/database/preflight.ts';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/index.ts';
import { applyMigrations, readMigrations } from '../src/platform/migrations/index.ts';

/** A migrated database for a benchmark, and a folder for what it writes. */
export interface Stage extends AsyncDisposable {
  readonly serviceDsn: string;
  readonly logFile: string;
}

/** Whom a benchmark asks as, and whom it asks for. */
export interface Account {
  readonly id: string;
  readonly token: string;
}

/** Starts PostgreSQL in a folder that is gone in the end. */
export async function openStage(): Promise<Stage> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'brownie-bench-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const postgres = resources.use(await startEmbeddedPostgres({ directory }));
  const migrations = await readMigrations(migrationsDirectory);
  await applyMigrations({ dsn: postgres.ownerDsn, migrations, onProgress: () => undefined });
  const kept = resources.move();
  return {
    serviceDsn: postgres.serviceDsn,
    logFile: join(directory, 'service.log'),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Signs up at a service. */
export async function signUp(url: string): Promise<Account> {
  const signup = await fetch(`${url}/api/v1/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'ada@example.com',
      username: 'ada',
      password: 'correct-horse-battery-staple',
      organization_name: 'Acme',
      team_name: 'Platform',
    }),
  });
  const { access_token: token } = (await signup.json()) as { access_token: string };
  const me = await fetch(`${url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  return { id: ((await me.json()) as { id: string }).id, token };
}
