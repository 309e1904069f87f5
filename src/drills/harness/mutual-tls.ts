import { appendFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { withDatabase } from '../../platform/database/dsn.ts';
import type { Variables } from '../../platform/programs/child-options.ts';
import { runBrownie } from '../../platform/programs/run-brownie.ts';
import { packageRoot } from '../../platform/system/package-root.ts';
import { type DrillDatabase, startDrillDatabase } from './drill-database.ts';

/** A database that the service reaches by its certificate alone, as deploy/postgres/ has it. */
export interface TlsDatabase extends AsyncDisposable {
  /** Holds what `brownie certs generate` made. */
  readonly certificates: string;
  /** Of the service, and of the commands that serve it. */
  readonly variables: Variables;
  /** As the superuser, in the database of the service. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]>;
}

const shipped = join(packageRoot, 'deploy/postgres/');

/** Makes certificates, starts PostgreSQL with them and migrates it. */
export async function startTlsDatabase(directory: string): Promise<TlsDatabase> {
  const certificates = join(directory, 'dev-certs');
  await runBrownie(['certs', 'generate', '--directory', certificates], { variables: {}, directory });
  const hba = join(directory, 'pg_hba.conf');
  await copyFile(join(shipped, 'pg_hba.mutual-tls.conf'), hba);
  // @NOTE for those who start the server and migrate it; the service itself has no other way in.
  await appendFile(hba, 'host all postgres,brownie_owner 127.0.0.1/32 scram-sha-256\n');
  const database = await startDrillDatabase(directory, {
    ssl: 'on',
    ssl_ca_file: join(certificates, 'ca.crt'),
    ssl_cert_file: join(certificates, 'server.crt'),
    ssl_key_file: join(certificates, 'server.key'),
    hba_file: hba,
    ident_file: join(shipped, 'pg_ident.conf'),
  });
  const query = <Row extends pg.QueryResultRow>(sql: string) => querySuperuser<Row>(database, sql);
  await query('grant execute on function pg_reload_conf() to brownie_owner');
  return {
    certificates,
    variables: {
      ...database.variables,
      METADATA_POSTGRES_DSN: mutualTlsDsn(database.port, certificates),
    },
    query,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** The DSN of a service that has no password: the very one that psql takes. */
export function mutualTlsDsn(port: number, certificates: string, host = '127.0.0.1'): string {
  const parameters = {
    sslmode: 'verify-full',
    sslrootcert: join(certificates, 'ca.crt'),
    sslcert: join(certificates, 'client.crt'),
    sslkey: join(certificates, 'client.key'),
  };
  const query = Object.entries(parameters).map(([name, path]) => `${name}=${path}`);
  return `postgresql://brownie_service@${host}:${port}/brownie?${query.join('&')}`;
}

async function querySuperuser<Row extends pg.QueryResultRow>(
  { superuserDsn }: DrillDatabase,
  sql: string,
): Promise<readonly Row[]> {
  const client = new pg.Client(withDatabase(superuserDsn, 'brownie'));
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
