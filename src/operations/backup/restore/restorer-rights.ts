import pg from 'pg';
import { RefusedError } from '../../../platform/errors/operation-error.ts';
import type { Manifest } from '../store/index.ts';

/** What restoring takes, and whether a role has it. A superuser has all of it. */
interface Rights {
  readonly role: string;
  readonly version: string;
  readonly isSuperuser: boolean;
  readonly mayCreateDatabase: boolean;
  readonly bypassesRls: boolean;
  /** Of the owner of the database that was backed up, where there is such a role already. */
  readonly isMember: boolean;
}

/**
 * Makes sure that a connection may restore a backup, before anything is changed: a backup must not look damaged because the role
 * may not bring it back. Throws RefusedError with every right that is missing and the statements that give it.
 * @param isNew whether the database has to be made
 */
export async function requireRestorer(
  client: pg.Client,
  { database: { owner }, serverVersion }: Manifest,
  isNew: boolean,
): Promise<void> {
  const { rows } = await client.query<Rights>(
    `select rolname as role, current_setting('server_version') as version, rolsuper as "isSuperuser",
            rolcreatedb as "mayCreateDatabase", rolbypassrls as "bypassesRls",
            coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1), rolcreaterole) as "isMember"
     from pg_roles where rolname = current_user`,
    [owner],
  );
  const [rights] = rows;
  if (rights === undefined) {
    throw new Error('the role does not know itself');
  }
  const missing = missingRights(rights, owner, isNew);
  if (missing.length > 0) {
    throw new RefusedError(
      `${rights.role} may not restore here: ${missing.map(({ why }) => why).join(', ')}. ` +
        `Name a superuser in METADATA_BACKUP_RESTORE_DSN, or: ${missing.map(({ mend }) => mend).join('; ')}`,
    );
  }
  if (Number.parseInt(rights.version, 10) < Number.parseInt(serverVersion, 10)) {
    throw new RefusedError(
      `The backup is of PostgreSQL ${serverVersion}, this server is ${rights.version}: restore to one that is as new`,
    );
  }
}

function missingRights(
  { role, isSuperuser, mayCreateDatabase, bypassesRls, isMember }: Rights,
  owner: string,
  isNew: boolean,
): { readonly why: string; readonly mend: string }[] {
  const name = pg.escapeIdentifier(role);
  const rights = [
    {
      has: mayCreateDatabase || !isNew,
      why: 'it may not create a database (CREATEDB)',
      mend: `alter role ${name} createdb`,
    },
    {
      has: bypassesRls,
      why: 'row-level security hides rows from it (BYPASSRLS)',
      mend: `alter role ${name} bypassrls`,
    },
    {
      has: isMember,
      why: `it is no member of ${owner}, which owns the tables`,
      mend: `grant ${pg.escapeIdentifier(owner)} to ${name}`,
    },
  ];
  return isSuperuser ? [] : rights.filter(({ has }) => !has);
}
