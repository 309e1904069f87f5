import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { postgresProcessesOn } from './process-table.ts';
import { query } from './query.fixture.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: EmbeddedPostgres;
const start = () => startEmbeddedPostgres({ directory: folder.path, settings: { max_connections: '37' } });

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

test('a new folder holds what it should, readable by its owner alone', async () => {
  expect((await readdir(folder.path)).sort()).toEqual([
    'credentials.json',
    'postgres',
    'postgres.log',
    'supervisor.lock',
    'supervisor.pid',
  ]);
  for (const name of await readdir(folder.path)) {
    expect((await stat(join(folder.path, name))).mode & 0o077, name).toBe(0);
  }
});

test('the settings are the ones we promise', async () => {
  const promised = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    data_checksums: 'on',
    fsync: 'on',
    max_connections: '37',
    shared_buffers: '128MB',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    shared_preload_libraries: 'pg_stat_statements',
  };
  const columns = Object.keys(promised).map((name) => `current_setting('${name}') AS ${name}`);
  expect(await query(server.superuserDsn, `SELECT ${columns.join()}`)).toEqual([promised]);
  const [database] = await query(
    server.ownerDsn,
    `SELECT pg_encoding_to_char(encoding) AS encoding, datlocale AS locale, datcollate AS collate, lower('ÄÖ') AS lower
    FROM pg_database WHERE datname = current_database()`,
  );
  expect(database).toEqual({
    encoding: 'UTF8',
    locale: 'C.UTF-8',
    collate: 'C',
    lower: 'äö',
  });
});

describe('roles', () => {
  test('the owner creates tables and grants the group, and is no superuser', async () => {
    await query(server.ownerDsn, 'CREATE TABLE owned (id int); GRANT SELECT ON owned TO brownie_app');
    await query(server.ownerDsn, 'GRANT brownie_app TO brownie_service');
    for (const taken of ['CREATE ROLE reader', 'GRANT pg_execute_server_program TO brownie_owner']) {
      await expect(query(server.ownerDsn, taken)).rejects.toThrow('permission denied');
    }
    const attributes = 'rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication';
    expect(
      await query(server.ownerDsn, `SELECT ${attributes} FROM pg_roles WHERE rolname = current_user`),
    ).toEqual([
      {
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolbypassrls: false,
        rolreplication: false,
      },
    ]);
  });

  test('the service reads what the group may read, and owns and creates nothing', async () => {
    expect(await query(server.serviceDsn, 'SELECT * FROM owned')).toEqual([]);
    await expect(query(server.serviceDsn, 'CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    await expect(query(server.serviceDsn, 'CREATE TEMP TABLE mine (id int)')).rejects.toThrow(
      'permission denied',
    );
    await expect(query(server.serviceDsn, 'DROP TABLE owned')).rejects.toThrow('must be owner');
    const [attributes] = await query(
      server.serviceDsn,
      'SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls AS any FROM pg_roles WHERE rolname = current_user',
    );
    expect(attributes).toEqual({ any: false });
  });

  test('nobody gets in without the password', async () => {
    const wrong = server.serviceDsn.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });
});

test('a second start on the folder is refused and leaves the running server alone', async () => {
  await expect(start()).rejects.toThrow(
    `another process (pid ${process.pid}) already works on ${folder.path}`,
  );
  await query(server.serviceDsn, 'SELECT 1');
});

test('a stopped server is gone, and stopping twice is fine', async () => {
  await Promise.all([server.stop(), server.stop()]);
  expect(await postgresProcessesOn(join(folder.path, 'postgres'))).toEqual([]);
  await expect(query(server.serviceDsn, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
});

test('the next start is quick and keeps data, port and passwords; a half-made set-up is completed', async () => {
  const before = server;
  const since = performance.now();
  server = await start();
  expect(performance.now() - since).toBeLessThan(3000);
  expect(server.serviceDsn).toBe(before.serviceDsn);
  await query(server.serviceDsn, 'SELECT * FROM owned');

  await query(server.superuserDsn, 'DROP DATABASE brownie WITH (FORCE)');
  await query(server.superuserDsn, 'DROP ROLE brownie_service');
  await server.stop();
  server = await start();
  expect(await query(server.serviceDsn, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a taken port is replaced by another one, which is remembered', async () => {
  const { port } = server;
  await server.stop();
  const squatter = createServer();
  await new Promise<void>((listening) => squatter.listen(port, '127.0.0.1', listening));
  server = await start();
  await new Promise((closed) => squatter.close(closed));
  expect(server.port).not.toBe(port);
  expect(JSON.parse(await readFile(join(folder.path, 'credentials.json'), 'utf8'))).toMatchObject({
    port: server.port,
  });
});

test.for(['lost', 'broken'])('%s credentials are made anew without losing data', async (what) => {
  await query(server.ownerDsn, `CREATE TABLE ${what} (id int)`);
  const before = server.ownerDsn;
  await server.stop();
  const file = join(folder.path, 'credentials.json');
  await (what === 'lost' ? rm(file) : writeFile(file, '{"passwords":'));
  server = await start();
  expect(server.ownerDsn).not.toBe(before);
  expect(await query(server.ownerDsn, `SELECT * FROM ${what}`)).toEqual([]);
});

test('neither the log nor the statistics know a password or a parameter', async () => {
  const { passwords } = JSON.parse(await readFile(join(folder.path, 'credentials.json'), 'utf8'));
  await query(server.superuserDsn, 'CREATE EXTENSION pg_stat_statements');
  const statements = await query(server.superuserDsn, 'SELECT query FROM pg_stat_statements');
  const log = await readFile(join(folder.path, 'postgres.log'), 'utf8');
  for (const password of Object.values<string>(passwords)) {
    expect(log).not.toContain(password);
    expect(JSON.stringify(statements)).not.toContain(password);
  }
});

test('a start that fails says so in one line, leaves nothing running and lets go of the folder', async () => {
  await server.stop();
  const attempt = startEmbeddedPostgres({ directory: folder.path, settings: { shared_buffers: 'plenty' } });
  await expect(attempt).rejects.toBeInstanceOf(EmbeddedPostgresError);
  await expect(attempt).rejects.toThrow(
    /^PostgreSQL did not start, it ended \(exit code 1\): FATAL: .*"plenty"[^\n]*$/,
  );
  expect(await postgresProcessesOn(join(folder.path, 'postgres'))).toEqual([]);
  server = await start();
});
