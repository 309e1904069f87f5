import type { SqlClient } from './sql-client.ts';

/**
 * Runs `work` in one transaction: commits what it did, or rolls all of it back and throws its error. Read committed
 * and writable whatever the role's defaults say (a maintenance mode may have made them read-only).
 */
export async function inTransaction<T>(client: SqlClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level read committed read write');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // @NOTE The connection may be gone, and the server rolls back then: the first error is the one that tells.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
