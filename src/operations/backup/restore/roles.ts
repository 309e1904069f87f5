import { OperationError } from '../../../platform/errors/operation-error.ts';
import { openDatabaseSession } from '../database/index.ts';

/**
 * Of what pg_dumpall says of roles, the statements that make those that are missing on another server, and their
 * memberships. Those that are there already are left as they are.
 * @param globals the output of `pg_dumpall --globals-only`
 */
export function statementsFor(globals: string, missing: readonly string[]): string[] {
  const quoted = new Set(missing.flatMap((role) => [role, `"${role.replaceAll('"', '""')}"`]));
  return globals.split('\n').flatMap((line) => {
    const [, altered] = /^(?:CREATE|ALTER) ROLE ("(?:[^"]|"")+"|\S+?)(?: .*)?;$/.exec(line) ?? [];
    if (altered !== undefined) {
      return quoted.has(altered) ? [line] : [];
    }
    const [, group, member] =
      /^GRANT ("(?:[^"]|"")+"|\S+) TO ("(?:[^"]|"")+"|\S+?)(?: .*)?;$/.exec(line) ?? [];
    const isOfMissing = [group, member].some((role) => role !== undefined && quoted.has(role));
    // @NOTE the grantor may be a role that the other server does not have.
    return isOfMissing ? [line.replace(/ GRANTED BY .*;$/, ';')] : [];
  });
}

/** Every role that a globals file makes, but for the superuser that every server has. */
export const rolesIn = (globals: string): string[] =>
  globals.split('\n').flatMap((line) => {
    const [, role] = /^CREATE ROLE (.+);$/.exec(line) ?? [];
    return role === undefined ? [] : [role.replace(/^"|"$/g, '').replaceAll('""', '"')];
  });

/** Makes the roles that the backup knows and the server does not; answers those of them that may log in. */
export async function createRoles(dsn: string, globals: string): Promise<readonly string[]> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  const { rows } = await client.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where name not in (select rolname from pg_roles)',
    [rolesIn(globals)],
  );
  // @NOTE among these statements are hashes of passwords: the server's log must not keep them.
  await client.query(
    `select set_config('log_statement', 'none', false) where (select rolsuper from pg_roles where rolname = current_user)`,
  );
  const missing = rows.map(({ name }) => name);
  for (const statement of statementsFor(globals, missing)) {
    await client.query(statement).catch((error: Error) => {
      throw new OperationError(`A role cannot be made as it was: ${error.message}`, { cause: error });
    });
  }
  const { rows: logins } = await client.query<{ name: string }>(
    'select rolname as name from pg_roles where rolcanlogin and rolname = any ($1) order by rolname',
    [missing],
  );
  return logins.map(({ name }) => name);
}
