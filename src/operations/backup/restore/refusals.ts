import { RefusedError } from '../../../platform/errors/operation-error.ts';
import { openDatabaseSession } from '../database/index.ts';

/** In which language a server would tell a program why it refuses something: of pg_restore nothing but words is seen. */
export interface ServerLanguage {
  /** What a program's PGOPTIONS must say for it. */
  readonly options: readonly string[];
  readonly isEnglish: boolean;
}

/** @NOTE what each setting is for is translated as messages are: it tells the language, and whether there is a translation. */
const language = `select short_desc = 'Sets the language in which messages are displayed.' as "isEnglish"
                  from pg_settings where name = 'lc_messages'`;

/** English wherever the role of a connection may choose the language, which a superuser may. */
export async function serverLanguage(dsn: string): Promise<ServerLanguage> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  const { rowCount } = await client.query(
    `select set_config('lc_messages', 'C', false) where has_parameter_privilege('lc_messages', 'set')`,
  );
  const { rows } = await client.query<{ isEnglish: boolean }>(language);
  return {
    options: rowCount === 0 ? [] : ['-c lc_messages=C'],
    isEnglish: rows[0]?.isEnglish === true,
  };
}

/** SQLSTATE of PostgreSQL's refusals: insufficient_privilege. */
const insufficientPrivilege = '42501';
const refusalWords =
  /permission denied|must be (?:owner|member|superuser|a superuser)|must be able to SET ROLE/;
/** In pg_restore's own words, which are English: it is the server that does not take something, not the dump that cannot be read. */
const statementRefused = /^pg_restore ended with .*could not execute query/;

/**
 * An error of a restore as what it is: PostgreSQL's refusal of a right says nothing about the backup. All else stays as it is.
 * @param error of a restore that was taken back whole
 * @param isEnglish whether the server's words can be told; where they cannot, its role is no superuser
 */
export function asRefusal(error: unknown, isEnglish: boolean): unknown {
  const words = error instanceof Error ? error.message : '';
  if (isOfRights(error) || refusalWords.test(words)) {
    return new RefusedError(`${words}. Name a superuser in METADATA_BACKUP_RESTORE_DSN`, { cause: error });
  }
  return !isEnglish && statementRefused.test(words)
    ? new RefusedError(
        `${words}. Whether it is for a lack of rights cannot be told in the language of this server: name a superuser in ` +
          'METADATA_BACKUP_RESTORE_DSN, or let its role choose the language: grant set on parameter lc_messages to it',
        { cause: error },
      )
    : error;
}

function isOfRights(error: unknown): boolean {
  return (
    error instanceof Error &&
    ((error as { code?: unknown }).code === insufficientPrivilege || isOfRights(error.cause))
  );
}
