import { flag, type Kind, text, wholeNumber } from './kinds.ts';
import { postgresDsn, postgresDsnList } from './postgres-dsn.ts';
import { optionalSetting, type Setting, setting } from './setting.ts';

const section = 'database';

function timeoutSetting(name: string, usualMs: number, description: string): Setting<number> {
  const milliseconds: Kind<number> = wholeNumber({ min: 1, max: 3_600_000 });
  return setting(milliseconds, { name, section, default: usualMs, description, example: '6000' });
}

export const databaseSettings = {
  dsn: optionalSetting(postgresDsn(), {
    name: 'METADATA_POSTGRES_DSN',
    section,
    absent: 'not set: embedded mode',
    description:
      'The database, as the role of the application, which neither owns the tables nor bypasses row-level ' +
      'security. `sslmode`, `sslcert`, `sslkey` and `sslrootcert` are passed on. Several servers stand one after the other, `host1:5432,host2:5432`: with ' +
      '`target_session_attrs=read-write` the one that takes writes is found. Without it, outside ' +
      'production, the service runs an embedded PostgreSQL: see [embedded mode](#embedded-mode).',
    example: 'postgresql://brownie_service@db.example.com:5432/brownie?sslmode=verify-full',
  }),
  readDsn: optionalSetting(postgresDsnList(), {
    name: 'METADATA_POSTGRES_READ_DSN',
    section,
    absent: 'not set: reads go to the primary',
    description:
      'Replicas that answer reads, with the login of `METADATA_POSTGRES_DSN`: `host1:5432,host2:5432` in one connection string, or several of them apart by ' +
      'spaces. Each address must lead to one server. What was changed is seen by whoever reads afterwards; a replica that is behind or away is passed over: see [scaling](scaling.md#read-replicas).',
    example: 'postgresql://brownie_service@db2.example.com:5432/brownie?sslmode=verify-full',
  }),
  migrationDsn: optionalSetting(postgresDsn(), {
    name: 'METADATA_POSTGRES_MIGRATION_DSN',
    section,
    absent: 'the value of METADATA_POSTGRES_DSN',
    description: 'The same database, as the role that owns the tables; `brownie migrate` uses it.',
    example: 'postgresql://brownie_owner@db.example.com:5432/brownie?sslmode=verify-full',
  }),
  plaintextAllowed: setting(flag(), {
    name: 'METADATA_POSTGRES_ALLOW_PLAINTEXT',
    section,
    default: false,
    description:
      'Whether production may reach a database on another machine without TLS (`sslmode=disable`, or no `sslmode`): where something else ' +
      'encrypts the way to it. Otherwise it does not start.',
    example: 'true',
  }),
  dataDir: setting(text('folder'), {
    name: 'METADATA_DATA_DIR',
    section,
    default: '.brownie',
    description:
      'Embedded mode: the folder of the database, relative to the working directory. Outside production it ' +
      'also keeps the generated JWT secret.',
    example: '/var/lib/brownie',
  }),
  poolSize: setting(wholeNumber({ min: 1, max: 1000 }), {
    name: 'METADATA_POSTGRES_POOL_SIZE',
    section,
    default: 20,
    description: 'Connections a replica keeps open.',
    example: '10',
  }),
  maxOverflow: setting(wholeNumber({ min: 0, max: 1000 }), {
    name: 'METADATA_POSTGRES_MAX_OVERFLOW',
    section,
    default: 30,
    description:
      'Connections a replica may open beyond those under load. Replicas × (pool size + overflow) must stay ' +
      'below the `max_connections` of the server.',
    example: '10',
  }),
  poolPrePing: setting(flag(), {
    name: 'METADATA_POSTGRES_POOL_PRE_PING',
    section,
    default: true,
    description: 'Whether an idle connection is tested before it is used.',
    example: 'false',
  }),
  poolRecycleSeconds: setting(wholeNumber({ min: 0, max: 604_800 }), {
    name: 'METADATA_POSTGRES_POOL_RECYCLE_SECONDS',
    section,
    default: 3600,
    description: 'The age at which a connection is replaced; `0` means never.',
    example: '900',
  }),
  echo: setting(flag(), {
    name: 'METADATA_POSTGRES_ECHO',
    section,
    default: false,
    description: 'Whether each SQL statement is logged, without its parameters.',
    example: 'true',
  }),
  acquireTimeoutMs: timeoutSetting(
    'METADATA_POSTGRES_ACQUIRE_TIMEOUT_MS',
    2000,
    'How long a request waits for a connection before it is answered 503; one that changes something, also for a database that takes writes.',
  ),
  statementTimeoutMs: timeoutSetting(
    'METADATA_POSTGRES_STATEMENT_TIMEOUT_MS',
    5000,
    'How long a statement may run before the server cancels it.',
  ),
  lockTimeoutMs: timeoutSetting(
    'METADATA_POSTGRES_LOCK_TIMEOUT_MS',
    2000,
    'How long a statement waits for a lock.',
  ),
  idleInTransactionTimeoutMs: timeoutSetting(
    'METADATA_POSTGRES_IDLE_IN_TRANSACTION_TIMEOUT_MS',
    10_000,
    'How long a transaction may sit idle before the server ends it.',
  ),
  queryTimeoutMs: timeoutSetting(
    'METADATA_POSTGRES_QUERY_TIMEOUT_MS',
    7000,
    'How long the service waits for an answer of a server that has gone silent, before it gives the connection ' +
      'up. Must be above the statement timeout.',
  ),
};
