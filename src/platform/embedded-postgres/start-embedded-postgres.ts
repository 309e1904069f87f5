import { join } from 'node:path';
import { dsnOf, loadCredentials, saveCredentials } from './credentials.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { ensureRolesAndDatabase } from './database-roles.ts';
import { lockDirectory } from './directory-lock.ts';
import { codeOf, explainFailure } from './embedded-postgres-error.ts';
import { launchOnFreePort } from './launch-on-free-port.ts';
import { chooseLauncher } from './launcher.ts';
import { stopLeftovers } from './leftover-processes.ts';
import { locateBinaries } from './native-binaries.ts';
import { startServer } from './running-server.ts';
import { type ServerSettings, serverArguments } from './server-settings.ts';
import { resetSuperuserPassword } from './superuser-password.ts';
import { supervise } from './supervision.ts';

const wrongPassword = '28P01';

/** What to start, and where. */
export interface EmbeddedPostgresOptions {
  /** Holds `postgres/` (the data), `postgres.log` and `credentials.json`; made, mode 0700, where it is missing. */
  readonly directory: string;
  readonly onLog?: (message: string) => void;
  /** Over the defaults, by name as in `postgresql.conf`; address, port and log destination stay as they are. */
  readonly settings?: ServerSettings;
  /** False gives up crash safety for speed: for tests. */
  readonly durable?: boolean;
}

/** A running server on 127.0.0.1, kept running until it is stopped or this process ends. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly port: number;
  /** Role `postgres`, database `postgres`. */
  readonly superuserDsn: string;
  /** Role `brownie_owner`: owns the database `brownie`, runs migrations, administers `brownie_app`. */
  readonly ownerDsn: string;
  /** Role `brownie_service`: a member of `brownie_app`, owns nothing. */
  readonly serviceDsn: string;
  /** Fast shutdown, within 10 s unless the disk is slow. Resolves once every process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a folder, making and completing what is missing there.
 * Throws EmbeddedPostgresError with one line that says what is wrong and what to do; nothing is left running then
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await using resources = new AsyncDisposableStack();
  const { directory } = resources.use(await lockDirectory(options.directory, 'supervisor'));
  try {
    return await start(directory, options, resources);
  } catch (error) {
    throw explainFailure(error, directory, 'starting the embedded PostgreSQL');
  }
}

async function start(
  directory: string,
  { onLog: log = () => {}, settings = {}, durable = true }: EmbeddedPostgresOptions,
  resources: AsyncDisposableStack,
): Promise<EmbeddedPostgres> {
  const { postgres, initdb, hasStatementStatistics } = await locateBinaries();
  const launcher = await chooseLauncher(postgres);
  const credentials = await loadCredentials(directory);
  const superuserPassword = credentials.passwords.postgres;
  const dataDirectory = join(directory, 'postgres');
  const isNew = await ensureDataDirectory(dataDirectory, { launcher, initdb, superuserPassword, durable });
  if (isNew) {
    log(`made a new PostgreSQL ${launcher.majorVersion} database in ${dataDirectory}`);
  }

  const launch = (port: number) => {
    const server = { dataDirectory, port, durable, statementStatistics: hasStatementStatistics, settings };
    const command = launcher.command(postgres, serverArguments(server));
    return startServer({ command, directory, dataDirectory, logFile: join(directory, 'postgres.log'), log });
  };
  const open = async () => {
    const launched = await launchOnFreePort(credentials.port, launch);
    try {
      await ensureRolesAndDatabase(launched.port, credentials);
      return launched;
    } catch (error) {
      await launched.server.stop();
      throw error;
    }
  };
  const { port, server } = await open().catch(async (error: unknown) => {
    if (codeOf(error) !== wrongPassword) {
      throw error;
    }
    log(`the passwords in ${directory}/credentials.json are not those of the data; setting them`);
    await resetSuperuserPassword(launcher.command, postgres, dataDirectory, superuserPassword);
    return await open();
  });
  const supervision = supervise(server, () => launch(port), log);
  resources.defer(async () => {
    await supervision.stop();
    // @NOTE The children of a server that was killed outlive it for a while.
    await stopLeftovers(dataDirectory, log);
  });
  if (port !== credentials.port) {
    await saveCredentials(directory, { ...credentials, port });
  }
  log(`PostgreSQL ${launcher.majorVersion} is ready on 127.0.0.1:${port}`);

  const kept = resources.move();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= kept.disposeAsync());
  return {
    port,
    superuserDsn: dsnOf(credentials, 'postgres', port, 'postgres'),
    ownerDsn: dsnOf(credentials, 'brownie_owner', port, 'brownie'),
    serviceDsn: dsnOf(credentials, 'brownie_service', port, 'brownie'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
