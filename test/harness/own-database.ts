import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { withDatabase } from '../../src/platform/database/dsn.ts';

/** A migrated database that no other test uses: for what concerns every tenant at once. */
export interface OwnDatabase extends AsyncDisposable {
  readonly service: string;
  readonly owner: string;
  readonly superuser: string;
}

/** Creates one, migrated unless told otherwise, in the PostgreSQL of the run; it is dropped when disposed of, with whoever is still connected. */
export async function createOwnDatabase({ isMigrated = true } = {}): Promise<OwnDatabase> {
  const { superuser, owner, service, template } = inject('databases');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const named = (dsn: string): string => withDatabase(dsn, name);
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: superuser });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await onServer(
    `create database ${name} owner brownie_owner template ${isMigrated ? template : 'template1'}`,
  );
  return {
    service: named(service),
    owner: named(owner),
    superuser: named(superuser),
    [Symbol.asyncDispose]: () => onServer(`drop database if exists ${name} with (force)`),
  };
}
