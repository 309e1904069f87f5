import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import pg from 'pg';
import { RefusedError } from '../../platform/errors/operation-error.ts';
import { ownFolder } from '../../platform/programs/own-postgres.ts';
import { type SystemUser, systemUser } from '../../platform/programs/system-user.ts';
import { writeFileDurably } from '../../platform/system/write-file-durably.ts';
import { openDatabaseSession } from '../backup/database/index.ts';
import { type RepositoryLayout, renderConfiguration, serverSettings } from './pgbackrest-configuration.ts';
import { requirePgbackrest } from './repository.ts';

export interface SetupOptions {
  readonly configFile: string;
  readonly layout: Omit<RepositoryLayout, 'cipherPass'>;
  /** Whether the repository is encrypted, with a new key that is kept in the configuration and nowhere else. */
  readonly isEncrypted: boolean;
  /** Of a superuser, to set the settings with; undefined: they are left to the operator. */
  readonly dsn?: string | undefined;
}

export interface Setup {
  readonly settings: Readonly<Record<string, string>>;
  /** Whether they have been set; a restart of PostgreSQL brings them into effect. */
  readonly isApplied: boolean;
  readonly needsRestart: boolean;
}

/**
 * What `setupArchiving` would write and set; does neither. Answers the text of pgbackrest.conf, its key masked, and whether it is
 * there already. Throws RefusedError where that file says something else.
 */
export async function examineSetup({
  configFile,
  layout,
  isEncrypted,
  dsn,
}: SetupOptions): Promise<Omit<Setup, 'isApplied'> & { text: string; isWritten: boolean }> {
  const { text, isThere } = await configurationOf(configFile, layout, isEncrypted);
  const settings = serverSettings({ configFile, stanza: layout.stanza });
  return {
    text: text.replace(/^(repo1-cipher-pass=).*/m, '$1********'),
    isWritten: isThere,
    settings,
    needsRestart: dsn === undefined || !(await areInEffect(dsn, settings)),
  };
}

/**
 * Writes pgbackrest.conf, mode 0600, makes the folders and the stanza, and with a DSN sets what PostgreSQL needs. Safe to
 * repeat. Throws RefusedError where the file is there and says something else: it may hold the only key.
 */
export async function setupArchiving({ configFile, layout, isEncrypted, dsn }: SetupOptions): Promise<Setup> {
  const user = await systemUser();
  const repository = { configFile, stanza: layout.stanza };
  await writeConfiguration(configFile, layout, isEncrypted, user);
  for (const folder of [layout.repository, layout.spool, layout.logs, layout.locks]) {
    await makeWayTo(dirname(folder));
    await ownFolder(folder, user);
  }
  await requirePgbackrest(repository, 'stanza-create');
  const settings = serverSettings(repository);
  return {
    settings,
    isApplied: dsn !== undefined,
    needsRestart: dsn === undefined || (await applySettings(dsn, settings)),
  };
}

async function writeConfiguration(
  configFile: string,
  layout: SetupOptions['layout'],
  isEncrypted: boolean,
  user: SystemUser | undefined,
): Promise<void> {
  const { text, isThere } = await configurationOf(configFile, layout, isEncrypted);
  if (isThere) {
    return;
  }
  await makeWayTo(dirname(configFile));
  await writeFileDurably(configFile, text);
  await chmod(configFile, 0o600);
  if (user !== undefined) {
    await chown(configFile, user.uid, user.gid);
  }
}

/** A folder that the user of PostgreSQL can come through, whoever makes it, and those above that are missing. */
async function makeWayTo(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  for (let made = folder; first !== undefined && made.startsWith(first); made = dirname(made)) {
    await chmod(made, 0o755);
  }
}

/** The text for a file, with the key that is in it already, and whether it is there as it should be. */
async function configurationOf(
  configFile: string,
  layout: SetupOptions['layout'],
  isEncrypted: boolean,
): Promise<{ text: string; isThere: boolean }> {
  const existing = await readFile(configFile, 'utf8').catch(() => undefined);
  const [, key] = /^repo1-cipher-pass=(.+)$/m.exec(existing ?? '') ?? [];
  const cipherPass = key ?? (isEncrypted ? randomBytes(48).toString('base64') : undefined);
  const text = renderConfiguration({ ...layout, cipherPass });
  if (existing !== undefined && existing !== text && !isUntouched(existing)) {
    throw new RefusedError(
      `${configFile} is there and says something else: move it away, or change it by hand`,
    );
  }
  return { text, isThere: existing === text };
}

/** Debian's package brings a file that only names its repository. */
const isUntouched = (text: string): boolean =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .every(
      (line) =>
        ['[global]', 'repo1-path=/var/lib/pgbackrest', '#[main]'].includes(line) || /^log-path=/.test(line),
    );

/** Whether a restart is needed for them. @NOTE `alter system` writes postgresql.auto.conf, which wins over postgresql.conf. */
async function applySettings(dsn: string, settings: Readonly<Record<string, string>>): Promise<boolean> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  for (const [name, value] of Object.entries(settings)) {
    await client.query(`alter system set ${name} = ${pg.escapeLiteral(value)}`);
  }
  await client.query('select pg_reload_conf()');
  return !(await areInEffect(dsn, settings));
}

/** Whether those are that only a restart brings into effect. */
async function areInEffect(dsn: string, settings: Readonly<Record<string, string>>): Promise<boolean> {
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<{ areInEffect: boolean }>(
    `select bool_and(current_setting(name) = value) as "areInEffect" from jsonb_each_text($1) as given(name, value)
     where name in ('wal_level', 'archive_mode')`,
    [JSON.stringify(settings)],
  );
  return rows[0]?.areInEffect === true;
}
