import { openDatabaseSession } from './database-session.ts';

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
