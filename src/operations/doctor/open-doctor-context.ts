import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { chosenDsn } from '../../platform/database/choose-server.ts';
import { runningEmbeddedPostgres } from '../../platform/embedded-postgres/index.ts';
import { type DatabaseFault, databaseFault } from './database-fault.ts';
import type { ConfigurationState, DoctorContext } from './doctor-context.ts';
import { openSession, placeOf, type Session } from './session.ts';

type Opening = { readonly session: Session } | { readonly fault: DatabaseFault };

/** A system to examine; its connections are opened when a check asks for them, and closed with it. */
export function openDoctorContext(options: {
  readonly version: string;
  readonly migrationsDirectory: string;
  readonly configuration: ConfigurationState;
}): DoctorContext & AsyncDisposable {
  const sessions = new AsyncDisposableStack();
  const known = (): Config => {
    const { config } = options.configuration;
    if (config === undefined) {
      throw new Error('the configuration has faults');
    }
    return config;
  };
  const logins = once(() => loginsOf(known()));
  const open = async (dsn: string | undefined): Promise<Opening> =>
    dsn === undefined ? { fault: embeddedFault(known()) } : await openAt(dsn, sessions);
  const service = once(async () => open((await logins())?.service));
  const owner = once(async () => {
    const dsns = await logins();
    return dsns === undefined || dsns.owner === dsns.service ? await service() : await open(dsns.owner);
  });
  return {
    ...options,
    get config() {
      return known();
    },
    service: async () => sessionOf(await service()),
    owner: async () => sessionOf(await owner()),
    databaseFault: async () => faultOf(await service()),
    ownerFault: async () => faultOf(await owner()),
    [Symbol.asyncDispose]: () => sessions.disposeAsync(),
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Undefined where no embedded server runs. */
async function loginsOf({
  database,
}: Config): Promise<{ readonly service: string; readonly owner: string } | undefined> {
  if (database.mode === 'external') {
    return { service: database.dsn, owner: database.migrationDsn };
  }
  const running = await runningEmbeddedPostgres(database.dataDir);
  return running === null ? undefined : { service: running.serviceDsn, owner: running.ownerDsn };
}

/** @NOTE whoever asks from another folder, or without the service's environment, is told so before they believe that data are lost. */
function embeddedFault({ database }: Config): DatabaseFault {
  const folder = resolve(database.mode === 'embedded' ? database.dataDir : '');
  return existsSync(join(folder, 'postgres', 'PG_VERSION'))
    ? {
        kind: 'embedded',
        finding: `The embedded PostgreSQL in ${folder} does not run: it lives and ends with the service`,
        evidence: [],
        remedy: 'brownie serve',
      }
    : {
        kind: 'embedded',
        finding: `METADATA_POSTGRES_DSN is not set, and no service has its data in ${folder}`,
        evidence: [`looked at: ${folder} (METADATA_DATA_DIR, from the folder in which this runs)`],
        remedy:
          'run this in the folder and with the environment of the service; a new one makes its data when it starts: brownie serve',
      };
}

async function openAt(dsn: string, sessions: AsyncDisposableStack): Promise<Opening> {
  try {
    return { session: sessions.use(await openSession(await chosenDsn(dsn))) };
  } catch (error) {
    return { fault: databaseFault(error, placeOf(dsn)) };
  }
}

function sessionOf(opening: Opening): Session {
  if ('fault' in opening) {
    throw new Error('the database cannot be reached');
  }
  return opening.session;
}

const faultOf = (opening: Opening): DatabaseFault | undefined =>
  'fault' in opening ? opening.fault : undefined;
