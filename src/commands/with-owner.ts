import pg from 'pg';
import type { Config } from '../config/index.ts';
import { commandConfig } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { type Outcome, report } from './outcome.ts';

/**
 * Does the work of a command as the owner of the tables, and reports it with the database that it was done on: a shell with
 * another environment than the service's is the mistake that is made most. Throws OperationError where there is no migrated
 * database, and pg's error where it cannot be reached.
 */
export async function withOwner(
  options: { readonly json?: boolean },
  work: (client: pg.Client, config: Config) => Promise<Outcome>,
): Promise<void> {
  const config = commandConfig();
  await using database = await openMigratedDatabase(config);
  const client = new pg.Client({ connectionString: database.ownerDsn });
  await client.connect();
  try {
    const { exitCode, text, json } = await work(client, config);
    const where = `${client.database ?? ''} on ${client.host}:${client.port}`;
    report({ exitCode, text: `${text}Database: ${where}\n`, json: { ...json, database: where } }, options);
  } finally {
    await client.end();
  }
}
