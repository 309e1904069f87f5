import { join } from 'node:path';
import type { Variables } from '../../platform/programs/child-options.ts';
import { type OwnPostgres, ownFolder, startOwnPostgres } from '../../platform/programs/own-postgres.ts';
import { runBrownie } from '../../platform/programs/run-brownie.ts';
import { type DebianPostgres, letThrough, startDebianPostgres } from './debian-postgres.ts';

/** A database that archives continuously, set up by `brownie backup pitr setup`. */
export interface ArchivedPostgres extends AsyncDisposable {
  /** As it was made; `server` has been restarted since. */
  readonly database: DebianPostgres;
  readonly server: OwnPostgres;
  readonly configFile: string;
  /** Folder of pgBackRest's repository. */
  readonly repository: string;
  /** What a command of `brownie` needs to work with it. */
  readonly variables: Variables;
  /** Runs a command of `brownie` with the options that name the repository; answers what it wrote. */
  readonly brownie: (args: readonly string[]) => Promise<string>;
}

/**
 * Starts it in `<directory>/primary`, and the repository beside it: whoever destroys the one leaves the other.
 * @param settings over those that the setup sets
 */
export async function startArchivedPostgres(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ArchivedPostgres> {
  await letThrough(directory);
  const database = await startDebianPostgres({ directory: join(directory, 'primary') });
  const { dataDirectory, port, user, superuserDsn } = database;
  const [configFile, repository] = [
    join(directory, 'archive/pgbackrest.conf'),
    join(directory, 'archive/repository'),
  ];
  await ownFolder(join(directory, 'archive'), user);
  const variables = {
    ...database.variables,
    METADATA_BACKUP_DSN: superuserDsn,
    METADATA_BACKUP_DIR: join(directory, 'backups'),
  };
  const brownie = (args: readonly string[]): Promise<string> =>
    runBrownie([...args, '--config', configFile], { variables, directory: '/' });
  try {
    await brownie([
      ...['backup', 'pitr', 'setup', '--apply', '--data-directory', dataDirectory, '--port', String(port)],
      ...['--socket-directory', database.directory, '--repository', repository],
      ...['spool', 'logs', 'locks'].flatMap((name) => [`--${name}`, join(directory, 'archive', name)]),
    ]);
  } finally {
    await database.server.stop();
  }
  const server = await startOwnPostgres({
    dataDirectory,
    directory: database.directory,
    port,
    settings,
    user,
  });
  await server.ready(60_000);
  return {
    database,
    server,
    configFile,
    repository,
    variables,
    brownie,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
