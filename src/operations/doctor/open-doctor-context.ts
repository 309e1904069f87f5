import type { Config } from '../../config/index.ts';
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
  const service = once(async () => open((await logins())?.service, sessions));
  const owner = once(async () => {
    const dsns = await logins();
    return dsns === undefined || dsns.owner === dsns.service
      ? await service()
      : await open(dsns.owner, sessions);
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

async function open(dsn: string | undefined, sessions: AsyncDisposableStack): Promise<Opening> {
  if (dsn === undefined) {
    return {
      fault: {
        kind: 'embedded',
        finding: 'The embedded PostgreSQL does not run: it lives and ends with the service',
        evidence: [],
        remedy: 'brownie serve',
      },
    };
  }
  try {
    return { session: sessions.use(await openSession(dsn)) };
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
