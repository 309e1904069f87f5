import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { brownie, startService } from './service-process.ts';

const { superuser } = inject('databases');
const name = `external_${randomUUID().slice(0, 8)}`;
const jwtSecret = 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM';

/** A DSN of the test's own database, for a login. */
function dsnFor(user: string, password: string): string {
  const url = new URL(superuser);
  Object.assign(url, { username: user, password, pathname: `/${name}` });
  return url.href;
}
const owner = dsnFor(`${name}_owner`, 'owner-password');
const service = dsnFor(`${name}_service`, 'service-password');

async function asSuperuser(database: string, ...statements: string[]): Promise<void> {
  const url = new URL(superuser);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  for (const statement of statements) {
    await client.query(statement);
  }
  await client.end();
}

beforeAll(async () => {
  // The steps of docs/deployment.md, "A database of your own".
  await asSuperuser(
    'postgres',
    `create role ${name}_owner login password 'owner-password' createrole`,
    `grant brownie_app to ${name}_owner with admin option`,
    `create database ${name} owner ${name}_owner`,
    `create role ${name}_service login password 'service-password' in role brownie_app`,
  );
});
afterAll(async () => {
  await asSuperuser(
    'postgres',
    `drop database ${name} with (force)`,
    `drop role ${name}_service`,
    `drop role ${name}_owner`,
  );
});

test('the service refuses a database that is not migrated, then runs on one that is, in production', async () => {
  const variables = {
    METADATA_ENVIRONMENT: 'production',
    METADATA_POSTGRES_DSN: service,
    METADATA_POSTGRES_MIGRATION_DSN: owner,
    METADATA_JWT_SECRET: jwtSecret,
    METADATA_HOST: '127.0.0.1',
  };
  const early = await brownie(['serve'], variables);
  expect(early.code).toBe(1);
  expect(early.stderr).toContain('brownie migrate');

  const migrated = await brownie(['migrate'], variables);
  expect([migrated.code, migrated.stderr]).toEqual([0, '']);

  const running = await startService(variables);
  const health = (await (await fetch(`${running.url}/health`)).json()) as { status: string };
  expect(health.status).toBe('healthy');
  expect(running.output()).not.toContain('Sign up');
  expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('a login with too many rights is refused in production, and confined elsewhere', async () => {
  const variables = {
    METADATA_POSTGRES_DSN: owner,
    METADATA_JWT_SECRET: jwtSecret,
    METADATA_HOST: '127.0.0.1',
  };
  const refused = await brownie(['serve'], { ...variables, METADATA_ENVIRONMENT: 'production' });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('owns the tables');
  expect(refused.stderr).not.toContain('owner-password');

  await asSuperuser('postgres', `grant brownie_app to ${name}_owner with inherit true, set true`);
  const confined = await startService(variables);
  expect(confined.output()).toContain('owns the tables');
  const login = async () =>
    await fetch(`${confined.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email": "nobody@example.com", "password": "wrong"}',
    });
  expect((await login()).status).toBe(401);
  // What brownie_app may not do, the owner of the tables may not do either, once it has taken that role on.
  await asSuperuser(name, 'revoke select on users from brownie_app');
  expect((await login()).status).toBe(500);
  await asSuperuser(name, 'grant select on users to brownie_app');
  await confined.end('SIGTERM');
});

test('a database that cannot be reached is told in one line', async () => {
  const refused = await brownie(['serve'], {
    METADATA_POSTGRES_DSN: 'postgresql://brownie:canary-password@127.0.0.1:1/brownie',
    METADATA_JWT_SECRET: jwtSecret,
    METADATA_START_TIMEOUT_SECONDS: '1',
  });
  expect(refused.code).toBe(1);
  expect(refused.stderr.trim().split('\n')).toEqual([expect.stringContaining('METADATA_POSTGRES_DSN')]);
  expect(refused.stdout + refused.stderr).not.toContain('canary');
});
