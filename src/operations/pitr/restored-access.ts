import { join, resolve } from 'node:path';
import { readDsn } from '../../platform/database/dsn.ts';
import { OperationError, RefusedError } from '../../platform/errors/operation-error.ts';
import { openDatabaseSession } from '../backup/database/index.ts';

/**
 * The first line of pg_hba.conf of a restored server: lets in whoever may open its socket, which is the user that PostgreSQL runs
 * as, and root. @NOTE what the roles of the cluster log in with is for the address and the certificates of the server that is lost.
 */
export const socketRule = 'local all all trust\n';

/** Of a socket, with its terminating zero: sockaddr_un, on macOS. */
const socketPathBytesMax = 104;

/** Throws RefusedError where the socket of a cluster in this folder would have too long a name. */
export function requireSocketRoom(into: string, port: number): void {
  const path = join(resolve(into), `.s.PGSQL.${port}`);
  if (Buffer.byteLength(path) >= socketPathBytesMax) {
    throw new RefusedError(
      `${resolve(into)} is too long a name to start a server in: choose a shorter --into`,
    );
  }
}

/**
 * Logs in to a started one as a superuser, through its socket. Throws OperationError where there is none.
 * @param dsn of the server that it was: names the database, and a role that is there for sure
 */
export async function superuserDsn(into: string, port: number, dsn: string): Promise<string> {
  const { user = 'postgres', database = user } = readDsn(dsn);
  const as = (role: string): string =>
    `postgresql://${encodeURIComponent(role)}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(resolve(into))}`;
  const errors: string[] = [];
  for (const role of new Set(['postgres', user])) {
    try {
      await using session = await openDatabaseSession(as(role));
      const { rows } = await session.client.query<{ name: string }>(
        'select rolname as name from pg_roles where rolsuper and rolcanlogin order by oid limit 1',
      );
      return as(rows[0]?.name ?? role);
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new OperationError(
    `The restored server runs, but nobody can log in to ${database} on it: ${errors.join('; ')}`,
  );
}
