import { Client } from 'pg';

/** Runs one statement on a connection of its own and returns its rows. */
export async function query(dsn: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client(dsn);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Inserts numbers one by one, each acknowledged before the next, until the server goes away. */
export async function insertUntilCut(dsn: string, onAcknowledged: (number: number) => void): Promise<void> {
  const client = new Client(dsn);
  client.on('error', () => {});
  await client.connect();
  await client.query('DROP TABLE IF EXISTS acknowledged; CREATE TABLE acknowledged (number int PRIMARY KEY)');
  try {
    for (let number = 1; ; number += 1) {
      await client.query('INSERT INTO acknowledged VALUES ($1)', [number]);
      onAcknowledged(number);
    }
  } catch {
    await client.end().catch(() => {});
  }
}
