import { Client } from 'pg';
import type { Credentials } from './credentials.ts';

/**
 * Creates what is missing of the roles and the database, and gives the roles their passwords. Safe to repeat, so
 * an interrupted first start is finished by the next one.
 *
 * - `brownie_owner` owns the database `brownie`, runs the migrations and may make `brownie_app` grants.
 * - `brownie_app` is the group whose members are services; migrations grant to it.
 * - `brownie_service` is the one member for this service: it owns nothing and bypasses nothing.
 */
export async function ensureRolesAndDatabase(port: number, { passwords }: Credentials): Promise<void> {
  const password = passwords.postgres;
  await asSuperuser({ port, password, database: 'postgres' }, async (client) => {
    await client.query(rolesSql(passwords));
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'brownie'");
    if (rowCount === 0) {
      await client.query('CREATE DATABASE brownie OWNER brownie_owner');
    }
    await client.query(databaseSql);
  });
  await asSuperuser({ port, password, database: 'brownie' }, (client) => client.query(statisticsSql));
}

interface Login {
  readonly port: number;
  readonly password: string;
  readonly database: string;
}

async function asSuperuser(login: Login, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({
    ...login,
    host: '127.0.0.1',
    user: 'postgres',
    connectionTimeoutMillis: 10_000,
    application_name: 'brownie-setup',
    // @NOTE The statements hold passwords: neither the log nor the statistics may keep them.
    options: '-c log_statement=none -c log_min_error_statement=panic -c pg_stat_statements.track=none',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}

function rolesSql(passwords: Credentials['passwords']): string {
  return `
DO $$
DECLARE missing name;
BEGIN
  FOR missing IN
    SELECT name FROM unnest(ARRAY['brownie_owner', 'brownie_app', 'brownie_service']) AS name
    WHERE name NOT IN (SELECT rolname FROM pg_roles)
  LOOP
    EXECUTE format('CREATE ROLE %I', missing);
  END LOOP;
END $$;
ALTER ROLE brownie_owner LOGIN NOCREATEROLE PASSWORD '${passwords.brownie_owner}';
ALTER ROLE brownie_app NOLOGIN;
ALTER ROLE brownie_service LOGIN PASSWORD '${passwords.brownie_service}';
GRANT brownie_app TO brownie_owner WITH ADMIN TRUE, INHERIT FALSE;
GRANT brownie_app TO brownie_service;`;
}

const databaseSql = `
ALTER DATABASE brownie OWNER TO brownie_owner;
REVOKE ALL ON DATABASE brownie FROM PUBLIC;
GRANT CONNECT ON DATABASE brownie TO brownie_app;`;

/** What was slow, for whoever looks into it: `brownie doctor`. A build without the module goes without. */
const statisticsSql = `
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements') THEN
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
  END IF;
END $$;
GRANT pg_monitor TO brownie_owner;`;
